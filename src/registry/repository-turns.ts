/** Many may work in a repository together, unless one must have it for himself. Within this process alone. */
import type {RepositoryName} from '../oci/name.ts';

export class RepositoryTurns {
  /** Until the last of those who want it for themselves is through. */
  readonly #gates = new Map<RepositoryName, Promise<unknown>>();
  readonly #together = new Map<RepositoryName, Set<Promise<unknown>>>();

  async together<T>(name: RepositoryName, work: () => Promise<T>): Promise<T> {
    for (let gate = this.#gates.get(name); gate; gate = this.#gates.get(name)) await gate;
    const own = work();
    const all = this.#together.get(name) ?? new Set();
    this.#together.set(name, all.add(own));
    try {
      return await own;
    } finally {
      all.delete(own);
      if (all.size === 0 && this.#together.get(name) === all) this.#together.delete(name);
    }
  }

  /** Waits for those who are at work; whoever comes later waits for it. */
  async alone<T>(name: RepositoryName, work: () => Promise<T>): Promise<T> {
    const before = this.#gates.get(name);
    const {promise: gate, resolve} = Promise.withResolvers<undefined>();
    this.#gates.set(name, gate);
    try {
      await before;
      await Promise.allSettled([...(this.#together.get(name) ?? [])]);
      return await work();
    } finally {
      if (this.#gates.get(name) === gate) this.#gates.delete(name);
      resolve(undefined);
    }
  }
}
