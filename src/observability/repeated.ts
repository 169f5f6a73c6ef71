/** Keeps a fault that lasts from filling the log: it is told at once, and then no more often than once a minute, with how often it came. */

/** In milliseconds. */
const quietFor = 60_000;
/** Words of others may be in a fault: one that says another thing each time must not fill the memory. */
const mostKept = 256;

interface Told {
  readonly at: number;
  /** How often it came since. */
  readonly untold: number;
}

export class Repeated {
  readonly #now: () => number;
  readonly #told = new Map<string, Told>();

  constructor(now = (): number => performance.now()) {
    this.#now = now;
  }

  /** What goes into the line beside the fault; `undefined`: it was told a moment ago. */
  tell(fault: string): {readonly times?: number} | undefined {
    const {at, untold} = this.#told.get(fault) ?? {at: -Infinity, untold: 0};
    const now = this.#now();
    if (now - at < quietFor) {
      this.#told.set(fault, {at, untold: untold + 1});
      return undefined;
    }
    if (this.#told.size >= mostKept) this.#told.clear();
    this.#told.set(fault, {at: now, untold: 0});
    return untold === 0 ? {} : {times: untold + 1};
  }
}
