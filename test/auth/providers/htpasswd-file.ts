/** htpasswd files for tests. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {hash} from 'bcryptjs';
import {BcryptThread} from '../../../src/auth/bcrypt-thread.ts';
import type {PasswordProvider} from '../../../src/auth/ports.ts';
import {openHtpasswd} from '../../../src/auth/providers/htpasswd.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {type KeptLog, keptLog} from '../workbench.ts';

/** The cost that htpasswd -B has by itself. */
const usualCost = 5;

/** As htpasswd -B writes it. */
export async function line(name: string, password: string, cost = usualCost): Promise<string> {
  return `${name}:${(await hash(password, cost)).replace(/^\$2b/, '$2y')}`;
}

export interface Htpasswd extends KeptLog {
  readonly provider: PasswordProvider;
  readonly path: string;
  readonly write: (...lines: readonly string[]) => Promise<void>;
  /** Resolves with the next change that the provider tells. */
  readonly changed: () => Promise<void>;
}

interface Options {
  readonly pollInterval?: number;
  readonly now?: () => number;
}

/** Nobody looks at the file but logins, unless an interval is given. */
export async function htpasswd(
  t: ExecutionContext,
  lines: readonly string[],
  {pollInterval = 0, ...options}: Options = {},
): Promise<Htpasswd> {
  const path = join(await temporaryDirectory(t), 'htpasswd');
  const write = (...written: readonly string[]): Promise<void> =>
    writeFile(path, written.map((one) => `${one}\n`).join(''));
  await write(...lines);
  const kept = keptLog();
  let waiting = Promise.withResolvers<undefined>();
  const bcrypt = new BcryptThread();
  t.teardown(() => bcrypt.close());
  const provider = await openHtpasswd({
    path,
    bcrypt,
    log: kept.log,
    pollInterval,
    ...options,
    onChange() {
      waiting.resolve(undefined);
      waiting = Promise.withResolvers();
    },
  });
  t.teardown(() => provider.close());
  return {
    ...kept,
    provider,
    path,
    write,
    async changed() {
      await waiting.promise;
    },
  };
}
