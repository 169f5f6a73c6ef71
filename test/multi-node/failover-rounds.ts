/** Rounds in which the node that serves is killed in the middle of pushes, and the one that stands by takes over. */
import {createHash, randomInt} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import http from 'node:http';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {nodesOf, type TestNode, until as untilAnswers} from '../cluster/nodes.ts';
import {diskPath, filesBelow, keys} from '../support/disk.ts';
import {until} from '../support/raw-request.ts';
import {openProxy, type Proxy} from './active-proxy.ts';
import {attempt, eventually} from './patience.ts';
import {exchange} from './exchange.ts';
import {hostOf} from './host-of.ts';
import {LargeUpload} from './large-upload.ts';
import {SmallPushes} from './small-pushes.ts';

/** A push by a program, which is repeated once where it fails. */
export interface ProgramPush {
  readonly name: string;
  push(): Promise<void>;
  /** Of what it has pushed: throws where something is missing. */
  verify(): Promise<void>;
}

export interface Rounds {
  readonly count: number;
  /** Each node is on a host of its own, as far as a process can see: its silence tells, and not its pid. */
  readonly isElsewhere: boolean;
  /** How many push small images. */
  readonly pushers: number;
  /** In MiB, of an upload by hand in one request; another goes in chunks. */
  readonly size: number;
  /** In milliseconds: so much later than all have begun the node is killed at most. */
  readonly longestWait: number;
  /** In milliseconds: so long nobody may serve. */
  readonly longestGap: number;
  /** In place of one in memory. */
  readonly directory?: string;
  readonly prepare: (round: number, proxy: Proxy) => Promise<readonly ProgramPush[]>;
}

export interface Outcome {
  /** In milliseconds, of each round. */
  readonly gaps: readonly number[];
  readonly small: number;
  /** Uploads that went on, by where. */
  readonly resumedAt: readonly number[];
  /** Pushes by programs that had to be repeated. */
  readonly repeated: number;
}

const MiB = 1024 * 1024;

export async function playRounds(t: ExecutionContext, rounds: Rounds): Promise<Outcome> {
  const nodes = await nodesOf(
    t,
    rounds.directory === undefined ? {} : {directory: rounds.directory},
  );
  const start = async (name: string): Promise<TestNode> =>
    nodes.start(name, rounds.isElsewhere ? hostOf(name) : []);
  let [serving, waiting] = [await start('a'), await start('b')];
  const proxy = await openProxy(t, [serving.url, waiting.url]);
  const outcome = {gaps: [] as number[], small: 0, resumedAt: [] as number[], repeated: 0};
  let next = rounds.prepare(1, proxy);
  for (let round = 1; round <= rounds.count; round += 1) {
    const programs = await next;
    await until(() => proxy.active().includes(serving.url));
    t.is((await waiting.ask('/healthz/standby')).status, 200);
    const onBack = (): void => {
      if (round === rounds.count) return;
      next = rounds.prepare(round + 1, proxy);
      // Whatever else fails first is told instead.
      next.catch(() => undefined);
    };
    const played = await play(t, {rounds, round, proxy, programs, serving, place: nodes, onBack});
    outcome.gaps.push(played.gap);
    outcome.small += played.small;
    outcome.resumedAt.push(...played.resumedAt);
    outcome.repeated += played.repeated;
    t.log(
      `${serving.name} killed, back after ${Math.round(played.gap)} ms; ${played.small} small contents there; uploads went on at ${played.resumedAt.map((at) => `${Math.floor(at / MiB)} MiB`).join(', ')}; ${played.repeated} of ${programs.length} programs repeated`,
    );
    const took = /"ms":(\d+)[^\n]*this node is active/.exec(waiting.service.output())?.[1];
    t.log(`of which ${waiting.name} needed ${took ?? '?'} ms to begin`);
    const back = await start(serving.name);
    await untilAnswers(back, '/healthz/standby');
    [serving, waiting] = [waiting, back];
  }
  return outcome;
}

interface Play {
  readonly rounds: Rounds;
  readonly round: number;
  readonly proxy: Proxy;
  readonly programs: readonly ProgramPush[];
  readonly serving: TestNode;
  readonly place: {readonly dataDir: string};
  /** Called as soon as somebody serves again: what takes time may begin then. */
  readonly onBack: () => void;
}

