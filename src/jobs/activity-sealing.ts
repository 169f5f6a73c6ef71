/** Seals activities, and removes those that are too old: in one process at a time; were it in two, what one has sealed no other seals. */
import {randomUUID} from 'node:crypto';
import type {SealKeys} from '../auth/activities/seal-keys.ts';
import {advanceHead} from '../auth/activities/chain-head.ts';
import {mostInBatch, removeOldBatch, sealBatch} from '../auth/activities/seal.ts';
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {endLease, takeLease} from '../metadata/leases.ts';
import type {Log} from '../observability/log.ts';
import type {Job} from './job.ts';

interface SealingOptions {
  readonly db: Database['db'];
  /** The directory keys/. */
  readonly directory: string;
  readonly keys: SealKeys;
  /** In ms; 0: for ever. */
  readonly keepFor: number;
  readonly log: Log;
  readonly now: Clock;
}

/** Batches at one time: what was taken over may be millions of rows, and others want to write, too. */
const most = 50;
/** In ms: then another process takes over from one that was killed. */
const leasedFor = 60_000;

export function activitySealing({db, directory, keys, keepFor, log, now}: SealingOptions): Job {
  const lease = {name: 'activity-sealing', holder: randomUUID()};
  return {
    name: 'seal activities',
    task: 'activity-sealing',
    work: async (signal) => {
      const time = now().getTime();
      if (!(await takeLease(db, {...lease, now: time, until: time + leasedFor}))) return;
      try {
        await work(signal);
      } finally {
        await endLease(db, lease);
      }
    },
  };

  async function work(signal: AbortSignal): Promise<void> {
    const key = await keys.current(now());
    for (let count = 0; count < most && !signal.aborted; count += 1) {
      const seal = await sealBatch(db, {key, now: now()});
      if (!seal) break;
      // Whoever keeps the log elsewhere has an end of the chain that nobody here can change.
      log.info({seal: seal.number, rows: seal.count, hash: seal.hash}, 'activities sealed');
      if (seal.count < mostInBatch) break;
    }
    if (!(await advanceHead(db, directory))) {
      log.error({directory}, 'seals of activities are missing, or not those that were made');
    }
    if (keepFor > 0) await removeOld();
  }

  async function removeOld(): Promise<void> {
    const key = await keys.current(now());
    for (let count = 0; count < most; count += 1) {
      const at = now();
      const before = at.getTime() - keepFor;
      if (!(await removeOldBatch(db, {key, now: at, before}))) return;
      log.info({before: new Date(before).toISOString()}, 'old activities removed');
    }
  }
}
