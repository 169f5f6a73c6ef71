/** Bytes that are announced and have not come yet. To announce costs nothing, so they count as far as they are likely to come. */

/** In bytes a millisecond, and in milliseconds: what comes more slowly than this (256 KiB/s) for so long is not waited for. */
const pace = (256 * 1024) / 1000;
const patience = 60_000;
/** Who has brought some is believed to bring so many times as much. */
const trust = 16;

export interface Announcement {
  /** So many bytes of it have come. */
  settle(count: number): void;
  /** What has not come will not. */
  end(): void;
}

interface Expected {
  rest: number;
  came: number;
  /** It counts until then, unless more comes. */
  until: number;
}

export class Awaited {
  readonly #clock: () => number;
  readonly #all = new Set<Expected>();

  /** The clock counts milliseconds, and is never set. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  announce(bytes: number): Announcement {
    const expected: Expected = {rest: bytes, came: 0, until: this.#clock() + patience};
    if (bytes > 0) this.#all.add(expected);
    return {
      settle: (count) => {
        const now = this.#clock();
        expected.rest -= Math.min(count, expected.rest);
        expected.came += count;
        expected.until = Math.min(now + patience, Math.max(expected.until, now) + count / pace);
        if (expected.rest === 0) this.#all.delete(expected);
      },
      end: () => {
        this.#all.delete(expected);
      },
    };
  }

  /** How many of so many free bytes are spoken for: of what was announced alone, however often, no more than half of the room. */
  of(free: number): number {
    const now = this.#clock();
    let sure = 0;
    let promised = 0;
    for (const {rest, came, until} of this.#all) {
      if (until <= now) continue;
      const trusted = Math.min(rest, came * trust);
      sure += trusted;
      promised += rest - trusted;
    }
    return sure + Math.min(promised, Math.max(0, free - sure) / 2);
  }
}
