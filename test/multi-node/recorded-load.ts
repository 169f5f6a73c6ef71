/** One load on a server whose disk is recorded: it is killed in the middle, and another goes on. */
import {statSync} from 'node:fs';
import {mkdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import type {Lifetime} from '../support/lifetime.ts';
import {startServe} from '../support/serve-process.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {Ledger} from './ledger.ts';
import {pushRounds} from './pushing.ts';
import {readRecord, type Recorded} from './record.ts';
import {makeRecorder} from './recorder.ts';
import {serverConfig} from './server-config.ts';

export interface RecordedLoad {
  readonly dataDir: string;
  readonly record: readonly Recorded[];
  readonly ledger: Ledger;
}

/** A multiple of three: what a round deletes was pushed since the kill. */
const afterKill = 30;

/** `rounds`: before the kill and after it. */
export async function recordLoad(
  life: Lifetime,
  {pushers, rounds}: {readonly pushers: number; readonly rounds: number},
): Promise<RecordedLoad> {
  const directory = await memoryDirectory(life);
  const dataDir = path.join(directory, 'data');
  await mkdir(dataDir);
  const {log, environment, kill} = await makeRecorder(life, dataDir);
  const ledger = new Ledger(() => statSync(log, {throwIfNoEntry: false})?.size ?? 0);
  const configFile = path.join(directory, 'holdfast.yaml');
  const start = async () =>
    startServe(life, {configFile, config: serverConfig(dataDir), env: environment});
  const names = Array.from({length: pushers}, (_, at) => `r${at}`);
  const push = (url: string, from: number, onAnswer: () => void) =>
    names.map(async (name, at) => {
      const neighbour = names[(at + 1) % pushers] ?? '';
      const port = Number(new URL(url).port);
      await pushRounds({
        port,
        ledger,
        name,
        neighbour,
        rounds: {from, to: from + rounds},
        onAnswer,
      });
    });

  const first = await start();
  const enough = Promise.withResolvers<undefined>();
  let answers = 0;
  const before = push(first.url, 0, () => {
    answers += 1;
    // In the last round but one.
    if (answers === pushers * (rounds - 1) * 20) enough.resolve(undefined);
  });
  await Promise.race([enough.promise, Promise.all(before)]);
  await kill(first.service);
  for (const result of await Promise.allSettled(before)) {
    if (result.status === 'fulfilled') continue;
    const code =
      result.reason instanceof Error && 'code' in result.reason
        ? String(result.reason.code)
        : String(result.reason);
    // It ends by the death of the server alone.
    if (!/\b(ECONNRESET|ECONNREFUSED|EPIPE)\b/.test(code)) throw result.reason;
  }
  const second = await start();
  await Promise.all(push(second.url, afterKill, () => undefined));
  await second.service.stop();
  return {dataDir, record: readRecord(await readFile(log)), ledger};
}
