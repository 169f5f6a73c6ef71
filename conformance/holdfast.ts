/** The Holdfast that the suite is run against: on a fresh directory, over TLS. */
import {execFile} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {createHoldfast} from '../src/app.ts';
import {configSchema} from '../src/config/schema.ts';
import {createLog} from '../src/observability/log.ts';
import {environmentWithout} from './environment.ts';

/** `auth.mode`. */
export const modes = ['none', 'accounts'] as const;
export type Mode = (typeof modes)[number];

type Started = {
  readonly url: URL;
  readonly caFile: string;
  /** No admin; only with accounts. */
  readonly account: {readonly name: string; readonly password: string} | undefined;
  /** How many tokens the realm has given out by now, for a name and a password. */
  readonly countTokens: () => Promise<number>;
};

const execute = promisify(execFile);
const commandLine = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

/** Stops it, and removes its directory, when `use` has ended. */
export async function withHoldfast<T>(
  mode: Mode,
  use: (started: Started) => Promise<T>,
): Promise<T> {
  const dataDir = await mkdtemp(join(tmpdir(), 'holdfast-conformance-'));
  const config = configSchema.parse({
    dataDir,
    http: {listen: ['127.0.0.1:0']},
    auth: {mode},
    metrics: {listen: ['127.0.0.1:0']},
    // The first account is the admin: whoever comes after it is somebody like all others.
    ...(mode === 'accounts' ? {admin: {password: newPassword()}} : {}),
    log: {level: 'error', format: 'json'},
  });
  const holdfast = createHoldfast(config, {log: createLog(config.log)});
  try {
    const {addresses} = await holdfast.start();
    const address = (wanted: 'registry' | 'metrics'): URL => {
      const found = addresses.find(({purpose}) => purpose === wanted);
      if (found === undefined) throw new Error(`Holdfast has no address for the ${wanted}`);
      return new URL(found.url);
    };
    const metrics = new URL('/metrics', address('metrics'));
    return await use({
      url: address('registry'),
      countTokens: async () => countIn(await (await fetch(metrics)).text()),
      caFile: join(dataDir, 'certs/ca.crt'),
      account: mode === 'accounts' ? await createAccount(dataDir, 'anna') : undefined,
    });
  } finally {
    await holdfast.stop();
    await rm(dataDir, {recursive: true, force: true});
  }
}

/** Tokens given out for a name and a password. */
function countIn(metrics: string): number {
  const line = /^holdfast_token_requests_total\{proof="password",outcome="issued"\} (\d+)$/m;
  return Number(line.exec(metrics)?.[1] ?? 0);
}

/** By the command line, through the running server. */
async function createAccount(dataDir: string, name: string): Promise<Started['account']> {
  const password = newPassword();
  const words = ['user', 'create', name, '--password-stdin', '--data-dir', dataDir];
  const created = execute(process.execPath, [commandLine, ...words], {
    cwd: dataDir,
    env: environmentWithout('HOLDFAST_'),
  });
  created.child.stdin?.end(password);
  await created;
  return {name, password};
}

function newPassword(): string {
  return randomBytes(16).toString('hex');
}
