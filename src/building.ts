/** What the parts are built from, and what is repeated while they live. */
import type {Claim} from '../storage-drivers/filesystem/epoch.ts';
import type {System} from '../storage-drivers/filesystem/system.ts';
import type {DataPaths} from './config/data-directory.ts';
import type {Part} from './config/part.ts';
import type {Loaded} from './config/load.ts';
import type {Config} from './config/schema.ts';
import type {Clock} from './host/clock.ts';
import type {PassedSockets} from './host/passed-sockets.ts';
import type {Job} from './jobs/job.ts';
import {Periodic} from './jobs/periodic.ts';
import type {Logger} from './observability/log.ts';
import type {LostLines} from './observability/lost-lines.ts';
import type {Metrics} from './observability/metrics.ts';
import type {StandardOutput} from './observability/standard-output.ts';
import type {Tracing} from './observability/tracing.ts';

export interface HoldfastOptions {
  readonly log: Logger;
  /** Those that the service manager has opened; they are taken in the place of our own. */
  readonly sockets?: PassedSockets;
  /** Everything, unless set. It needs addresses of the token realm in the configuration. */
  readonly only?: Part | undefined;
  /** Where each setting comes from, for admins who ask. */
  readonly loaded?: Pick<Loaded<Config>, 'origins' | 'written' | 'file' | 'distribution'>;
  /** To which `log` goes, and what it could not take. */
  readonly output?: StandardOutput;
  /** Absent: this process is alone. */
  readonly cluster?: Membership | undefined;
  readonly lostLines?: LostLines;
  /** What a test may steer: the calls to the file system, the time of day, and the milliseconds between two runs of the housekeeping, and between two attempts to tell a receiver. */
  readonly system?: System;
  readonly now?: Clock;
  readonly jobInterval?: number;
  readonly longestPause?: number;
}

/** Of a process that is not alone on its directory. */
interface Membership {
  readonly claim: Claim;
  /** In milliseconds: how often it says that it lives. */
  readonly beatEvery: number;
  /** Another has taken over: nothing can be written any more. */
  readonly onOver: () => void;
  /** Names of the nodes that go on serving beside this one, as far as one can know. */
  readonly others: () => Promise<readonly string[]>;
  /** All is opened, and the addresses are needed now. */
  readonly beforeListening: () => Promise<void>;
}

/** What the parts are built from. */
export interface Building extends HoldfastOptions {
  readonly config: Config;
  readonly paths: DataPaths;
  readonly now: Clock;
  readonly lostLines: LostLines;
  /** Absent: no traces. */
  readonly tracing: Tracing | undefined;
  /** Closes what was opened, the last first. */
  readonly stack: AsyncDisposableStack;
}

/** In milliseconds. */
const hourly = 3_600_000;

/** Until the stack is closed. */
export function repeat(
  {log, stack, metrics, jobInterval = hourly}: Building & {readonly metrics: Metrics},
  jobs: readonly Job[],
  interval = jobInterval,
): void {
  for (const job of jobs) {
    const record = metrics.tasks.follow(job.task);
    const periodic = new Periodic({interval, ...job, log, record});
    stack.defer(async () => periodic.close());
  }
}
