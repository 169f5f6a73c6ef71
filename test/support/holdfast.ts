/** Holdfast as its users start it: a process of its own, with a directory and a certificate of its own. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import {tail} from './command.ts';
import {makeCertDir, type Registry} from './registry.ts';
import {requireNoSecrets} from './secrets.ts';
import {startService} from './service.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export type HoldfastOptions = {
  /** The address to listen on, with a free port; loopback unless set. */
  readonly address?: string;
  /** Where the content lies; in the fresh data directory unless set. */
  readonly storageRoot?: string;
};

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Takes out every setting that this process has in its environment, be it by accident. */
const withoutSettings = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => name.startsWith('HOLDFAST_'))
    .map((name) => [name, undefined]),
);

/** Starts `holdfast serve` on an empty data directory, over TLS with the CA that it makes itself. */
export async function startHoldfast(
  t: ExecutionContext,
  {address = '127.0.0.1', storageRoot}: HoldfastOptions = {},
): Promise<Registry> {
  const directory = await temporaryDirectory(t);
  const dataDir = join(directory, 'data');
  const configFile = join(directory, 'holdfast.yaml');
  const config = {
    dataDir,
    auth: {mode: 'none', openToNetwork: true},
    http: {listen: [`${address}:0`]},
    tls: {names: [address]},
    ...(storageRoot === undefined ? {} : {storage: {root: storageRoot}}),
  };
  await writeFile(configFile, JSON.stringify(config));
  const words = [entry, 'serve', '--config', configFile];
  const service = await startService(t, process.execPath, words, {
    cwd: directory,
    env: withoutSettings,
    ready: /listens on (?<url>https:\/\/\S+)/,
    judge: requireNoSecrets,
  });
  t.teardown(() => {
    if (!t.passed) t.log(tail(service.output()));
  });
  const url = service.match?.groups?.['url'] ?? '';
  const caFile = join(dataDir, 'certs/ca.crt');
  return {
    url,
    host: new URL(url).host,
    caFile,
    certDir: await makeCertDir(directory, caFile),
    stop: () => service.stop(),
  };
}
