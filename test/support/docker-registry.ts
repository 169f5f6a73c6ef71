/** Debian's docker-registry: Docker Distribution 2.8, the program that Holdfast takes over from, and Distribution 3. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from './command.ts';
import {startService} from './service.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export type DockerRegistry = {
  /** http://127.0.0.1:40123 */
  readonly url: string;
  readonly host: string;
  stop(): Promise<void>;
};

/** Its realm is elsewhere. */
export type TokenAuth = {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM file with the certificates that it trusts. */
  readonly rootcertbundle: string;
};

type Options = {
  readonly auth?: TokenAuth;
  /** `registry` is Distribution 3. */
  readonly program?: 'docker-registry' | 'registry';
};

/** Starts it on the directory `root`, with deletion switched on. */
export async function startDockerRegistry(
  t: ExecutionContext,
  root: string,
  {auth, program = 'docker-registry'}: Options = {},
): Promise<DockerRegistry> {
  const configFile = await writeConfig(t, root, auth);
  const service = await startService(t, program, ['serve', configFile], {
    env: {OTEL_TRACES_EXPORTER: 'none'},
    ready: /listening on (?<host>[\d.]+:\d+)/,
  });
  const host = service.match?.groups?.['host'] ?? '';
  return {url: `http://${host}`, host, stop: () => service.stop()};
}

/** What its garbage collection would do to the directory `root`, as it prints it. */
export async function dryGarbageCollect(t: ExecutionContext, root: string): Promise<string> {
  const configFile = await writeConfig(t, root);
  const args = ['garbage-collect', '--dry-run', configFile];
  return (await run('docker-registry', args)).stdout;
}

async function writeConfig(t: ExecutionContext, root: string, auth?: TokenAuth): Promise<string> {
  const configFile = join(await temporaryDirectory(t), 'registry.yml');
  const config = {
    version: 0.1,
    log: {level: 'info'},
    storage: {filesystem: {rootdirectory: root}, delete: {enabled: true}},
    http: {addr: '127.0.0.1:0'},
    ...(auth ? {auth: {token: auth}} : {}),
  };
  await writeFile(configFile, JSON.stringify(config));
  return configFile;
}
