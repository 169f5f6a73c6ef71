/** Holdfast as a process of its own on plain HTTP, on a directory that outlives it. */
import {mkdir} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import supertest from 'supertest';
import type {InProcess, Settings} from '../support/in-process.ts';
import {startServe} from '../support/serve-process.ts';

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

export async function startProcess(
  t: ExecutionContext,
  {dataDir, settings = {}, ...around}: Around,
): Promise<ServerProcess> {
  await mkdir(dataDir, {recursive: true});
  const configFile = path.join(path.dirname(dataDir), `${path.basename(dataDir)}.yaml`);
  const config = {
    tls: {mode: 'off'},
    ...settings,
    auth: {mode: 'none', ...settings.auth},
    dataDir,
    http: {listen: ['127.0.0.1:0'], ...settings.http},
  };
  const {service, url} = await startServe(t, {...around, configFile, config});
  return {
    pid: service.pid,
    port: Number(new URL(url).port),
    dataDir,
    api: supertest(url),
    stop: async (signal) => service.stop(signal),
  };
}
