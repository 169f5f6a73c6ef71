/** Readings: few at once, each once for all who ask, and none for nobody. */
import {LRUCache} from 'lru-cache';
import {Refusal} from './refusal.ts';
import type {Turns} from './turns.ts';

export interface Progress {
  /** Bytes as they are stored. */
  read: number;
}

interface Wanted {
  readonly progress: Progress;
  at: number;
}

interface Reading<T> {
  readonly result: Promise<T>;
  readonly wanted: Wanted;
}

type Read<T> = (signal: AbortSignal, progress: Progress) => Promise<T>;
type Outcome = 'read' | 'refused' | 'failed';

interface LineOptions<T extends object> {
  /** In bytes. */
  readonly room: number;
  readonly weigh: (value: T) => number;
  readonly turns: Turns;
  /** In milliseconds. */
  readonly longest: number;
  /** Told of each that ended. */
  readonly ended?: (outcome: Outcome, ms: number, progress: Progress) => void;
}

/** In milliseconds: a person who waits asks again and again. */
const forgottenAfter = 60_000;
/** What failed may work the next time; until then whoever asks is told. */
const failureLastsFor = 5000;
const keptFor = 15 * 60_000;

export class Line<T extends object> {
  readonly #options: LineOptions<T>;
  readonly #underWay = new Map<string, Reading<T>>();
  readonly #read: LRUCache<string, T>;
  readonly #failures = new LRUCache<string, {readonly error: unknown}>({max: 1000, ttl: 1});

  constructor(options: LineOptions<T>) {
    this.#options = options;
    this.#read = new LRUCache({
      maxSize: options.room,
      sizeCalculation: options.weigh,
      ttl: keptFor,
      updateAgeOnGet: true,
      ttlAutopurge: true,
    });
  }

  /** The same for all that ask by one key meanwhile. Rejects with a Refusal, or with what `read` fails with. */
  async get(key: string, read: Read<T>): Promise<T> {
    const found = this.#read.get(key);
    if (found) return found;
    const failure = this.#failures.get(key);
    if (failure) throw failure.error;
    const reading = this.#underWay.get(key) ?? this.#begin(key, read);
    reading.wanted.at = Date.now();
    return reading.result;
  }

  /** Somebody asks for what is made of it. */
  want(key: string): void {
    const reading = this.#underWay.get(key);
    if (reading) reading.wanted.at = Date.now();
  }

  /** `undefined`: nobody reads it at present. */
  progress(key: string): Progress | undefined {
    return this.#underWay.get(key)?.wanted.progress;
  }

  has(key: string): boolean {
    return this.#read.has(key);
  }

  #begin(key: string, read: Read<T>): Reading<T> {
    const wanted = {progress: {read: 0}, at: Date.now()};
    const result = this.#options.turns
      .take(async () => this.#perform(key, read, wanted))
      .finally(() => this.#underWay.delete(key));
    // Whoever asked may not wait any more.
    result.catch(() => undefined);
    const reading = {result, wanted};
    this.#underWay.set(key, reading);
    return reading;
  }

  async #perform(key: string, read: Read<T>, wanted: Wanted): Promise<T> {
    const {longest, ended} = this.#options;
    const ending = new AbortController();
    const began = Date.now();
    const look = (): void => {
      const now = Date.now();
      if (now - began > longest) ending.abort(tooSlow(longest));
      if (now - wanted.at > forgottenAfter) ending.abort(forgotten());
    };
    look();
    const watch = setInterval(look, 1000);
    let outcome: Outcome = 'failed';
    try {
      ending.signal.throwIfAborted();
      const value = await read(ending.signal, wanted.progress);
      this.#read.set(key, value);
      outcome = 'read';
      return value;
    } catch (thrown) {
      const error: unknown = ending.signal.aborted ? ending.signal.reason : thrown;
      const ttl = error instanceof Refusal ? error.lastsFor : failureLastsFor;
      if (error instanceof Refusal) outcome = 'refused';
      if (ttl > 0) this.#failures.set(key, {error}, {ttl});
      throw error;
    } finally {
      clearInterval(watch);
      ended?.(outcome, Date.now() - began, wanted.progress);
    }
  }
}

const tooSlow = (longest: number): Refusal =>
  new Refusal(`it was not read within ${Math.round(longest / 60_000)} minutes`);

const forgotten = (): Refusal =>
  new Refusal('nobody asked for it any more while it was read; ask again', {lastsFor: 0});
