/** Lists of namespaces as a client wants them: those that he may see. */
import {type Kysely, type SelectQueryBuilder, sql} from 'kysely';
import {type AnyOf, type Namespace, ofAny, toNamespace} from './namespaces.ts';
import {countedPage} from './counted-page.ts';
import {containing} from './content/span.ts';
import type {Counted, SortedPage} from './page.ts';
import type {Schema} from './schema.ts';

const columns = {
  name: 'name',
  id: 'id',
  description: 'description',
  visibility: 'visibility',
  created_at: 'created_at',
} as const;

export interface SeenNamespaces {
  /** Absent: all. */
  readonly anyOf?: AnyOf | undefined;
  /** Of those, the ones of these names and what lies below them. */
  readonly within?: readonly string[] | undefined;
  /** Of one of these teams. */
  readonly teamIds?: readonly string[] | undefined;
  /** Of none of these. */
  readonly notOf?: readonly string[] | undefined;
  /** Somewhere in the name. */
  readonly text?: string | undefined;
}

export async function pageOfNamespaces(
  db: Kysely<Schema>,
  page: SortedPage<keyof typeof columns> & SeenNamespaces,
): Promise<Counted<Namespace>> {
  const query = seen(db, page);
  if (!query) return {items: [], total: 0};
  const {items, total} = await countedPage(query, {
    page,
    columns,
    tie: 'name',
    select: (all) => all.selectAll(),
  });
  return {items: items.map(toNamespace), total};
}

/** `undefined`: none can be. */
function seen(
  db: Kysely<Schema>,
  {anyOf, within, teamIds, notOf = [], text}: SeenNamespaces,
): SelectQueryBuilder<Schema, 'namespaces', object> | undefined {
  let query = db.selectFrom('namespaces');
  if (teamIds?.length === 0) return undefined;
  if (teamIds !== undefined) query = query.where('team_id', 'in', teamIds);
  if (notOf.length > 0) query = query.where('team_id', 'not in', notOf);
  if (text !== undefined) query = query.where(containing(sql.ref('namespaces.name'), text));
  if (anyOf !== undefined) {
    const condition = ofAny(anyOf);
    if (!condition) return undefined;
    query = query.where(condition);
  }
  if (within === undefined) return query;
  if (within.length === 0) return undefined;
  return query.where((eb) =>
    eb.or([
      eb('name', 'in', within),
      // What begins with `name/`, by bytes: `0` comes after the slash.
      ...within
        .filter((name) => name !== '')
        .map((name) => eb.and([eb('name', '>', `${name}/`), eb('name', '<', `${name}0`)])),
    ]),
  );
}
