/** Tags of all repositories that somebody may see, by the names of these. */
import {type Kysely, sql} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Counted, SortedPage} from '../page.ts';
import type {Schema} from '../schema.ts';
import {nameOf} from './path.ts';
import {atOnce, lookThrough, type Span, within} from './span.ts';
import {readTagRows, type TagRow} from './tag-pages.ts';

export interface TagOfRepository {
  readonly repository: RepositoryName;
  readonly row: TagRow;
}

interface Place {
  readonly path: string;
  readonly name: string;
}

export async function pageOfAllTags(
  db: Kysely<Schema>,
  span: Span,
  page: SortedPage<'name'>,
): Promise<Counted<TagOfRepository>> {
  const {places, total} = span.has ? await looked(db, span, page) : await asked(db, span, page);
  const items: TagOfRepository[] = [];
  for (const [path, own] of Map.groupBy(places, (place) => place.path)) {
    const repository = nameOf(path);
    const names = own.map(({name}) => name);
    const rows = await readTagRows(db, repository, names);
    items.push(...rows.map((row) => ({repository, row})));
  }
  return {items, total};
}

interface Found {
  readonly places: readonly Place[];
  readonly total: number;
}

/** The engine filters and counts. */
async function asked(
  db: Kysely<Schema>,
  span: Span,
  {isDescending, offset, limit}: SortedPage<'name'>,
): Promise<Found> {
  const direction = isDescending ? 'desc' : 'asc';
  const {total} = await repositoriesIn(db, span)
    .select(({fn}) => fn.sum<number | null>('tag_count').as('total'))
    .executeTakeFirstOrThrow();
  const places = await db
    .selectFrom('tags')
    .select(['path', 'name'])
    .where((eb) => within(eb, sql.ref<string>('tags.path'), span))
    .orderBy('path', direction)
    .orderBy('name', direction)
    .limit(limit)
    .offset(offset)
    .execute();
  return {places, total: total ?? 0};
}

/** Each repository is looked at; of its tags those that are on the page are read. */
async function looked(
  db: Kysely<Schema>,
  span: Span,
  {isDescending, offset, limit}: SortedPage<'name'>,
): Promise<Found> {
  const seen = await lookThrough(span, async (after) =>
    repositoriesIn(db, span)
      .select(['path', 'tag_count as count'])
      .where('path', '>', after)
      .orderBy('path')
      .limit(atOnce)
      .execute(),
  );
  if (isDescending) seen.reverse();
  const places: Place[] = [];
  let total = 0;
  for (const {path, count} of seen) {
    const skipped = Math.max(offset - total, 0);
    total += count;
    if (skipped >= count || places.length >= limit) continue;
    const rows = await db
      .selectFrom('tags')
      .select(['path', 'name'])
      .where('path', '=', path)
      .orderBy('name', isDescending ? 'desc' : 'asc')
      .limit(limit - places.length)
      .offset(skipped)
      .execute();
    places.push(...rows);
  }
  return {places, total};
}

const repositoriesIn = (db: Kysely<Schema>, span: Span) =>
  db
    .selectFrom('repositories')
    .where((eb) => within(eb, sql.ref<string>('repositories.path'), span));
