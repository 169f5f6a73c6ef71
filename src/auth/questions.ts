/** How many questions a provider is asked at once: a crowd must not open a thousand connections to a directory. */

/** Of one provider. */
const mostAtOnce = 32;

export class Questions {
  #free = mostAtOnce;
  readonly #waiting = new Set<() => void>();

  /** Asks when it is this question's turn. Rejects with the signal's reason where that comes first. */
  async put<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    try {
      return await ask();
    } finally {
      this.#end();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    const {promise, resolve, reject} = Promise.withResolvers<undefined>();
    const take = (): void => {
      resolve(undefined);
    };
    const leave = (): void => {
      this.#waiting.delete(take);
      reject(signal.reason as Error);
    };
    this.#waiting.add(take);
    signal.addEventListener('abort', leave, {once: true});
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** The place goes to who has waited longest. */
  #end(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
