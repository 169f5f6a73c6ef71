/** Debian's docker-registry: Docker Distribution 2.8, the program that Holdfast takes over from. */
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

/** Starts it on the directory `root`, with deletion switched on. */
export async function startDockerRegistry(
  t: ExecutionContext,
  root: string,
): Promise<DockerRegistry> {
  const configFile = await writeConfig(t, root);
  const service = await startService(t, 'docker-registry', ['serve', configFile], {
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

async function writeConfig(t: ExecutionContext, root: string): Promise<string> {
  const configFile = join(await temporaryDirectory(t), 'registry.yml');
  const config = {
    version: 0.1,
    log: {level: 'info'},
    storage: {filesystem: {rootdirectory: root}, delete: {enabled: true}},
    http: {addr: '127.0.0.1:0'},
  };
  await writeFile(configFile, JSON.stringify(config));
  return configFile;
}
