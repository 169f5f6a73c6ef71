/** Compares the whole storage with the index, and mends the index: never the storage. */
import {setTimeout as pause} from 'node:timers/promises';
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import {
  type IndexState,
  readIndexState,
  writeIndexState,
} from '../../metadata/content/index-state.ts';
import {listRepositoryNames} from '../../metadata/content/repositories.ts';
import type {Database} from '../../metadata/database.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Busy, Watch} from './changes-under-way.ts';
import {inquire, type ReportUnreadable} from './compare.ts';
import {PartWriter} from './part-writer.ts';
import {isLast, type Sight, type Survey, usualPartSize} from './survey.ts';

export interface ReindexProgress {
  /** Looked at so far. */
  readonly repositories: number;
  /** How many there were the last time. */
  readonly expected: number | undefined;
  /** Differences that were found, and mended. */
  readonly tags: number;
  readonly manifests: number;
  /** Repositories that the storage has no more, with whatever the index had of them. */
  readonly gone: number;
}

interface ReindexOptions {
  readonly db: Database['db'];
  readonly survey: Survey;
  readonly now: () => Date;
  /** A manifest that can't be read, or written down, is told here, and left out. */
  readonly report: ReportUnreadable;
  /** Notes what changes meanwhile; absent: nobody else is at work. */
  readonly watch?: (() => Watch) | undefined;
  /** Brings in what is different, where other nodes may be changing it; absent: there are none. */
  readonly recheck?: ((facts: readonly RepositoryFacts[]) => Promise<void>) | undefined;
  /** Whether others are waiting for this process, and come first. */
  readonly isAsked?: () => boolean;
}

interface Run {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: ReindexProgress) => void) | undefined;
}

/**
 * From the beginning, or from where one that was cut off had come to. Resolves when all was looked at. Rejects as the database and the storage do, and with the
 * signal's reason; what it has found by then is written.
 */
export async function reindex(options: ReindexOptions, run: Run): Promise<ReindexProgress> {
  const {db, now} = options;
  const former = await readIndexState(db);
  const begin: IndexState =
    former && former.finishedAt === undefined ? former : beginAfter(former, now().getTime());
  const {repositories: looked, expected: about} = begin;
  let step: Step = {
    state: begin,
    progress: {repositories: looked, expected: about, tags: 0, manifests: 0, gone: 0},
  };
  run.onProgress?.(step.progress);
  const writer = new PartWriter(db, options.report);
  for (let isThrough = false; !isThrough;) {
    using watch = options.watch?.() ?? nobody;
    const walk = walkOn(options, {...step, watch, writer, signal: run.signal});
    for (;;) {
      const {done, value} = await walk.next();
      if (done === true) {
        isThrough = value;
        break;
      }
      step = value;
      run.onProgress?.(step.progress);
    }
  }
  await writer.written();
  const {startedAt, repositories} = step.state;
  const finishedAt = now().getTime();
  const expected = repositories;
  await writeIndexState(db, {startedAt, finishedAt, isComplete: true, repositories, expected});
  return step.progress;
}

const beginAfter = (former: IndexState | undefined, startedAt: number): IndexState => ({
  startedAt,
  isComplete: former?.isComplete ?? false,
  repositories: 0,
  expected: former?.expected,
});

const nobody: Watch = {
  busy: () => undefined,
  isFull: false,
  [Symbol.dispose]: () => undefined,
};

interface Step {
  readonly state: IndexState;
  readonly progress: ReindexProgress;
}

interface Walk extends Step {
  readonly watch: Watch;
  readonly writer: PartWriter;
  readonly signal: AbortSignal;
}

