/** Which node takes something out of a repository: one at a time for each, and the others put nothing in meanwhile. */
import type {Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {isUntied} from '../transact.ts';
import {isUniqueViolation} from '../unique-violation.ts';
import {pathOf} from './path.ts';

export interface Removal {
  readonly id: string;
  /** Of the node, on the volume. */
  readonly epoch: number;
}

/** Committed when it resolves. False: there is one already, or somebody else begins one at this moment. */
export async function beginRemoval(
  db: Kysely<Schema>,
  repository: RepositoryName,
  removal: Removal,
): Promise<boolean> {
  try {
    const row = {path: pathOf(repository), ...removal};
    await db.insertInto('removals').values(row).execute();
    return true;
  } catch (error) {
    // MariaDB may hold two that wait for the same row to be a deadlock.
    if (isUniqueViolation(error) || isUntied(error)) return false;
    throw error;
  }
}

export async function readRemoval(
  db: Kysely<Schema>,
  repository: RepositoryName,
): Promise<Removal | undefined> {
  const query = db.selectFrom('removals').select(['id', 'epoch']);
  return query.where('path', '=', pathOf(repository)).executeTakeFirst();
}

/** Nothing happens where it is over already. */
export async function endRemoval(db: Kysely<Schema>, id: string): Promise<void> {
  await db.deleteFrom('removals').where('id', '=', id).execute();
}
