/** What a client process can be asked for, and what it answers. */
import {blobsOf, type Content} from './content.ts';
import {type LimitJob, reachLimit} from './limits.ts';
import {list, type ListJob, type Listed} from './list.ts';
import {pull, type PullJob} from './pull.ts';
import {push, type PushJob} from './push.ts';
import {seed, type SeedJob} from './seed.ts';
import {type Rate, type Storm, storm} from './storm.ts';
import {wrk} from './wrk.ts';

type PrepareJob = {
  readonly kind: 'prepare';
  /** Its digests are computed, so that a push to come does not have to. */
  readonly content: Content;
};

type StormJob = {
  readonly kind: 'storm';
  readonly method: 'GET' | 'HEAD';
  readonly storm: Storm;
};

export type Job = PrepareJob | PushJob | PullJob | StormJob | ListJob | SeedJob | LimitJob;

/** What a job found out beside the time it took. */
type Findings = {
  /** Bytes in layers. */
  readonly bytes?: number;
  readonly digests?: {readonly manifest: string; readonly layer: string};
  readonly rate?: Rate;
  readonly listed?: Listed;
  readonly cpuSeconds?: number;
};

export type Done = Findings & {
  readonly seconds: number;
  /** Of the client's own processor time. */
  readonly cpuSeconds: number;
};

export type Reply = Done | {readonly failure: string};

export async function perform(job: Job): Promise<Done> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const findings = await work(job);
  const seconds = (performance.now() - started) / 1000;
  const {user, system} = process.cpuUsage(cpu);
  // A program of its own that did the work says what it used.
  return {cpuSeconds: (user + system) / 1e6, ...findings, seconds};
}

async function work(job: Job): Promise<Findings> {
  switch (job.kind) {
    case 'prepare':
      blobsOf(job.content);
      return {};
    case 'push':
      return push(job);
    case 'pull':
      return {bytes: await pull(job)};
    case 'list':
      return {listed: await list(job)};
    case 'seed':
      await seed(job);
      return {};
    case 'hash':
    case 'write':
    case 'fetch':
      return {bytes: await reachLimit(job)};
    case 'storm':
      return job.method === 'HEAD' ? {rate: await storm(job.storm)} : wrk(job.storm);
  }
}