/** Each part once it is compared; at the end whether it is through, or has to be gone on with. */
async function* walkOn(
  {db, survey, report, recheck, isAsked = () => false}: ReindexOptions,
  {signal, watch, writer, ...begin}: Walk,
): AsyncGenerator<Step, boolean> {
  const busy = (repository: RepositoryName): Busy | undefined => watch.busy(repository);
  const ask = async (sights: readonly Sight[]) => inquire({db, survey, report, busy}, sights);
  let {state, progress} = begin;
  const write = async (answer: Awaited<ReturnType<typeof ask>>, so?: IndexState): Promise<void> => {
    await writer.written();
    // One that was made since it was looked for is not gone.
    const facts = answer().filter(({repository, exists, isNew, tags, revisions}) =>
      exists ? isNew || tags.length + revisions.length > 0 : !busy(repository),
    );
    progress = add(progress, facts);
    // An index that is being made has too much to look at twice; the next comparison does.
    const isRechecked = recheck !== undefined && state.isComplete;
    if (isRechecked) await recheck(facts);
    writer.write(isRechecked ? [] : facts, so);
  };
  const ahead = (): number => (isAsked() ? 0 : mostAhead);
  let began = performance.now();
  const most = (): number => Math.min(isAsked() ? smallPartSize : usualPartSize, writer.most);
  const parts = survey.walk(state.cursor ?? '', most);
  for await (const [sights, answer] of inAdvance(parts, ask, ahead)) {
    signal.throwIfAborted();
    const last = sights.at(-1);
    if (!last) continue;
    for await (const gone of missing(db, state.cursor, last.repository, sights)) {
      await write(await ask(gone.map(nothingOf)));
    }
    // Of one that is cut off here the beginning is looked at again.
    const finished = sights.filter(isLast);
    progress = {...progress, repositories: progress.repositories + finished.length};
    const cursor = finished.at(-1)?.repository ?? state.cursor;
    state = {...state, cursor, repositories: progress.repositories};
    await write(answer, state);
    yield {state, progress};
    if (watch.isFull) return false;
    if (isAsked()) {
      await writer.written();
      await rest(performance.now() - began, signal);
    }
    began = performance.now();
  }
  signal.throwIfAborted();
  for await (const gone of missing(db, state.cursor, undefined, [])) {
    await write(await ask(gone.map(nothingOf)));
    yield {state, progress};
  }
  return true;
}

/** Parts that are asked about while those before them are compared and written: one for the storage, one for the database. */
const mostAhead = 2;
/** Tags and manifests in a part where others ask too: whoever meets the work on one waits. Then it rests as long as it worked, and nothing is asked ahead. */
const smallPartSize = 400;
/** In milliseconds, whatever a part took. */
const longestRest = 2000;

async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await pause(Math.min(ms, longestRest), undefined, {signal}).catch(() => {
    signal.throwIfAborted();
  });
}

/** Each with its answer, which is asked for while those before it are still at work. */
async function* inAdvance<T, R>(
  source: AsyncIterable<T>,
  ask: (item: T) => Promise<R>,
  ahead: () => number,
): AsyncGenerator<readonly [T, R]> {
  const waiting: {readonly item: T; readonly asked: Promise<R>}[] = [];
  for await (const item of source) {
    const asked = ask(item);
    // Nobody waits for it where the work ends before.
    asked.catch(() => undefined);
    waiting.push({item, asked});
    for (let first; waiting.length > ahead() && (first = waiting.shift());) {
      yield [first.item, await first.asked];
    }
  }
  for (const {item, asked} of waiting) yield [item, await asked];
}

const add = (progress: ReindexProgress, facts: readonly RepositoryFacts[]): ReindexProgress => ({
  ...progress,
  tags: progress.tags + sum(facts, ({tags}) => tags.length),
  manifests: progress.manifests + sum(facts, ({revisions}) => revisions.length),
  gone: progress.gone + sum(facts, ({exists}) => (exists ? 0 : 1)),
});

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

/** A repository that the index has and the storage has not. */
const nothingOf = (repository: RepositoryName): Sight => ({
  repository,
  exists: false,
  tags: {selection: {after: undefined, upTo: undefined}, found: new Map()},
  revisions: {selection: {after: undefined, upTo: undefined}, found: new Map()},
});

const pageSize = 500;

/** What the index has after the one and up to the other, and nobody has seen. */
async function* missing(
  db: Database['db'],
  after: string | undefined,
  upTo: RepositoryName | undefined,
  sights: readonly Sight[],
): AsyncGenerator<readonly RepositoryName[]> {
  const seen = new Set(sights.map(({repository}) => repository));
  let last = after ?? '';
  for (;;) {
    const names = await listRepositoryNames(db, {after: last, upTo, limit: pageSize});
    const gone = names.filter((name) => !seen.has(name));
    if (gone.length > 0) yield gone;
    if (names.length < pageSize) return;
    last = names.at(-1) ?? last;
  }
}
