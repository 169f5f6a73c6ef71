/** Namespaces: what stands before the last component of repositories' names, whose it is and who may see it. */
import {randomUUID} from 'node:crypto';
import type {ExpressionBuilder, Kysely, Selectable} from 'kysely';
import type {RepositoryName} from '../oci/name.ts';
import {namespacesAbove} from '../oci/owning-namespace.ts';
import {type Page, pageSize} from './page.ts';
import {changing} from './revisions.ts';
import type {NamespacesTable, Schema} from './schema.ts';
import type {Visibility} from './words.ts';

export interface Namespace {
  readonly id: string;
  /** Empty: the root namespace. */
  readonly name: string;
  readonly teamId: string;
  readonly visibility: Visibility;
  readonly description: string;
  readonly createdAt: number;
}

export const toNamespace = (row: Selectable<NamespacesTable>): Namespace => ({
  id: row.id,
  name: row.name,
  teamId: row.team_id,
  visibility: row.visibility,
  description: row.description,
  createdAt: row.created_at,
});

const all = (db: Kysely<Schema>) => db.selectFrom('namespaces').selectAll();

export async function findNamespace(
  db: Kysely<Schema>,
  id: string,
): Promise<Namespace | undefined> {
  const row = await all(db).where('id', '=', id).executeTakeFirst();
  return row && toNamespace(row);
}

/** '' finds the root namespace. */
export async function findNamespaceByName(
  db: Kysely<Schema>,
  name: string,
): Promise<Namespace | undefined> {
  const row = await all(db).where('name', '=', name).executeTakeFirst();
  return row && toNamespace(row);
}

/** Those that exist around a repository, the longest first: that one decides. */
export async function findNamespacesOf(
  db: Kysely<Schema>,
  repository: RepositoryName,
): Promise<readonly Namespace[]> {
  const rows = await all(db).where('name', 'in', namespacesAbove(repository)).execute();
  return rows.map(toNamespace).sort((one, other) => other.name.length - one.name.length);
}

/** Those of one of these teams, or of one of these visibilities. */
export interface AnyOf {
  readonly teamIds: readonly string[];
  readonly visibilities: readonly Visibility[];
}

/** `undefined`: none is. An empty list can't be asked for on every engine. */
export function ofAny({teamIds, visibilities}: AnyOf) {
  if (teamIds.length + visibilities.length === 0) return undefined;
  return (eb: ExpressionBuilder<Schema, 'namespaces'>) =>
    eb.or([
      ...(teamIds.length > 0 ? [eb('team_id', 'in', teamIds)] : []),
      ...(visibilities.length > 0 ? [eb('visibility', 'in', visibilities)] : []),
    ]);
}

export interface NamespaceFilter {
  /** All unless given. */
  readonly anyOf?: AnyOf;
}

/** Sorted by name; the root namespace first. */
export async function listNamespaces(
  db: Kysely<Schema>,
  page: Page & NamespaceFilter,
): Promise<readonly Namespace[]> {
  let query = all(db).orderBy('name').limit(pageSize(page));
  if (page.after !== undefined) query = query.where('name', '>', page.after);
  if (page.anyOf !== undefined) {
    const condition = ofAny(page.anyOf);
    if (!condition) return [];
    query = query.where(condition);
  }
  return (await query.execute()).map(toNamespace);
}

/** Within `changing`; the name is free and the team exists. */
export async function insertNamespace(
  db: Kysely<Schema>,
  namespace: Omit<Namespace, 'id' | 'createdAt'> & {readonly now: number},
): Promise<Namespace> {
  const row: Selectable<NamespacesTable> = {
    id: randomUUID(),
    name: namespace.name,
    team_id: namespace.teamId,
    visibility: namespace.visibility,
    description: namespace.description,
    created_at: namespace.now,
  };
  await db.insertInto('namespaces').values(row).execute();
  return toNamespace(row);
}

const isTeam = async (db: Kysely<Schema>, id: string): Promise<boolean> =>
  (await db.selectFrom('teams').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;

export async function createNamespace(
  db: Kysely<Schema>,
  namespace: {
    readonly name: RepositoryName;
    readonly teamId: string;
    readonly visibility: Visibility;
    readonly description?: string | undefined;
    readonly now: number;
  },
): Promise<Namespace | 'taken' | 'unknown-team'> {
  return changing(db, async (turn) => {
    if (await findNamespaceByName(turn, namespace.name)) return 'taken';
    if (!(await isTeam(turn, namespace.teamId))) return 'unknown-team';
    return insertNamespace(turn, {...namespace, description: namespace.description ?? ''});
  });
}

export async function updateNamespace(
  db: Kysely<Schema>,
  change: {
    readonly id: string;
    readonly teamId?: string | undefined;
    readonly visibility?: Visibility | undefined;
    readonly description?: string | undefined;
  },
): Promise<'done' | 'unknown' | 'unknown-team'> {
  return changing(db, async (turn) => {
    const present = await findNamespace(turn, change.id);
    if (!present) return 'unknown';
    if (change.teamId !== undefined && !(await isTeam(turn, change.teamId))) return 'unknown-team';
    await turn
      .updateTable('namespaces')
      .set({
        team_id: change.teamId ?? present.teamId,
        visibility: change.visibility ?? present.visibility,
        description: change.description ?? present.description,
      })
      .where('id', '=', change.id)
      .execute();
    return 'done';
  });
}

/** Of what lies in it on the storage nothing is touched. */
export async function deleteNamespace(
  db: Kysely<Schema>,
  id: string,
): Promise<'done' | 'unknown' | 'root'> {
  return changing(db, async (turn) => {
    const present = await findNamespace(turn, id);
    if (!present) return 'unknown';
    if (present.name === '') return 'root';
    await turn.deleteFrom('namespaces').where('id', '=', id).execute();
    return 'done';
  });
}

/** Of those that belong to one of these teams. */
export async function listNamespaceIds(
  db: Kysely<Schema>,
  teamIds: readonly string[],
): Promise<readonly string[]> {
  if (teamIds.length === 0) return [];
  const rows = await db
    .selectFrom('namespaces')
    .select('id')
    .where('team_id', 'in', teamIds)
    .execute();
  return rows.map(({id}) => id);
}
