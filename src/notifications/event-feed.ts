/** Reads new events once for all who follow them: at once where this process has written them, and every two seconds where another one may have. */
import type {Database} from '../metadata/database.ts';
import type {Event, EventAction} from '../metadata/events/event.ts';
import {listEvents, readPosition} from '../metadata/events/log.ts';
import type {Log} from '../observability/log.ts';

/** In milliseconds; nobody looks while nobody follows. */
const interval = 2000;
/** Events that are kept here for those who are a little behind; who is further behind reads the log. */
const mostKept = 500;
const mostAtOnce = 200;

interface EventFeedOptions {
  readonly db: Database['db'];
  readonly log: Log;
}

/** One who follows; each has a place of his own in the log. */
export interface Following {
  /** The last event that is known. */
  position(): number;
  /** Those after that one; `lost`: it is not in this log, or what came after it is not kept any more. */
  after(seq: number, limit: number): Promise<readonly Event[] | 'lost'>;
  /** Until the last event is another one, the signal aborts, or the milliseconds are over. */
  wait(seq: number, patience: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

export class EventFeed {
  readonly #options: EventFeedOptions;
  readonly #closing = new AbortController();
  /** What those want who follow. */
  readonly #followers = new Set<ReadonlySet<EventAction>>();
  readonly #waiting = new Set<() => void>();
  /** Without gaps, up to `#last`. */
  #recent: readonly Event[] = [];
  #last: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  #isFailing = false;

  constructor(options: EventFeedOptions) {
    this.#options = options;
  }

  /** Aborts when nobody is served any more. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /** `wanted`: what is to be written down for him, though nobody else wants to know. Rejects where the database can't be read. */
  async follow(wanted: ReadonlySet<EventAction>): Promise<Following> {
    // Two may want the same.
    const follower = new Set(wanted);
    if (this.#followers.size === 0) this.#begin();
    this.#followers.add(follower);
    const close = (): void => {
      this.#followers.delete(follower);
      if (this.#followers.size === 0) clearInterval(this.#timer);
    };
    try {
      await this.#fresh();
    } catch (error) {
      close();
      throw error;
    }
    return {
      position: () => this.#last ?? 0,
      after: async (seq, limit) => this.#after(seq, limit),
      wait: async (seq, patience, signal) => this.#wait(seq, patience, signal),
      close,
    };
  }

  wants({action}: {readonly action: EventAction}): boolean {
    return this.#followers.values().some((wanted) => wanted.has(action));
  }

  /** This process has written some. */
  wake(): void {
    if (this.#followers.size === 0 || this.#closing.signal.aborted) return;
    this.#fresh().catch((error: unknown) => {
      // One line for a fault that lasts.
      if (!this.#isFailing) this.#options.log.error({err: error}, 'events can not be read');
      this.#isFailing = true;
    });
  }

  close(): void {
    this.#closing.abort();
    clearInterval(this.#timer);
  }

  #begin(): void {
    // What came while nobody was here need not be read.
    this.#last = undefined;
    this.#timer = setInterval(() => {
      this.wake();
    }, interval).unref();
  }

  /** What was written before the call is known when it resolves. */
  #fresh(): Promise<void> {
    if (!this.#looking) return this.#look();
    return (this.#again ??= this.#looking
      .catch(() => undefined)
      .then(async () => {
        this.#again = undefined;
        return this.#looking ?? this.#look();
      }));
  }

  #look(): Promise<void> {
    this.#looking = this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    const {db} = this.#options;
    const written = await readPosition(db, 'written');
    const before = this.#last;
    // A database that was put back has fewer.
    if (this.#last === undefined || written < this.#last) this.#jump(written);
    for (let last = this.#last ?? written; last < written;) {
      const events = await listEvents(db, {after: last, limit: mostAtOnce});
      last = events.at(-1)?.seq ?? written;
      if (isWhole(events, (this.#last ?? 0) + 1)) {
        this.#recent = [...this.#recent, ...events].slice(-mostKept);
        this.#last = last;
      } else this.#jump(last);
    }
    this.#isFailing = false;
    if (before !== this.#last) for (const go of [...this.#waiting]) go();
  }

  #jump(to: number): void {
    this.#recent = [];
    this.#last = to;
  }

  async #after(seq: number, limit: number): Promise<readonly Event[] | 'lost'> {
    const last = this.#last ?? 0;
    if (seq > last) return 'lost';
    if (seq === last) return [];
    const oldest = this.#recent[0]?.seq ?? Infinity;
    if (oldest <= seq + 1) {
      const from = seq + 1 - oldest;
      return this.#recent.slice(from, from + limit);
    }
    const events = await listEvents(this.#options.db, {after: seq, limit});
    return isWhole(events, seq + 1) ? events.filter((event) => event.seq <= last) : 'lost';
  }

  async #wait(seq: number, patience: number, signal: AbortSignal): Promise<void> {
    if (this.#last !== seq || signal.aborted) return;
    const {promise, resolve} = Promise.withResolvers<undefined>();
    const go = (): void => {
      resolve(undefined);
    };
    const timer = setTimeout(go, patience).unref();
    this.#waiting.add(go);
    signal.addEventListener('abort', go);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(go);
    signal.removeEventListener('abort', go);
  }
}

const isWhole = (events: readonly Event[], first: number): boolean =>
  events.length > 0 && events.every(({seq}, at) => seq === first + at);
