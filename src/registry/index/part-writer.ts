/** Writes the parts of a comparison one after the other, each while the next one is looked at. */
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import {type IndexState, writeIndexState} from '../../metadata/content/index-state.ts';
import {writeIndex} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';
import type {ReportUnreadable} from './compare.ts';
import {isOutage} from './retry.ts';
import {usualPartSize} from './survey.ts';

/** In milliseconds: where there is nothing else to write, how far it is is not written more often. */
const noteEvery = 1000;

/** In milliseconds: whoever changes something meanwhile waits for so long, and no longer than he must. */
const longestWrite = 250;
/** Tags and manifests: nobody knows how fast the database is before it has written some. */
const firstSize = 200;
const smallestSize = 100;

export class PartWriter {
  readonly #db: Database['db'];
  readonly #report: ReportUnreadable;
  #writing: Promise<void> = Promise.resolve();
  #notedAt = -Infinity;
  #most = firstSize;

  constructor(db: Database['db'], report: ReportUnreadable) {
    this.#db = db;
    this.#report = report;
  }

  /** Tags and manifests that the next part should have at most: it is one transaction, which others wait for. */
  get most(): number {
    return this.#most;
  }

  /** What was given before is written. Rejects where that failed. */
  async written(): Promise<void> {
    await this.#writing;
  }

  /** Begins at once: after `written`, and before anything else is waited for. */
  write(repositories: readonly RepositoryFacts[], state: IndexState | undefined): void {
    if (repositories.length > 0) {
      this.#begin(this.#measure(repositories, state));
      return;
    }
    this.#most = Math.min(usualPartSize, 2 * this.#most);
    if (state && performance.now() - this.#notedAt > noteEvery) {
      this.#begin(writeIndexState(this.#db, state));
    }
  }

  #begin(writing: Promise<void>): void {
    this.#notedAt = performance.now();
    this.#writing = writing;
    // Whoever comes next hears of it.
    writing.catch(() => undefined);
  }

  async #measure(
    repositories: readonly RepositoryFacts[],
    state: IndexState | undefined,
  ): Promise<void> {
    const begin = performance.now();
    await this.#writePart(repositories, state);
    const share = longestWrite / (performance.now() - begin);
    const size = repositories.reduce(
      (sum, {tags, revisions}) => sum + tags.length + revisions.length,
      0,
    );
    this.#most =
      share < 1
        ? Math.max(smallestSize, Math.floor(size * share))
        : Math.min(usualPartSize, 2 * this.#most);
  }

  async #writePart(
    repositories: readonly RepositoryFacts[],
    state: IndexState | undefined,
  ): Promise<void> {
    try {
      await writeIndex(this.#db, {repositories, state});
    } catch (error) {
      if (isOutage(error)) throw error;
      await this.#writeHalves(repositories, error);
      if (state) await writeIndexState(this.#db, state);
    }
  }

  /** One manifest that the database does not take keeps nothing else out: it is looked for, told and left out. */
  async #writeHalves(repositories: readonly RepositoryFacts[], cause: unknown): Promise<void> {
    const [first] = repositories;
    if (!first) return;
    if (repositories.length > 1) {
      for (const half of halvesOf(repositories)) await this.#writePart(half, undefined);
      return;
    }
    const [manifest] = first.manifests;
    if (!manifest) throw cause;
    if (first.manifests.length > 1) {
      const [left, right] = halvesOf(first.manifests);
      const others = new Set(right.map(({digest}) => digest));
      const isOther = ({key}: RepositoryFacts['revisions'][number]): boolean => others.has(key);
      const revisions = first.revisions.filter((revision) => !isOther(revision));
      await this.#writePart([{...first, manifests: left, revisions}], undefined);
      const rest = {manifests: right, revisions: first.revisions.filter(isOther), tags: []};
      await this.#writePart([{...first, ...rest, isNew: false}], undefined);
      return;
    }
    const revisions = first.revisions.filter(({key}) => key !== manifest.digest);
    await writeIndex(this.#db, {repositories: [{...first, manifests: [], revisions}]});
    this.#report(first.repository, manifest.digest, cause);
  }
}

function halvesOf<T>(items: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}
