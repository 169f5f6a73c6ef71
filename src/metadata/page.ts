/** Lists come in pages, sorted by the bytes of the names. */
import {type SelectQueryBuilder, sql} from 'kysely';
import type {Schema} from './schema.ts';

export interface Page {
  /** The last name of the page before; from the beginning unless given. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page by its number, in the order that somebody has asked for. */
export interface SortedPage<K extends string> {
  readonly sort: K;
  readonly isDescending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** A page, and how many there are on all pages. */
export interface Counted<T> {
  readonly items: readonly T[];
  readonly total: number;
}

const longest = 1000;

/** A page is never larger than a client's patience. */
export const pageSize = ({limit}: Pick<Page, 'limit'>): number =>
  Math.min(Math.max(Math.trunc(limit), 1), longest);

/** Of all that a query finds, the page that is wanted, by the column that stands for its order; where many have the same there, by `tie`. */
export async function countedPage<TB extends keyof Schema, Row>(
  query: SelectQueryBuilder<Schema, TB, object>,
  {
    page,
    columns,
    tie,
    select,
  }: {
    readonly page: SortedPage<string>;
    readonly columns: Readonly<Record<string, string>>;
    readonly tie: string;
    readonly select: (
      query: SelectQueryBuilder<Schema, TB, object>,
    ) => SelectQueryBuilder<Schema, TB, Row>;
  },
): Promise<Counted<Row>> {
  const {total} = await query
    .select(({fn}) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const items = await select(query)
    .orderBy(sql.ref(columns[page.sort] ?? tie), page.isDescending ? 'desc' : 'asc')
    .orderBy(sql.ref(tie))
    .limit(pageSize(page))
    .offset(page.offset)
    .execute();
  return {items, total};
}
