/** One request at a time for each key; a newcomer ends the one before it and waits until that has tidied up. */
interface Turn {
  readonly controller: AbortController;
  readonly over: Promise<void>;
}

export class Turns {
  readonly #current = new Map<string, Turn>();

  /** Runs `work` when it is its turn; the signal aborts when somebody else wants one. */
  async take<T>(key: string, work: (superseded: AbortSignal) => Promise<T>): Promise<T> {
    const former = this.#current.get(key);
    const controller = new AbortController();
    const {promise: over, resolve} = Promise.withResolvers<undefined>();
    const turn = {controller, over};
    this.#current.set(key, turn);
    former?.controller.abort(new Error('another request took over'));
    await former?.over;
    try {
      return await work(controller.signal);
    } finally {
      if (this.#current.get(key) === turn) this.#current.delete(key);
      resolve(undefined);
    }
  }

  isTaken(key: string): boolean {
    return this.#current.has(key);
  }
}
