/** How far the index is, as people ask it. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';
import {readIndexState} from './index-state.ts';
import {countChanges} from './outbox.ts';
import {countRepositories} from './repositories.ts';

export interface StoredIndexStatus {
  /** It has, or once had, all that the storage has. */
  readonly isComplete: boolean;
  /** When the look at the storage began that is under way, or was the last. */
  readonly startedAt: Date | undefined;
  /** Absent: it is not through. */
  readonly finishedAt: Date | undefined;
  /** That the index has. */
  readonly repositories: number;
  /** That are not in the index yet. */
  readonly openChanges: number;
}

export async function readIndexStatus(db: Kysely<Schema>): Promise<StoredIndexStatus> {
  const state = await readIndexState(db);
  return {
    isComplete: state?.isComplete ?? false,
    startedAt: state && new Date(state.startedAt),
    finishedAt: state?.finishedAt === undefined ? undefined : new Date(state.finishedAt),
    repositories: await countRepositories(db),
    openChanges: await countChanges(db),
  };
}
