/**
 * Room for blobs. What is announced and can't fit is refused before its bytes come, and some space is left free: a full disk stops
 * deletes and everything else on it too.
 */
import type {Share} from '../config/units.ts';
import {RegistryError} from '../oci/errors.ts';
import type {Space} from '../storage/driver.ts';
import {Awaited} from './awaited.ts';

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
  readonly #clock: () => number;
  readonly #awaited: Awaited;
  /** The last look at the disk: what was free, less what has come since. */
  #look: {free: number; readonly at: number} | undefined;

  /** Without `space` there is room for everything. The clock counts milliseconds, and is never set. */
  constructor(
    space: (() => Promise<Space>) | undefined,
    reserve: Share,
    clock: () => number = () => performance.now(),
  ) {
    this.#space = space;
    this.#reserve = reserve;
    this.#clock = clock;
    this.#awaited = new Awaited(clock);
  }

  /** Throws STORAGE_FULL where so many bytes would not fit, or none at all. */
  async require(announced = 0): Promise<void> {
    const free = this.#unclaimed(await this.#free(announced));
    if (free <= 0) throw full('what is left of it is reserved');
    if (announced > free) {
      // How much there is would tell whom to keep out by which announcement.
      throw full(`${announced} bytes are announced, and there is no room for so many`);
    }
  }

  /** For so many bytes; `undefined`: nobody knows how many. Throws as `require` does. */
  async claim(announced = 0): Promise<Claim> {
    await this.require(announced);
    const announcement = this.#awaited.announce(announced);
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
        announcement.settle(count);
        if (this.#look) this.#look.free -= count;
        unchecked += count;
        if (unchecked < checkEvery) return;
        unchecked = 0;
        void check();
      },
      [Symbol.dispose]: () => {
        announcement.end();
      },
    };
  }

  #unclaimed(free: number): number {
    return free - this.#awaited.of(free);
  }

  /** In bytes; less than nothing where the reserve is in use. What is wanted decides how exactly it has to be known. */
  async #free(wanted = 0): Promise<number> {
    if (!this.#space) return Infinity;
    const known = this.#look;
    const isEnough = known && this.#unclaimed(known.free) - wanted > plenty;
    if (isEnough && this.#clock() - known.at < lookEvery) return known.free;
    const {available, total} = await this.#space();
    const free = available - bytesOf(this.#reserve, total);
    this.#look = {free, at: this.#clock()};
    return free;
  }
}

const full = (finding: string): RegistryError =>
  new RegistryError('STORAGE_FULL', {message: `the storage is full: ${finding}`});

/** Of a whole of so many. */
export const bytesOf = (share: Share, total: number): number =>
  'bytes' in share ? share.bytes : Math.ceil((total * share.percent) / 100);
