/**
 * Room for blobs. What is announced and can't fit is refused before its bytes come, and some space is left free: a full disk stops
 * deletes and everything else on it too.
 */
import type {Share} from '../config/units.ts';
import {RegistryError} from '../oci/errors.ts';
import type {Space} from '../storage/driver.ts';

/** In bytes: how much of a body may come before the disk is asked again. */
const checkEvery = 32 * 1024 * 1024;

/** In bytes and milliseconds: where so much is left over, a look at the disk is good for so long. */
const plenty = 8 * 1024 ** 3;
const lookEvery = 1000;

/** A place for the bytes of one request; given back when it is disposed of. */
export interface Claim extends Disposable {
  /** So many bytes more have come. Throws STORAGE_FULL where there is no more room for them: what came is to be thrown away. */
  take(count: number): void;
}

export class Room {
  readonly #space: (() => Promise<Space>) | undefined;
  readonly #reserve: Share;
  /** Bytes that are announced and have not come yet. */
  #awaited = 0;
  /** The last look at the disk: what was free, less what has come since. */
  #look: {free: number; readonly at: number} | undefined;

  /** Without `space` there is room for everything. */
  constructor(space: (() => Promise<Space>) | undefined, reserve: Share) {
    this.#space = space;
    this.#reserve = reserve;
  }

  /** Throws STORAGE_FULL where so many bytes would not fit, or none at all. */
  async require(announced = 0): Promise<void> {
    const free = (await this.#free(announced)) - this.#awaited;
    if (free <= 0) throw full('what is left of it is reserved');
    if (announced > free) {
      throw full(`${announced} bytes are announced, and there is room for ${free}`);
    }
  }

  /** For so many bytes; `undefined`: nobody knows how many. Throws as `require` does. */
  async claim(announced = 0): Promise<Claim> {
    await this.require(announced);
    this.#awaited += announced;
    let awaited = announced;
    const settle = (count: number): void => {
      const settled = Math.min(count, awaited);
      awaited -= settled;
      this.#awaited -= settled;
    };
    let unchecked = 0;
    let failure: {readonly cause: unknown} | undefined;
    const check = async (): Promise<void> => {
      try {
        if ((await this.#free()) <= 0) throw full('there is no more room for what is coming');
      } catch (cause) {
        failure = {cause};
      }
    };
    return {
      take: (count) => {
        if (failure) throw failure.cause;
        settle(count);
        if (this.#look) this.#look.free -= count;
        unchecked += count;
        if (unchecked < checkEvery) return;
        unchecked = 0;
        void check();
      },
      [Symbol.dispose]: () => {
        settle(awaited);
      },
    };
  }

  /** In bytes; less than nothing where the reserve is in use. What is wanted decides how exactly it has to be known. */
  async #free(wanted = 0): Promise<number> {
    if (!this.#space) return Infinity;
    const known = this.#look;
    const isEnough = known && known.free - this.#awaited - wanted > plenty;
    if (isEnough && performance.now() - known.at < lookEvery) return known.free;
    const {available, total} = await this.#space();
    const free = available - bytesOf(this.#reserve, total);
    this.#look = {free, at: performance.now()};
    return free;
  }
}

const full = (finding: string): RegistryError =>
  new RegistryError('STORAGE_FULL', {message: `the storage is full: ${finding}`});

const bytesOf = (share: Share, total: number): number =>
  'bytes' in share ? share.bytes : Math.ceil((total * share.percent) / 100);
