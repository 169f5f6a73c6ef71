/** Compares the whole storage with the index, and mends the index: never the storage. */
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import {
  type IndexState,
  readIndexState,
  writeIndexState,
} from '../../metadata/content/index-state.ts';
import {listRepositoryNames} from '../../metadata/content/repositories.ts';
import {writeIndex} from '../../metadata/content/write-index.ts';
import type {Database} from '../../metadata/database.ts';
import type {RepositoryName} from '../../oci/name.ts';
import {compare, type ReportUnreadable} from './compare.ts';
import type {Sight, Survey} from './survey.ts';

export interface ReindexProgress {
  /** Looked at so far. */
  readonly repositories: number;
  /** Differences that were found, and mended. */
  readonly tags: number;
  readonly manifests: number;
}

interface ReindexOptions {
  readonly db: Database['db'];
  readonly survey: Survey;
  readonly now: () => Date;
  /** A manifest that can't be read is told here, and left out. */
  readonly report: ReportUnreadable;
}

/**
 * From the beginning, or from where one that was cut off had come to. Resolves when all was looked at. Rejects as the database and the storage do, and with the
 * signal's reason; what it has found by then is written.
 */
export async function reindex(
  {db, survey, now, report}: ReindexOptions,
  {
    signal,
    onProgress = () => undefined,
  }: {
    readonly signal: AbortSignal;
    readonly onProgress?: (progress: ReindexProgress) => void;
  },
): Promise<ReindexProgress> {
  let state = begin(await readIndexState(db), now().getTime());
  let progress = {repositories: state.repositories, tags: 0, manifests: 0};
  const count = (facts: readonly RepositoryFacts[]): void => {
    progress = {
      ...progress,
      tags: progress.tags + sum(facts, ({tags}) => tags.length),
      manifests: progress.manifests + sum(facts, ({revisions}) => revisions.length),
    };
  };
  for await (const sights of survey.walk(state.cursor ?? '')) {
    signal.throwIfAborted();
    // The last may go on in the next part.
    const last = sights.at(-1)?.repository;
    const gone = await missing(db, state.cursor ?? '', last, sights);
    const facts = await compare({db, survey, report}, [...sights, ...gone.map(nothingOf)]);
    await writeIndex(db, {repositories: facts.filter(isOther)});
    count(facts);
    const names = new Set(sights.map(({repository}) => repository));
    if (state.cursor !== undefined) names.delete(state.cursor as RepositoryName);
    progress = {...progress, repositories: progress.repositories + names.size};
    state = {...state, cursor: last, repositories: progress.repositories};
    await writeIndexState(db, state);
    onProgress(progress);
  }
  const gone = await missing(db, state.cursor ?? '', undefined, []);
  const facts = await compare({db, survey, report}, gone.map(nothingOf));
  await writeIndex(db, {repositories: facts});
  count(facts);
  const {startedAt, repositories} = state;
  const finishedAt = now().getTime();
  await writeIndexState(db, {startedAt, finishedAt, isComplete: true, repositories});
  onProgress(progress);
  return progress;
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

function begin(former: IndexState | undefined, now: number): IndexState {
  if (former && former.finishedAt === undefined) return former;
  return {startedAt: now, isComplete: former?.isComplete ?? false, repositories: 0};
}

const isOther = ({tags, revisions, isNew}: RepositoryFacts): boolean =>
  isNew || tags.length + revisions.length > 0;

/** A repository that the index has and the storage has not. */
const nothingOf = (repository: RepositoryName): Sight => ({
  repository,
  exists: false,
  tags: {selection: {after: undefined, upTo: undefined}, found: new Map()},
  revisions: {selection: {after: undefined, upTo: undefined}, found: new Map()},
});

const pageSize = 1000;

/** What the index has after the one and up to the other, and nobody has seen. */
async function missing(
  db: Database['db'],
  after: string,
  upTo: RepositoryName | undefined,
  sights: readonly Sight[],
): Promise<readonly RepositoryName[]> {
  const seen = new Set(sights.map(({repository}) => repository));
  const found: RepositoryName[] = [];
  let last = after;
  for (;;) {
    const names = await listRepositoryNames(db, {after: last, upTo, limit: pageSize});
    found.push(...names.filter((name) => !seen.has(name)));
    if (names.length < pageSize) return found;
    last = names.at(-1) ?? last;
  }
}
