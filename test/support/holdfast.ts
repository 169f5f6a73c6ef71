/** Holdfast as its users start it: a process of its own, with a directory and a certificate of its own. */
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run, tail} from './command.ts';
import type {Settings} from './in-process.ts';
import type {Lifetime} from './lifetime.ts';
import {makeCertDir, type Registry} from './registry.ts';
import {entry, startServe, withoutSettings} from './serve-process.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export type HoldfastOptions = {
  /** The address to listen on, with a free port; loopback unless set. */
  readonly address?: string;
  /** Where the content lies; in the fresh data directory unless set. */
  readonly storageRoot?: string;
  /** As they stand in holdfast.yaml. Without accounts, unless they say otherwise. */
  readonly settings?: Pick<Settings, 'auth' | 'token' | 'namespaces' | 'notifications'>;
  /** Added to the environment of the server. */
  readonly env?: Readonly<Record<string, string>>;
};

export type Holdfast = Registry & {
  /** `user create anna`, of the command line, through the server; answers with its trimmed standard output. */
  readonly command: (words: string, input?: string) => Promise<string>;
  /** Everything that the server has said so far. */
  readonly output: () => string;
};

/** Starts `holdfast serve` on an empty data directory, over TLS with the CA that it makes itself. */
export async function startHoldfast(
  life: Lifetime & Partial<Pick<ExecutionContext, 'passed'>>,
  {address = '127.0.0.1', storageRoot, settings, env}: HoldfastOptions = {},
): Promise<Holdfast> {
  const directory = await temporaryDirectory(life);
  const dataDir = join(directory, 'data');
  const configFile = join(directory, 'holdfast.yaml');
  const config = {
    dataDir,
    auth: {mode: 'none', openToNetwork: true},
    http: {listen: [`${address}:0`]},
    tls: {names: [address]},
    ...(storageRoot === undefined ? {} : {storage: {root: storageRoot}}),
    ...settings,
  };
  const {service, url} = await startServe(life, {configFile, config, ...(env && {env})});
  life.teardown(() => {
    if (life.passed === false) life.log(tail(service.output()));
  });
  const caFile = join(dataDir, 'certs/ca.crt');
  return {
    url,
    host: new URL(url).host,
    caFile,
    certDir: await makeCertDir(directory, caFile),
    stop: () => service.stop(),
    output: () => service.output(),
    command: async (line, input) => {
      const args = [entry, ...line.split(' '), '--config', configFile];
      const {stdout} = await run(process.execPath, args, {
        env: withoutSettings,
        ...(input === undefined ? {} : {input}),
      });
      return stdout.trim();
    },
  };
}
