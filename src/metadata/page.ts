/** Lists come in pages, sorted by the bytes of the names. */
import type {OrderByModifiersCallbackExpression} from 'kysely';

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

/** By a column that may be empty: what is empty counts as the least on every engine. */
export const emptyLeast =
  ({isDescending}: Pick<SortedPage<string>, 'isDescending'>): OrderByModifiersCallbackExpression =>
  (it) =>
    isDescending ? it.desc().nullsLast() : it.asc().nullsFirst();

const longest = 1000;

/** A page is never larger than a client's patience. */
export const pageSize = ({limit}: Pick<Page, 'limit'>): number =>
  Math.min(Math.max(Math.trunc(limit), 1), longest);
