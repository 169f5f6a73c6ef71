/** Steps that must not come between each other: one at a time for each key, in the order of asking. Within this process alone. */
export class Exclusion {
  readonly #tails = new Map<string, Promise<unknown>>();

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key);
    // Whatever became of the one before.
    const own = before ? before.then(work, work) : work();
    this.#tails.set(key, own);
    try {
      return await own;
    } finally {
      if (this.#tails.get(key) === own) this.#tails.delete(key);
    }
  }
}
