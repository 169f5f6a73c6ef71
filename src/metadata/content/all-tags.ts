/** Tags of all repositories that somebody may see, by the names of these. */
import {type Kysely, sql} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import type {Counted, SortedPage} from '../page.ts';
import type {Schema} from '../schema.ts';
import {nameOf} from './path.ts';
import {type Span, within} from './span.ts';
import {readTagRows, type TagRow} from './tag-pages.ts';

export interface TagOfRepository {
  readonly repository: RepositoryName;
  readonly row: TagRow;
}

interface Place {
  readonly path: string;
  readonly name: string;
}

/** Rows that are read together where each is looked at. */
const atOnce = 2000;
/** However many there are: so many repositories are looked at for one page. */
const mostLooked = 200_000;

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
    .select(({fn}) => fn.sum<number | string | null>('tag_count').as('total'))
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
  return {places, total: Number(total ?? 0)};
}

/** Each repository is looked at; of its tags those that are on the page are read. */
async function looked(
  db: Kysely<Schema>,
  span: Span,
  {isDescending, offset, limit}: SortedPage<'name'>,
): Promise<Found> {
  const seen = await seenIn(db, span);
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

async function seenIn(
  db: Kysely<Schema>,
  span: Span,
): Promise<{readonly path: string; readonly count: number}[]> {
  const {has = () => true} = span;
  const seen: {readonly path: string; readonly count: number}[] = [];
  let after = '';
  for (let looked = 0; looked < mostLooked; looked += atOnce) {
    const rows = await repositoriesIn(db, span)
      .select(['path', 'tag_count as count'])
      .where('path', '>', after)
      .orderBy('path')
      .limit(atOnce)
      .execute();
    seen.push(...rows.filter(({path, count}) => count > 0 && has(nameOf(path))));
    after = rows.at(-1)?.path ?? after;
    if (rows.length < atOnce) break;
  }
  return seen;
}

const repositoriesIn = (db: Kysely<Schema>, span: Span) =>
  db
    .selectFrom('repositories')
    .where((eb) => within(eb, sql.ref<string>('repositories.path'), span));
