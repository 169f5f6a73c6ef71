/** Which node takes something out of a repository: one at a time for each, and the others put nothing in meanwhile. */
import type {Kysely} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Schema} from '../schema.ts';
import {isUniqueViolation} from '../unique-violation.ts';
import {pathOf} from './path.ts';

export interface Removal {
  readonly id: string;
  /** Of the node, on the volume. */
  readonly epoch: number;
}

/** Committed when it resolves. False: there is one already. */
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
    if (isUniqueViolation(error)) return false;
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
