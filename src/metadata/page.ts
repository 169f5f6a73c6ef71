/** Lists come in pages, sorted by the bytes of the names. */

export interface Page {
  /** The last name of the page before; from the beginning unless given. */
  readonly after?: string | undefined;
  readonly limit: number;
}

const longest = 1000;

/** A page is never larger than a client's patience. */
export const pageSize = ({limit}: Page): number =>
  Math.min(Math.max(Math.trunc(limit), 1), longest);
