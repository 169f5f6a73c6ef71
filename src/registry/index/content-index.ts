/** Keeps the index on the heels of the storage: what is pushed or deleted here is in it a moment later. */
import type {Pushed, RepositoryFacts} from '../../metadata/content/facts.ts';
import {readTagsOf} from '../../metadata/content/held.ts';
import {type Change, insertChanges, type OpenChange} from '../../metadata/content/outbox.ts';
import {writeIndex} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Journal, PlannedChange} from '../journal.ts';
import {Batcher} from './batcher.ts';
import {compare, type JustPushed, type ReportUnreadable} from './compare.ts';
import type {StoreSurvey} from './survey.ts';

interface ContentIndexOptions {
  readonly db: Database['db'];
  readonly survey: StoreSurvey;
  /** A manifest that can't be read is told here, and left out. */
  readonly report: ReportUnreadable;
  readonly now: () => Date;
  readonly log: Logger;
}

/** Changes that are written in one transaction. */
const mostAtOnce = 100;
/** Changes that are remembered here; the others are found in the outbox. */
const mostRemembered = 10_000;
/** In milliseconds: so long somebody who asks the index waits for it to have what was before. */
const patience = 2000;
/** In milliseconds, after a failure; twice as long after each further one. */
const firstPause = 500;
const longestPause = 30_000;

export class ContentIndex implements Journal {
  readonly #options: ContentIndexOptions;
  readonly #opening: Batcher<Change, OpenChange>;
  #over: OpenChange[] = [];
  #working: Promise<void> | undefined;
  #pause = 0;
  #wake: (() => void) | undefined;
  #isClosing = false;

  constructor(options: ContentIndexOptions) {
    this.#options = options;
    this.#opening = new Batcher(async (changes) => insertChanges(options.db, changes), mostAtOnce);
  }

  async during<T>(change: PlannedChange, work: () => Promise<T>): Promise<T> {
    const open = await this.#opening.add({...change, at: this.#options.now().getTime()});
    try {
      return await work();
    } finally {
      this.follow(open);
    }
  }

  /** Brings into the index what the storage has of it by now. */
  follow(change: OpenChange): void {
    if (this.#over.length >= mostRemembered || this.#isClosing) return;
    this.#over.push(change);
    this.#working ??= this.#work();
  }

  /** The index has what was pushed here before, unless it can't be written at present. */
  async settled(): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, this.#pause > 0 ? 0 : patience);
    void this.#working?.then(resolve);
    if (!this.#working) resolve();
    await promise;
    clearTimeout(timer);
  }

  /** What is not in the index by then stays in the outbox. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#wake?.();
    await this.#working;
  }

  async #work(): Promise<void> {
    while (this.#over.length > 0) {
      const changes = this.#over.slice(0, mostAtOnce);
      if (await this.#write(changes)) this.#over = this.#over.slice(changes.length);
      else if (this.#isClosing) break;
      else await this.#rest();
    }
    this.#working = undefined;
  }

  async #write(changes: readonly OpenChange[]): Promise<boolean> {
    const {db, log} = this.#options;
    try {
      const repositories: RepositoryFacts[] = [];
      for (const change of joined(changes)) repositories.push(...(await this.#look(change)));
      await writeIndex(db, {repositories, changes: changes.map(({id}) => id)});
      if (this.#pause > 0) log.info('index is written again');
      this.#pause = 0;
      return true;
    } catch (error) {
      if (this.#pause === 0) log.error({err: error}, 'index not written, it is tried again');
      this.#pause = Math.min(Math.max(2 * this.#pause, firstPause), longestPause);
      return false;
    }
  }

  async #look({repository, part}: Joined): Promise<readonly RepositoryFacts[]> {
    const {db, survey, report} = this.#options;
    if (!part) {
      const found: RepositoryFacts[] = [];
      for await (const sight of survey.whole(repository)) {
        found.push(...(await compare({db, survey, report}, [sight])));
      }
      return found;
    }
    const {tags, digests} = part;
    const keys = {tags: [...tags.keys()], digests: [...digests.keys()]};
    const sight = await survey.part(repository, keys);
    const first = await compare({db, survey, report}, [sight], part);
    const gone = first.flatMap(({revisions}) => revisions).filter(({state}) => state === 'gone');
    // Who deletes a manifest need not know its tags.
    const orphans = await readTagsOf(
      db,
      repository,
      gone.map(({key}) => key),
    );
    const others = orphans.filter((tag) => !tags.has(tag));
    if (others.length === 0) return first;
    const second = await survey.part(repository, {tags: others, digests: []});
    return [...first, ...(await compare({db, survey, report}, [second]))];
  }

  async #rest(): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, this.#pause).unref();
    await promise;
    clearTimeout(timer);
  }
}

interface Joined {
  readonly repository: RepositoryName;
  /** Absent: all of it. */
  readonly part: JustPushed | undefined;
}

/** Each repository once: of two changes to one tag the later counts. */
function joined(changes: readonly OpenChange[]): readonly Joined[] {
  return [...Map.groupBy(changes, ({repository}) => repository)].map(([repository, own]) => {
    const isWhole = own.some(({digests, tags}) => digests.length + tags.length === 0);
    const pushedBy = ({at, actor: by}: OpenChange): Pushed => ({at, by});
    const part = {
      digests: new Map(own.flatMap((each) => each.digests.map((it) => [it, pushedBy(each)]))),
      tags: new Map(own.flatMap((each) => each.tags.map((it) => [it, pushedBy(each)]))),
    };
    return {repository, part: isWhole ? undefined : part};
  });
}
