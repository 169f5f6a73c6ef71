/**
 * How fast an index is made of a directory that another registry has filled, and what that costs those who pull meanwhile:
 * `node bench/reindex.ts [MANIFESTS] [ROUNDS]`, by default 50,000, three times.
 */
import {execFile} from 'node:child_process';
import {mkdir, mkdtemp, rename, rm} from 'node:fs/promises';
import {Agent, get} from 'node:http';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {json} from 'node:stream/consumers';
import {setTimeout as pause} from 'node:timers/promises';
import {promisify} from 'node:util';
import {manifestType} from './client/manifest.ts';
import {usageOf} from './meter.ts';
import {startOwnServer} from './own-server.ts';
import {median, percentile} from './statistics.ts';
import type {Server} from './targets/target.ts';
import {imageOf, type Piece, piece} from './trees/content.ts';
import {layOut} from './trees/lay-out.ts';
import type {Repository} from './trees/repository.ts';

const [manifests = 50_000, rounds = 3] = process.argv.slice(2).map(Number);
const perRepository = 20;

const teams = 100;
const nameOf = (at: number): string => `team-${at % teams}/app-${at}`;
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

/** Of images in the first half of the teams; in milliseconds, sorted, until `isOver`. */
async function pulls(url: string, isOver: () => boolean): Promise<readonly number[]> {
  const times: number[] = [];
  const one = async (): Promise<void> => {
    while (!isOver()) {
      const team = Math.floor(Math.random() * (teams / 2));
      const row = Math.floor((Math.random() * manifests) / perRepository / teams);
      const name = nameOf(row * teams + team);
      const began = performance.now();
      await ask(`${url}/v2/${name}/manifests/v${Math.floor(Math.random() * perRepository)}`);
      times.push(performance.now() - began);
      // A few hundred a second, as a busy registry has them; more would measure who gets the cores.
      await pause(10);
    }
  };
  await Promise.all([one(), one(), one(), one()]);
  return times.sort((first, second) => first - second);
}

const home = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
const root = path.join(home, 'data/registry');
const repositories = path.join(root, 'docker/registry/v2/repositories');
const aside = path.join(home, 'aside');

async function moveSecondHalf(from: string, to: string): Promise<void> {
  for (let team = teams / 2; team < teams; team += 1) {
    await rename(path.join(from, `team-${team}`), path.join(to, `team-${team}`));
  }
}

async function startAnew(): Promise<Server> {
  await rm(path.join(home, 'data/database'), {recursive: true, force: true});
  return startOwnServer(home);
}

async function waitUntilComplete(url: string): Promise<void> {
  while (!(await isComplete(url))) await pause(100);
}

/** Of one run: manifests a second, and MiB at most. */
async function alone(): Promise<readonly number[]> {
  const server = await startAnew();
  const began = performance.now();
  await waitUntilComplete(server.url);
  const seconds = (performance.now() - began) / 1000;
  const {peakBytes = NaN} = await usageOf(server.pid);
  await server.stop();
  return [manifests / seconds, peakBytes / 1024 ** 2];
}

/** The other half comes while the first is pulled, from a server that has warmed up: p99 before and meanwhile, and manifests a second. */
async function besidePulls(): Promise<readonly number[]> {
  await moveSecondHalf(repositories, aside);
  const server = await startAnew();
  const {url} = server;
  const pullFor = async (seconds: number) => {
    const end = performance.now() + 1000 * seconds;
    return pulls(url, () => performance.now() > end);
  };
  await waitUntilComplete(url);
  await pullFor(4);
  const usual = await pullFor(5);
  await moveSecondHalf(aside, repositories);
  let isOver = false;
  const pulling = pulls(url, () => isOver);
  const began = performance.now();
  await promisify(execFile)(process.execPath, [
    ...[path.join(import.meta.dirname, '../bin/holdfast.js'), 'reindex'],
    ...['--data-dir', path.join(home, 'data')],
  ]);
  const seconds = (performance.now() - began) / 1000;
  isOver = true;
  const meanwhile = await pulling;
  await server.stop();
  return [percentile(usual, 0.99), percentile(meanwhile, 0.99), manifests / 2 / seconds];
}

async function medians(measure: () => Promise<readonly number[]>): Promise<readonly string[]> {
  const found: (readonly number[])[] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await measure());
  return (found[0] ?? []).map((_, at) => median(found.map((row) => row[at] ?? NaN)).toFixed(1));
}

try {
  await mkdir(root, {recursive: true});
  await mkdir(aside);
  await layOut(root, 'distribution', images());
  process.stdout.write(`${manifests} manifests, medians of ${rounds} runs\n`);
  const [rate, peak] = await medians(alone);
  process.stdout.write(`alone: ${rate} manifests/s, peak ${peak} MiB\n`);
  const [before, during, slowly] = await medians(besidePulls);
  process.stdout.write(
    `pulls: p99 ${before} ms before, ${during} ms meanwhile, at ${slowly} manifests/s\n`,
  );
} finally {
  agent.destroy();
  await rm(home, {recursive: true});
}
