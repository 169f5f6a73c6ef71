/** Lists of repositories as a person wants them: filtered, in any order, by pages. */
import {type Kysely, sql} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import {type Counted, emptyLeast, type SortedPage} from '../page.ts';
import type {Schema} from '../schema.ts';
import {nameOf, pathOf} from './path.ts';
import {atOnce, containing, inNamespace, lookThrough, type Span, within} from './span.ts';

export const repositoryOrders = ['name', 'pushed_at', 'pulled_at', 'tags', 'pulls'] as const;
export type RepositoryOrder = (typeof repositoryOrders)[number];

export interface RepositoryRow {
  readonly name: RepositoryName;
  readonly tags: number;
  /** In ms. */
  readonly pushedAt: number | undefined;
  readonly pulls: number;
  readonly lastPulledAt: number | undefined;
}

export interface RepositoryFilter {
  readonly span: Span;
  readonly namespace?: string | undefined;
  readonly starredBy?: string | undefined;
  /** Somewhere in the name. */
  readonly text?: string | undefined;
}

export async function pageOfRepositories(
  db: Kysely<Schema>,
  filter: RepositoryFilter,
  page: SortedPage<RepositoryOrder>,
): Promise<Counted<RepositoryRow>> {
  const {has} = filter.span;
  const {paths, total} = has ? await looked(db, filter, page) : await asked(db, filter, page);
  return {items: await readRepositories(db, paths.map(nameOf)), total};
}

/** In the order of the names; those that are not there are left out. */
export async function readRepositories(
  db: Kysely<Schema>,
  names: readonly RepositoryName[],
): Promise<readonly RepositoryRow[]> {
  if (names.length === 0) return [];
  const paths = names.map(pathOf);
  const rows = await db.selectFrom('repositories').selectAll().where('path', 'in', paths).execute();
  const pulled = await db
    .selectFrom('pulls')
    .select(({fn}) => [
      'path',
      fn.sum<number>('pulls').as('pulls'),
      fn.max('last_pulled_at').as('last'),
    ])
    .where('path', 'in', paths)
    // A pull by tag counts for the digest, too.
    .where('reference', 'like', '%:%')
    .groupBy('path')
    .execute();
  const byPath = new Map(rows.map((row) => [row.path, row]));
  const pulls = new Map(pulled.map((row) => [row.path, row]));
  return paths.flatMap((path) => {
    const row = byPath.get(path);
    if (!row) return [];
    const own = pulls.get(path);
    return [
      {
        name: nameOf(path),
        tags: row.tag_count,
        pushedAt: row.pushed_at ?? undefined,
        pulls: own?.pulls ?? 0,
        lastPulledAt: own?.last,
      },
    ];
  });
}

interface Found {
  readonly paths: readonly string[];
  readonly total: number;
}

/** The engine filters, sorts and counts. */
async function asked(
  db: Kysely<Schema>,
  filter: RepositoryFilter,
  page: SortedPage<RepositoryOrder>,
): Promise<Found> {
  const {sort, offset, limit} = page;
  const direction = page.isDescending ? 'desc' : 'asc';
  const {total} = await candidates(db, filter)
    .select(({fn}) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const rows = await candidates(db, filter)
    .select('repositories.path')
    // By the column itself, which has an index.
    .$if(sort === 'pushed_at', (query) => query.orderBy('repositories.pushed_at', emptyLeast(page)))
    .$if(sort !== 'name' && sort !== 'pushed_at', (query) =>
      query.orderBy(orderOf(sort), direction),
    )
    .orderBy('repositories.path', sort === 'name' ? direction : 'asc')
    .limit(limit)
    .offset(offset)
    .execute();
  return {paths: rows.map(({path}) => path), total};
}

/** Each is looked at. */
async function looked(
  db: Kysely<Schema>,
  filter: RepositoryFilter,
  {sort, isDescending, offset, limit}: SortedPage<RepositoryOrder>,
): Promise<Found> {
  const found = await lookThrough(filter.span, async (after) =>
    candidates(db, filter)
      .select(['repositories.path', orderOf(sort).as('rank')])
      .where('repositories.path', '>', after)
      .orderBy('repositories.path')
      .limit(atOnce)
      .execute(),
  );
  if (sort !== 'name') found.sort((one, other) => one.rank - other.rank);
  if (isDescending) found.reverse();
  return {
    paths: found.slice(offset, offset + limit).map(({path}) => path),
    total: found.length,
  };
}

function candidates(db: Kysely<Schema>, {span, namespace, starredBy, text}: RepositoryFilter) {
  const path = sql.ref<string>('repositories.path');
  let query = db.selectFrom('repositories').where((eb) => within(eb, path, span));
  if (namespace !== undefined) query = query.where(inNamespace(path, namespace));
  if (text !== undefined) query = query.where(containing(path, pathOf(text)));
  if (starredBy !== undefined) {
    query = query.where('repositories.path', 'in', (eb) =>
      eb.selectFrom('stars').select('stars.path').where('user_id', '=', starredBy),
    );
  }
  return query;
}

function orderOf(sort: RepositoryOrder) {
  switch (sort) {
    case 'name':
      return sql<number>`0`;
    case 'pushed_at':
      return sql<number>`coalesce(repositories.pushed_at, 0)`;
    case 'pulled_at':
      return sql<number>`(select coalesce(max(pulls.last_pulled_at), 0) from pulls where pulls.path = repositories.path)`;
    case 'tags':
      return sql<number>`repositories.tag_count`;
    case 'pulls':
      return sql<number>`(select coalesce(sum(pulls.pulls), 0) from pulls where pulls.path = repositories.path and pulls.reference like '%:%')`;
  }
}
