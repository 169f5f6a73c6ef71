/** Forgets what has happened, and what became of telling it, after a while. */
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {deleteDeliveries} from '../metadata/events/deliveries.ts';
import {deleteEvents} from '../metadata/events/log.ts';
import type {Job} from './job.ts';

/** Rows that go at once: others wait meanwhile. */
const atOnce = 500;

interface ExpiryOptions {
  readonly db: Database['db'];
  /** In ms. */
  readonly keepFor: number;
  readonly now: Clock;
}

export function notificationExpiry({db, keepFor, now}: ExpiryOptions): Job {
  return {
    name: 'forget old events',
    task: 'event-expiry',
    work: async (signal) => {
      const old = {before: now().getTime() - keepFor, limit: atOnce};
      for (const remove of [deleteDeliveries, deleteEvents]) {
        while (!signal.aborted && (await remove(db, old)) === atOnce);
      }
    },
  };
}
