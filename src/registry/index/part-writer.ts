/** Writes the parts of a comparison one after the other, each while the next one is looked at. */
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import {type IndexState, writeIndexState} from '../../metadata/content/index-state.ts';
import {writeIndex} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';

/** In milliseconds: where there is nothing else to write, how far it is is not written more often. */
const noteEvery = 1000;

export class PartWriter {
  readonly #db: Database['db'];
  #writing: Promise<void> = Promise.resolve();
  #notedAt = -Infinity;

  constructor(db: Database['db']) {
    this.#db = db;
  }

  /** What was given before is written. Rejects where that failed. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Begins at once: after `written`, and before anything else is waited for. */
  write(repositories: readonly RepositoryFacts[], state: IndexState | undefined): void {
    if (repositories.length > 0) {
      this.#begin(writeIndex(this.#db, {repositories, state}));
    } else if (state && performance.now() - this.#notedAt > noteEvery) {
      this.#begin(writeIndexState(this.#db, state));
    }
  }

  #begin(writing: Promise<void>): void {
    this.#notedAt = performance.now();
    this.#writing = writing;
    // Whoever comes next hears of it.
    writing.catch(() => undefined);
  }
}
