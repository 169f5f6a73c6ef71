/** `holdfast serve` as a process of its own, with the configuration that a test gives and no other setting. */
import {writeFile} from 'node:fs/promises';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {Lifetime} from './lifetime.ts';
import {requireNoSecrets} from './secrets.ts';
import {type Service, startService} from './service.ts';

/** Of the command line, as it is built: ava.config.js has that done before the first test. */
export const entry = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

/** What comes before a program of the tests' own, so that its modules are found as quickly as theirs. */
export const quickly = `--import=${new URL('../loading.js', import.meta.url).href}`;

/** Takes out every setting that this process has in its environment, be it by accident. */
export const withoutSettings = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('HOLDFAST_'))
    .map((name) => [name, undefined]),
);

interface ServeOptions {
  /** Written there; as holdfast.yaml has it. */
  readonly configFile: string;
  readonly config: object;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command: what limits or deceives the process. */
  readonly prefix?: readonly string[];
  /** In place of the one that is built. */
  readonly program?: string;
}

export interface Serving {
  readonly service: Service;
  /** Where it listens first. */
  readonly url: string;
}

/** Ends with the test, which fails where it has written a secret. */
export async function startServe(
  life: Lifetime,
  {configFile, config, env, prefix = [], program = entry}: ServeOptions,
): Promise<Serving> {
  await writeFile(configFile, JSON.stringify(config));
  const args = [program, 'serve', '--config', configFile];
  const command = [...prefix, process.execPath, ...args];
  const service = await startService(life, command[0] ?? '', command.slice(1), {
    cwd: dirname(configFile),
    env: {...withoutSettings, ...env},
    ready: /listens on (?<url>https?:\/\/\S+)/,
    judge: requireNoSecrets,
  });
  return {service, url: service.match?.groups?.['url'] ?? ''};
}
