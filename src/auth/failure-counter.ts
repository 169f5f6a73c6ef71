/** Counts what went wrong, by key, for a time. */
import {LRUCache} from 'lru-cache';

export interface Count {
  readonly count: number;
  /** On the clock that was passed in. */
  readonly endsAt: number;
}

/** Of so many keys; beyond them those are forgotten that failed longest ago. */
export class FailureCounter {
  readonly #counts: LRUCache<string, Count>;
  readonly #now: () => number;

  constructor({most, now}: {readonly most: number; readonly now: () => number}) {
    // With `max` the room for all of them would be taken at the start.
    this.#counts = new LRUCache({maxSize: most, sizeCalculation: () => 1});
    this.#now = now;
  }

  get size(): number {
    return this.#counts.size;
  }

  count(key: string): number {
    return this.#present(key)?.count ?? 0;
  }

  /** In ms: until the count begins anew. */
  remaining(key: string): number {
    const present = this.#present(key);
    return present ? present.endsAt - this.#now() : 0;
  }

  /** The count ends `lasting` ms from now, or, where it is not `renewed`, from its first failure. */
  add(key: string, lasting: number, {renewed}: {readonly renewed: boolean}): number {
    const present = this.#present(key);
    const count = (present?.count ?? 0) + 1;
    const endsAt = present && !renewed ? present.endsAt : this.#now() + lasting;
    this.#counts.set(key, {count, endsAt});
    return count;
  }

  clear(key: string): void {
    this.#counts.delete(key);
  }

  /** Those that have not ended yet. */
  *all(): Generator<readonly [string, Count]> {
    const now = this.#now();
    for (const [key, found] of this.#counts.entries()) if (found.endsAt > now) yield [key, found];
  }

  #present(key: string): Count | undefined {
    // A look is no use: what fails keeps its place, not what is asked for.
    const found = this.#counts.peek(key);
    if (found && found.endsAt > this.#now()) return found;
    if (found) this.#counts.delete(key);
    return undefined;
  }
}
