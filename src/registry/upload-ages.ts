/**
 * Which uploads have expired. The time of day tells the age of an upload when this process first meets it; from then on a clock counts that does
 * not jump, so that setting the host's clock ends no upload and keeps none for ever.
 */
import {LRUCache} from 'lru-cache';
import type {Clock} from '../host/clock.ts';

export interface UploadClocks {
  /** In milliseconds. */
  readonly expireAfter: number;
  /** The time of day. */
  readonly now: Clock;
  /** Milliseconds since some moment: never set, only counted. */
  readonly elapsed?: () => number;
}

export class UploadAges {
  readonly #expireAfter: number;
  readonly #now: Clock;
  readonly #elapsed: () => number;
  /** When each expires, by `elapsed`. One that falls out is met anew. With `max` the room for all would be taken at the start. */
  readonly #ends = new LRUCache<string, number>({maxSize: 65_536, sizeCalculation: () => 1});

  constructor({expireAfter, now, elapsed = () => performance.now()}: UploadClocks) {
    this.#expireAfter = expireAfter;
    this.#now = now;
    this.#elapsed = elapsed;
  }

  begin(id: string): void {
    this.#ends.set(id, this.#elapsed() + this.#expireAfter);
  }

  /** Of one that was met before; false: nothing is known of it. */
  hasExpired(id: string): boolean {
    return this.#elapsed() > (this.#ends.get(id) ?? Infinity);
  }

  /** A time in the future was written before the clock was set back: then it begins now, as it does where there is none. */
  isExpired(id: string, startedAt: Date | undefined): boolean {
    const elapsed = this.#elapsed();
    const known = this.#ends.get(id);
    if (known !== undefined) return elapsed > known;
    const now = this.#now().getTime();
    const age = Math.max(0, now - (startedAt?.getTime() ?? now));
    const end = elapsed - age + this.#expireAfter;
    this.#ends.set(id, end);
    return elapsed > end;
  }

  forget(id: string): void {
    this.#ends.delete(id);
  }
}
