/** Of several nodes one does the housekeeping: whoever holds the lease, which ends by itself. */
import {randomUUID} from 'node:crypto';
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {endLease, takeLease} from '../metadata/leases.ts';
import type {Job} from './job.ts';

/** In ms. A node that is gone is followed by another after so long. */
const leasedFor = 15_000;

const name = 'housekeeping';

export class Leadership {
  readonly #db: Database['db'];
  readonly #now: Clock;
  readonly #holder = randomUUID();
  readonly #timer: NodeJS.Timeout;
  #until = 0;
  #asking: Promise<boolean> | undefined;

  constructor(db: Database['db'], now: Clock) {
    this.#db = db;
    this.#now = now;
    // What is under way goes on for as long as it takes.
    this.#timer = setInterval(() => {
      if (this.#until > 0) this.isOurs().catch(() => undefined);
    }, leasedFor / 3).unref();
  }

  /** Whether this node is the one, from now on. Rejects as the database does. */
  async isOurs(): Promise<boolean> {
    const time = this.#now().getTime();
    if (time < this.#until - leasedFor / 2) return true;
    this.#asking ??= this.#ask(time).finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#until > 0) await endLease(this.#db, {name, holder: this.#holder});
  }

  async #ask(now: number): Promise<boolean> {
    const until = now + leasedFor;
    const isOurs = await takeLease(this.#db, {name, holder: this.#holder, now, until});
    this.#until = isOurs ? until : 0;
    return isOurs;
  }
}

/** `leadership` absent: there is one node alone. */
export const byLeader = (leadership: Leadership | undefined, job: Job): Job =>
  leadership
    ? {
        ...job,
        work: async (signal) => {
          if (await leadership.isOurs()) await job.work(signal);
        },
      }
    : job;
