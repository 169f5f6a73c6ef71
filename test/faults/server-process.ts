/** Holdfast as a process of its own on plain HTTP, on a directory that outlives it. */
import {mkdir, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';
import supertest from 'supertest';
import type {InProcess, Settings} from '../support/in-process.ts';
import {requireNoSecrets} from '../support/secrets.ts';
import {startService} from '../support/service.ts';

export interface ServerProcess extends Pick<InProcess, 'port' | 'dataDir' | 'api'> {
  readonly pid: number;
  /** SIGTERM unless given; resolves when it is gone. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
}

interface Around {
  readonly dataDir: string;
  readonly settings?: Settings;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command: what limits or deceives the process. */
  readonly prefix?: readonly string[];
}

const entry = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export async function startProcess(
  t: ExecutionContext,
  {dataDir, settings = {}, env = {}, prefix = []}: Around,
): Promise<ServerProcess> {
  await mkdir(dataDir, {recursive: true});
  const config = path.join(path.dirname(dataDir), `${path.basename(dataDir)}.yaml`);
  const all = {
    tls: {mode: 'off'},
    ...settings,
    auth: {mode: 'none', ...settings.auth},
    dataDir,
    http: {listen: ['127.0.0.1:0'], ...settings.http},
  };
  await writeFile(config, JSON.stringify(all));
  const words = [...prefix, process.execPath, entry, 'serve', '--config', config];
  const service = await startService(t, words[0] ?? '', words.slice(1), {
    env,
    ready: /listens on (?<url>https?:\/\/\S+)/,
    judge: requireNoSecrets,
  });
  const url = service.match?.groups?.['url'] ?? '';
  return {
    pid: service.pid,
    port: Number(new URL(url).port),
    dataDir,
    api: supertest(url),
    stop: async (signal) => service.stop(signal),
  };
}
