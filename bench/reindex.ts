/**
 * How fast an index is made of a directory that another registry has filled, and what that costs those who pull meanwhile:
 * `node bench/reindex.ts [MANIFESTS] [ROUNDS]`, by default 50,000, three times.
 */
import {mkdir, mkdtemp, rm} from 'node:fs/promises';
import {Agent, get} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {json} from 'node:stream/consumers';
import {setTimeout as pause} from 'node:timers/promises';
import {manifestType} from './client/manifest.ts';
import {usageOf} from './meter.ts';
import {startOwnServer} from './own-server.ts';
import {median, percentile} from './statistics.ts';
import {imageOf, type Piece, piece} from './trees/content.ts';
import {layOut} from './trees/lay-out.ts';
import type {Repository} from './trees/repository.ts';

const [manifests = 50_000, rounds = 3] = process.argv.slice(2).map(Number);
const perRepository = 20;

const nameOf = (at: number): string => `team-${at % 100}/app-${at}`;
const layer = (text: string): Piece => piece(`a layer: ${text}\n`);

/** Images of a configuration, two layers of a base that many share, and one of their own. */
function* images(): Generator<Repository> {
  for (let at = 0; at < manifests; at += 1) {
    const config = piece(
      JSON.stringify({
        architecture: 'amd64',
        os: 'linux',
        created: '2026-01-02T03:04:05Z',
        config: {Env: ['PATH=/bin'], Labels: {'org.example.number': String(at), team: 'x'}},
        history: Array.from({length: 10}, (_, step) => ({created_by: `RUN step ${step} of ${at}`})),
        rootfs: {type: 'layers', diff_ids: []},
      }),
    );
    const blobs = [config, layer(`base ${at % 50}`), layer(`runtime ${at % 200}`), layer(`${at}`)];
    yield {
      name: nameOf(Math.floor(at / perRepository)),
      blobs,
      manifest: imageOf(blobs),
      mediaType: manifestType,
      tags: [`v${at % perRepository}`],
    };
  }
}

const agent = new Agent({keepAlive: true, maxSockets: 8});

async function ask(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    get(url, {agent}, (answer) => {
      json(answer).then(resolve, reject);
    }).once('error', reject);
  });
}

interface Ready {
  readonly checks: readonly {readonly name: string; readonly message: string}[];
}

async function isComplete(url: string): Promise<boolean> {
  const {checks} = (await ask(`${url}/readyz`)) as Ready;
  return checks.some(({name, message}) => name === 'index' && message.startsWith('complete'));
}

/** In milliseconds, until `isOver`. */
async function pulls(url: string, isOver: () => boolean): Promise<readonly number[]> {
  const times: number[] = [];
  const one = async (): Promise<void> => {
    while (!isOver()) {
      const at = Math.floor(Math.random() * manifests);
      const name = nameOf(Math.floor(at / perRepository));
      const began = performance.now();
      await ask(`${url}/v2/${name}/manifests/v${at % perRepository}`);
      times.push(performance.now() - began);
      // A few hundred a second, as a busy registry has them; more would measure who gets the cores.
      await pause(10);
    }
  };
  await Promise.all([one(), one(), one(), one()]);
  return times.sort((first, second) => first - second);
}

const directory = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));

/** Of one run: manifests a second, MiB at most, and the 99th percentiles of pulls during it and after it. */
async function measure(withPulls: boolean): Promise<readonly number[]> {
  await rm(path.join(directory, 'data/database'), {recursive: true, force: true});
  const server = await startOwnServer(directory);
  const {url} = server;
  const began = performance.now();
  let isOver = false;
  const pulling = withPulls ? pulls(url, () => isOver) : undefined;
  while (!(await isComplete(url))) await pause(100);
  const seconds = (performance.now() - began) / 1000;
  isOver = true;
  const during = await pulling;
  const {peakBytes = NaN} = await usageOf(server.pid);
  const end = performance.now() + 5000;
  const after = withPulls ? await pulls(url, () => performance.now() > end) : [];
  await server.stop();
  const [slowest, usual] = [percentile(during ?? [], 0.99), percentile(after, 0.99)];
  return [manifests / seconds, peakBytes / 1024 ** 2, slowest, usual];
}

try {
  await mkdir(path.join(directory, 'data/registry'), {recursive: true});
  await layOut(path.join(directory, 'data/registry'), 'distribution', images());
  const table = async (withPulls: boolean): Promise<void> => {
    const found: (readonly number[])[] = [];
    for (let round = 0; round < rounds; round += 1) found.push(await measure(withPulls));
    const of = (at: number): string => median(found.map((row) => row[at] ?? NaN)).toFixed(1);
    process.stdout.write(
      withPulls
        ? `with pulls: ${of(0)} manifests/s, peak ${of(1)} MiB; pulls p99 ${of(2)} ms during it, ${of(3)} ms after it\n`
        : `alone: ${of(0)} manifests/s, peak ${of(1)} MiB\n`,
    );
  };
  process.stdout.write(`${manifests} manifests, medians of ${rounds} runs\n`);
  await table(false);
  await table(true);
} finally {
  agent.destroy();
  await rm(directory, {recursive: true});
}
