/** Lets so much work run at once, and so much more wait. */

/** There is too much to do already. */
export class BusyError extends Error {
  constructor(options?: ErrorOptions) {
    super('too much is being checked already', options);
    this.name = 'BusyError';
  }
}

export interface GateLimits {
  readonly running: number;
  readonly waiting: number;
}

export class Gate {
  readonly #limits: GateLimits;
  readonly #waiting = new Set<() => void>();
  #running = 0;

  constructor(limits: GateLimits) {
    this.#limits = limits;
  }

  /** Rejects with BusyError, and with the signal's reason while it waits: who has gone costs nothing any more. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#limits.running) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.size >= this.#limits.waiting) throw new BusyError();
    const {promise, resolve, reject} = Promise.withResolvers<undefined>();
    const enter = (): void => {
      resolve(undefined);
    };
    const leave = (): void => {
      // Whoever was let in already has a place to give back, and does so by running.
      if (this.#waiting.delete(enter)) reject(signal?.reason);
    };
    this.#waiting.add(enter);
    signal?.addEventListener('abort', leave);
    try {
      await promise;
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  /** The place goes to whoever waits longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#running -= 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
