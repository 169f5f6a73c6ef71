/** What decides about rights, asked for in bulk: a handful of queries for however many names. */
import type {Kysely} from 'kysely';
import {inBatches} from './batches.ts';
import type {Schema} from './schema.ts';
import type {Visibility} from './words.ts';

/** A namespace with the name of its team. */
export interface OwnedNamespace {
  readonly name: string;
  readonly teamId: string;
  readonly teamName: string;
  readonly visibility: Visibility;
}

const owned = (db: Kysely<Schema>) =>
  db
    .selectFrom('namespaces')
    .innerJoin('teams', 'teams.id', 'namespaces.team_id')
    .select([
      'namespaces.name as name',
      'teams.id as teamId',
      'teams.name as teamName',
      'namespaces.visibility as visibility',
    ]);

/** Those of the names that there are. */
export async function findOwnedNamespaces(
  db: Kysely<Schema>,
  names: readonly string[],
): Promise<readonly OwnedNamespace[]> {
  const found: OwnedNamespace[] = [];
  for (const part of inBatches(names)) {
    found.push(...(await owned(db).where('namespaces.name', 'in', part).execute()));
  }
  return found;
}

export async function listOwnedNamespaces(db: Kysely<Schema>): Promise<readonly OwnedNamespace[]> {
  return owned(db).execute();
}

/** Those of the names that accounts have. */
export async function findAccountNames(
  db: Kysely<Schema>,
  names: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const part of inBatches(names)) {
    const rows = await db.selectFrom('users').select('name').where('name', 'in', part).execute();
    found.push(...rows.map(({name}) => name));
  }
  return found;
}