async function play(
  t: ExecutionContext,
  {rounds, round, proxy, programs, serving, place, onBack}: Play,
): Promise<{gap: number; small: number; resumedAt: readonly number[]; repeated: number}> {
  const {url} = proxy;
  const killed = Promise.withResolvers<undefined>();
  const uploads = [
    {size: Math.min(rounds.size, 40), chunk: 8},
    {size: rounds.size, chunk: rounds.size},
  ].map(
    (plan) =>
      new LargeUpload({
        ...{...plan, url, repository: `large${round}/of${plan.chunk}`},
        waitsAt: randomInt(plan.size),
        mayGoOn: killed.promise,
      }),
  );
  const small = new SmallPushes(url);
  const pushing = Array.from({length: rounds.pushers}, async (_, index) =>
    small.push(`small${round}/r${index}`),
  );
  const uploading = uploads.map(async (upload) => upload.push());
  const copying = programs.map(async (program) => pushTwice(t, program, url));
  const all = Promise.all([...pushing, ...uploading, ...copying]);
  const failed = all.then(() => undefined);
  await Promise.race([
    eventually(() => small.count >= rounds.pushers && uploads.every(({isWaiting}) => isWaiting)),
    failed,
  ]);
  // Any moment is a good one.
  await setTimeout(randomInt(rounds.longestWait));
  const begin = performance.now();
  await serving.service.stop('SIGKILL');
  const promised = await Promise.all(uploads.map(async (each) => promisedOf(place, each)));
  killed.resolve(undefined);
  const gap = await gapSince(begin, url);
  t.true(gap < rounds.longestGap, `nobody served for ${Math.round(gap)} ms`);
  onBack();
  const before = small.count;
  await Promise.race([eventually(() => small.count >= before + rounds.pushers), failed]);
  small.end();
  await all;

  for (const [index, upload] of uploads.entries()) {
    const at = upload.resumedAt ?? 0;
    t.not(upload.resumedAt, undefined, 'it was not cut off');
    t.true(at >= (promised[index] ?? 0), `goes on at ${at}, ${promised[index] ?? 0} were kept`);
    t.is(await digestAt(url, upload.path), upload.digest);
  }
  await Promise.all(programs.map(async (program) => program.verify()));
  const repeated = (await Promise.all(copying)).filter(Boolean).length;
  const resumedAt = uploads.map((upload) => upload.resumedAt ?? 0);
  t.deepEqual(await small.findings(), []);
  return {gap, small: small.kept, resumedAt, repeated};
}

/** Whether it had to be repeated: as soon as somebody serves again. */
async function pushTwice(t: ExecutionContext, program: ProgramPush, url: string): Promise<boolean> {
  try {
    await program.push();
    return false;
  } catch (error) {
    t.log(
      `${program.name} failed, and is repeated: ${String(error).trim().split('\n').at(-1) ?? ''}`,
    );
  }
  await gapSince(performance.now(), url);
  await program.push();
  return true;
}

/** In bytes: what a finished request or a checkpoint has promised. */
async function promisedOf(
  place: {readonly dataDir: string},
  {repository, acknowledged}: LargeUpload,
): Promise<number> {
  const directory = keys.uploads(repository);
  const files = await filesBelow(place, directory);
  const texts = await Promise.all(
    files
      .filter((file) => file.endsWith('.checkpoint'))
      .map(async (file) => readFile(join(diskPath(place, directory), file), 'utf8')),
  );
  const lines = texts.flatMap((text) => text.split('\n').slice(0, -1));
  return Math.max(acknowledged, ...lines.map((line) => Number(line.split(' ')[0])));
}

async function gapSince(begin: number, url: string): Promise<number> {
  const end = begin + 60_000;
  while (performance.now() < end) {
    const answer = await attempt(async () => exchange(url, '/v2/', {timeout: 1000}));
    if (answer?.status === 200) return performance.now() - begin;
    await setTimeout(50);
  }
  return Infinity;
}

/** Of the bytes that are served. */
async function digestAt(url: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    http
      .get(new URL(path, url), {agent: false}, (response) => {
        const hash = createHash('sha256');
        response
          .on('data', (bytes: Buffer) => hash.update(bytes))
          .once('end', () => {
            resolve(`sha256:${hash.digest('hex')}`);
          })
          .once('error', reject);
      })
      .once('error', reject);
  });
}
