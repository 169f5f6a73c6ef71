/** Debian's docker-registry: Docker Distribution 2.8, the program that Holdfast takes over from, and Distribution 3. */
import {createHash, randomBytes} from 'node:crypto';
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
  /** Everything it wrote so far. */
  output(): string;
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
  return startConfigured(t, program, configOf(root, auth));
}

/** Starts it with this configuration, which has it listen on a port of 127.0.0.1 that is free. */
export async function startConfigured(
  t: ExecutionContext,
  program: string,
  config: object,
): Promise<DockerRegistry> {
  const configFile = await writeConfig(t, config);
  const service = await startService(t, program, ['serve', configFile], {
    env: {OTEL_TRACES_EXPORTER: 'none'},
    ready: /listening on (?<host>[\d.]+:\d+)/,
  });
  const host = service.match?.groups?.['host'] ?? '';
  return {
    url: `http://${host}`,
    host,
    output: () => service.output(),
    stop: () => service.stop(),
  };
}

/** What its garbage collection would do to the directory `root`, as it prints it. */
export async function dryGarbageCollect(t: ExecutionContext, root: string): Promise<string> {
  const configFile = await writeConfig(t, configOf(root));
  const args = ['garbage-collect', '--dry-run', configFile];
  return (await run('docker-registry', args)).stdout;
}

const configOf = (root: string, auth?: TokenAuth) => ({
  version: 0.1,
  log: {level: 'info'},
  storage: {filesystem: {rootdirectory: root}, delete: {enabled: true}},
  http: {addr: '127.0.0.1:0'},
  ...(auth ? {auth: {token: auth}} : {}),
});

async function writeConfig(t: ExecutionContext, config: object): Promise<string> {
  const configFile = join(await temporaryDirectory(t), 'registry.yml');
  await writeFile(configFile, JSON.stringify(config));
  return configFile;
}

/** With a token, to any registry; answers with the status that decides. */
export async function pushBlob(
  registry: Pick<DockerRegistry, 'url'>,
  name: string,
  token: string,
): Promise<number> {
  const headers = {authorization: `Bearer ${token}`};
  const uploads = `${registry.url}/v2/${name}/blobs/uploads/`;
  const begun = await fetch(uploads, {method: 'POST', headers});
  if (begun.status !== 202) return begun.status;
  const body = randomBytes(100);
  const place = new URL(begun.headers.get('location') ?? '', registry.url);
  place.searchParams.set('digest', `sha256:${createHash('sha256').update(body).digest('hex')}`);
  return (await fetch(place, {method: 'PUT', headers, body})).status;
}
