/** Keeps the index on the heels of the storage: what is pushed or deleted here is in it a moment later. */
import type {Clock} from '../../host/clock.ts';
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import {readTagsOf} from '../../metadata/content/held.ts';
import {
  type Change,
  deleteChanges,
  insertChanges,
  type OpenChange,
} from '../../metadata/content/outbox.ts';
import {inIndexTurn} from '../../metadata/content/index-turn.ts';
import {writeIndex} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';
import {MetadataError} from '../../metadata/metadata-error.ts';
import type {Logger} from '../../observability/log.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {Journal, PlannedChange} from '../journal.ts';
import {activitiesOf} from './activities-of.ts';
import {Batcher} from './batcher.ts';
import {ChangesUnderWay, type Watch} from './changes-under-way.ts';
import {compare, type ReportUnreadable} from './compare.ts';
import {type Joined, joined} from './joined.ts';
import type {RemovalTurns} from './removal-turns.ts';
import {isOutage, Retry} from './retry.ts';
import type {StoreSurvey} from './survey.ts';
import {type Ending, whatHappened} from './what-happened.ts';
import {within} from './within.ts';

interface ContentIndexOptions {
  readonly db: Database['db'];
  readonly survey: StoreSurvey;
  /** Absent: no other node writes at the same time. */
  readonly removals?: RemovalTurns | undefined;
  /** A manifest that can't be read is told here, and left out. */
  readonly report: ReportUnreadable;
  readonly now: Clock;
  readonly log: Logger;
  /** Something has happened that may have to be told. */
  readonly onEvents: () => void;
}

/** Changes that are written in one transaction. */
const mostAtOnce = 100;
/** In milliseconds: so long changes gather before they are written, unless somebody waits for them. */
const lull = 25;
/** Changes that are remembered here; the others are found in the outbox. */
const mostRemembered = 10_000;
/** Changes of which it is remembered that they failed. */
const mostTold = 1000;
/** In milliseconds: so long somebody who asks the index waits for it to have what was before. */
const shortPatience = 2000;
/** In milliseconds: so long a push waits until it is written down. */
const longestOpening = 10_000;
/** In milliseconds: so long the index is held to lag behind for a change that can't be brought in. */
const longestLag = 120_000;

interface Over {
  readonly change: OpenChange;
  /** As it was begun here. */
  readonly planned: Pick<PlannedChange, 'repository' | 'digests' | 'tags'>;
  readonly ending: Ending;
  readonly done: PromiseWithResolvers<void>;
}

export class ContentIndex implements Journal {
  readonly #options: ContentIndexOptions;
  readonly #opening: Batcher<Change, OpenChange>;
  readonly #underWay = new ChangesUnderWay();
  readonly #retry: Retry;
  /** Changes that could not be brought into the index, and since when: the job tries again. */
  readonly #left = new Map<string, number>();
  #over: Over[] = [];
  #working: Promise<void> | undefined;
  /** Ends the gathering. */
  #hurry: (() => void) | undefined;
  #isClosed = true;
  #isClosing = false;

  constructor(options: ContentIndexOptions) {
    this.#options = options;
    this.#opening = new Batcher(async (changes) => insertChanges(options.db, changes), mostAtOnce);
    this.#retry = new Retry(options.log);
  }

  async during<T>(planned: PlannedChange, work: () => Promise<T>): Promise<T> {
    const {removals} = this.#options;
    if (!removals || !takesOut(planned)) return this.#during(planned, work);
    return removals.alone(planned.repository, async () => this.#during(planned, work));
  }

  async #during<T>(planned: PlannedChange, work: () => Promise<T>): Promise<T> {
    this.#underWay.begin(planned);
    let change: OpenChange;
    try {
      change = await this.#openAmongNodes(planned);
    } catch (error) {
      this.#underWay.end(planned);
      throw error;
    }
    let ending: Ending = 'unknown';
    try {
      const result = await work();
      ending = result === false ? 'nothing' : 'done';
      return result;
    } finally {
      this.#add({change, planned, ending});
    }
  }

