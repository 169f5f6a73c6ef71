/** Deletes a repository whole: its tags, manifests, links to blobs, and what people said of it. Blobs are the collector's, and its history stays. */
import {forgetRepository} from '../metadata/content/notes.ts';
import type {Database} from '../metadata/database.ts';
import type {Origin} from '../metadata/events/event.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Tag} from '../oci/tag.ts';
import type {Stores} from '../storage/stores.ts';
import type {Journal} from './journal.ts';
import type {RepositoryTurns} from './repository-turns.ts';
import type {Uploads} from './uploads.ts';

interface RemovalOptions {
  readonly stores: Stores;
  readonly db: Database['db'];
  readonly journal: Journal;
  readonly turns: RepositoryTurns;
  readonly uploads: Pick<Uploads, 'cancelAll'>;
}

/** Tags that are deleted together. */
const width = 16;

/**
 * False: there is none of that name. What was cut off half-way leaves a repository that can be deleted again: its directory of manifests
 * goes last. Names go first, so that nobody pulls by one what is about to go.
 */
export type RemoveRepository = (name: RepositoryName, origin: Origin) => Promise<boolean>;

export function repositoryRemoval({
  stores,
  db,
  journal,
  turns,
  uploads,
}: RemovalOptions): RemoveRepository {
  const {repositories, tags} = stores;
  const remove = async (name: RepositoryName, actor: string | undefined): Promise<void> => {
    await forgetRepository(db, name);
    let some: Tag[] = [];
    const flush = async (): Promise<void> => {
      await Promise.all(some.map(async (tag) => tags.delete(name, tag, actor)));
      some = [];
    };
    for await (const tag of tags.names(name)) {
      some.push(tag);
      if (some.length === width) await flush();
    }
    await flush();
    await uploads.cancelAll(name);
    await repositories.remove(name);
  };
  return async (name, origin) =>
    turns.alone(name, async () => {
      if (!(await repositories.exists(name))) return false;
      // Nothing named: the index looks at all of it.
      const deed = {action: 'delete', object: 'repository'} as const;
      const change = {repository: name, digests: [], tags: [], origin, deed};
      await journal.during(change, async () => remove(name, origin.actor));
      return true;
    });
}
