/** Finds out how changes ended that a process had begun and did not bring into the index, because it was killed. */
import type {Clock} from '../host/clock.ts';
import {readTagsOf} from '../metadata/content/held.ts';
import {listChanges, type OpenChange} from '../metadata/content/outbox.ts';
import type {Log} from '../observability/log.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {OpenIndex} from '../registry/index/open-index.ts';
import {isOfOneObject} from '../storage/damage.ts';
import type {Job} from './job.ts';

/** In milliseconds. One that is younger may still be under way. */
const settled = 60_000;
const interval = 30_000;
const atOnce = 500;

type Index = Pick<OpenIndex, 'content' | 'db' | 'stores'>;

/** At the start, all that an earlier process has left; then what is old. `isShared`: other nodes change things at the same time. */
export function unfinishedChanges(
  index: Index,
  {isShared, now, log}: {readonly isShared: boolean; readonly now: Clock; readonly log: Log},
): Job {
  const start = now().getTime();
  let isFirst = true;
  return {
    task: 'unfinished-changes',
    name: 'look at unfinished changes',
    interval,
    firstAfter: 0,
    work: async (signal) => {
      // Of another node that lives some may be under way at a start.
      const before = isFirst && !isShared ? start : now().getTime() - settled;
      const mend = async (change: OpenChange): Promise<void> => {
        await mendHistory(index, change).catch((error: unknown) => {
          if (!isOfOneObject(error)) throw error;
          log.error({err: error, repository: change.repository}, 'history of a tag not mended');
        });
      };
      await followAll(index, {before, signal, mend: isFirst || isShared ? mend : undefined});
      isFirst = false;
    },
  };
}

interface Following {
  /** In ms: changes that were begun before. */
  readonly before: number;
  readonly signal: AbortSignal;
  /** What is done before the index is told. */
  readonly mend: ((change: OpenChange) => Promise<void>) | undefined;
}

async function followAll(index: Index, {before, signal, mend}: Following): Promise<void> {
  const seen = new Set<string>();
  for (;;) {
    const changes = await listChanges(index.db, {before, limit: atOnce});
    const fresh = changes.filter(({id}) => !seen.has(id));
    for (const change of fresh) {
      if (signal.aborted) return;
      seen.add(change.id);
      await mend?.(change);
      index.content.follow(change);
    }
    if (changes.length < atOnce || fresh.length === 0) return;
    await index.content.settled();
  }
}

/** A history that was written before a tag was set, or deleted, may say what did not come to be. */
async function mendHistory({db, stores}: Index, change: OpenChange): Promise<void> {
  const {repository, digests, tags} = change;
  if (digests.length + tags.length === 0) {
    await mendAll(stores, repository);
    return;
  }
  const others = await readTagsOf(db, repository, digests);
  for (const tag of new Set([...tags, ...others])) await stores.tags.mendHistory(repository, tag);
}

/** Of a repository that was being deleted whole. */
async function mendAll(
  {history, tags}: Index['stores'],
  repository: RepositoryName,
): Promise<void> {
  for await (const tag of history.tags(repository)) await tags.mendHistory(repository, tag);
}