  /** Brings into the index what the storage has by now of a change that somebody else has begun. */
  follow(change: OpenChange): void {
    if (this.#over.some((each) => each.change.id === change.id)) return;
    this.#underWay.begin(change);
    this.#add({change, planned: change, ending: 'unknown'});
  }

  /** Whether the index has what was pushed here before: waits for it for a while. */
  async settled(patience = shortPatience): Promise<boolean> {
    if (this.#lags()) return false;
    const last = this.#over.at(-1);
    if (!last) return true;
    this.#hurry?.();
    const done = last.done.promise.then(() => !this.#lags());
    return (await within(done, patience)) ?? false;
  }

  /** For a while at least: where one can't be brought in for good, the others must not suffer from it. */
  #lags(): boolean {
    const since = performance.now() - longestLag;
    return this.#retry.isFailing || [...this.#left.values()].some((at) => at > since);
  }

  /** For whoever looks at the storage himself. */
  watch(): Watch {
    return this.#underWay.watch();
  }

  /** What is not in the index by then stays in the outbox. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#retry.stop();
    this.#hurry?.();
    await this.#working;
    this.#options.removals?.close();
  }

  /** Where another node takes something out, after that: it waits for what it finds begun. */
  async #openAmongNodes(planned: PlannedChange): Promise<OpenChange> {
    const {db, removals} = this.#options;
    for (;;) {
      const change = await this.#open(planned);
      if (!removals || planned.deed.action === 'delete') return change;
      if (!(await removals.isTaken(planned.repository))) return change;
      await deleteChanges(db, [change.id]);
      await removals.untilFree(planned.repository);
    }
  }

  async #open(planned: PlannedChange): Promise<OpenChange> {
    const {log, now} = this.#options;
    let cause: unknown;
    try {
      const opened = await within(
        this.#opening.add({...planned, at: now().getTime()}),
        longestOpening,
      );
      this.#isClosed = false;
      if (opened) {
        this.#retry.hurry();
        return opened;
      }
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      cause = error;
    }
    if (!this.#isClosed)
      log.error({err: cause}, 'changes can not be written down, and are refused');
    this.#isClosed = true;
    throw new RegistryError('UNAVAILABLE', {
      message: 'changes can not be written down at present, and nothing was changed; try again',
      headers: {'Retry-After': '5'},
      cause,
    });
  }

  #add(over: Omit<Over, 'done'>): void {
    if (this.#over.length >= mostRemembered || this.#isClosing) {
      this.#underWay.end(over.planned);
      return;
    }
    this.#over.push({...over, done: Promise.withResolvers()});
    this.#working ??= this.#work();
    if (this.#over.length >= mostAtOnce) this.#hurry?.();
  }

  async #gather(): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<undefined>();
    this.#hurry = () => {
      resolve(undefined);
    };
    const timer = setTimeout(this.#hurry, lull);
    await promise;
    clearTimeout(timer);
    this.#hurry = undefined;
  }

  async #work(): Promise<void> {
    await this.#gather();
    while (this.#over.length > 0) {
      const some = this.#over.slice(0, mostAtOnce);
      const isOver = await this.#writeEach(some);
      if (isOver) {
        this.#over = this.#over.slice(some.length);
        for (const {planned, done} of some) {
          this.#underWay.end(planned);
          done.resolve();
        }
      } else if (this.#isClosing) break;
      else await this.#retry.rest();
    }
    this.#working = undefined;
  }

  /** Together; where something is wrong with one of them, one by one. False: the database can't be written at present. */
  async #writeEach(some: readonly Over[]): Promise<boolean> {
    try {
      await this.#write(some);
      this.#retry.succeeded();
      return true;
    } catch (error) {
      if (isOutage(error)) {
        this.#retry.failed(error);
        return false;
      }
      if (some.length > 1) {
        for (const one of some) if (!(await this.#writeEach([one]))) return false;
        return true;
      }
      for (const {change} of some) this.#tell(change, error);
      return true;
    }
  }

  /** Its row stays in the outbox, and somebody tries again. */
  #tell({id, repository}: OpenChange, error: unknown): void {
    if (this.#left.has(id)) return;
    if (this.#left.size >= mostTold) this.#left.clear();
    this.#left.set(id, performance.now());
    this.#options.log.error({err: error, repository}, 'change not brought into the index');
  }

  async #write(some: readonly Over[]): Promise<void> {
    const {db, removals, onEvents} = this.#options;
    const count = removals
      ? await inIndexTurn(db, async (turn) => this.#writeIn(turn, some))
      : await this.#writeIn(db, some);
    if (count > 0) onEvents();
    for (const {change} of some) this.#left.delete(change.id);
  }

  /** Answers how many events came of it. */
  async #writeIn(db: Database['db'], some: readonly Over[]): Promise<number> {
    const changes = some.map(({change}) => change);
    const repositories: RepositoryFacts[] = [];
    for (const change of joined(changes)) repositories.push(...(await this.#look(db, change)));
    const events = await whatHappened(this.#options.survey, some);
    const activities = await activitiesOf(db, events);
    const ids = changes.map(({id}) => id);
    await writeIndex(db, {repositories, changes: ids, events, activities});
    return events.length;
  }

  async #look(
    db: Database['db'],
    {repository, part, ofAllTags}: Joined,
  ): Promise<readonly RepositoryFacts[]> {
    const {survey, report} = this.#options;
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
    // Who deletes a manifest need not know its tags.
    const others = (await readTagsOf(db, repository, ofAllTags)).filter((tag) => !tags.has(tag));
    if (others.length === 0) return first;
    const second = await survey.part(repository, {tags: others, digests: []});
    return [...first, ...(await compare({db, survey, report}, [second]))];
  }
}

/** More than a tag, which goes by itself. */
const takesOut = ({deed}: PlannedChange): boolean =>
  deed.action === 'delete' && deed.object !== 'tag';
