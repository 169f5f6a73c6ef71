/** Byte ranges: of a download (RFC 9110) and of an upload's chunk (the specification's own form). */

export interface Range {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/**
 * The `Range` header of a download against a size. `undefined`: the whole is to be sent (no header, another unit, several ranges or bad
 * syntax, all of which RFC 9110 lets a server ignore).
 */
export function parseRange(
  header: string | undefined,
  size: number,
): Range | 'unsatisfiable' | undefined {
  const match = /^bytes=\s*(\d*)-(\d*)\s*$/i.exec(header ?? '');
  if (!match) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    if (last === '') return undefined;
    const length = Number(last);
    if (length === 0 || size === 0) return 'unsatisfiable';
    return {start: Math.max(0, size - length), end: size - 1};
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return end < start ? 'unsatisfiable' : {start, end};
}

/** The `Content-Range` of a chunk, `<first>-<last>`; `undefined`: not of that form, or the last comes before the first. */
export function parseContentRange(header: string): Range | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(header);
  if (!match) return undefined;
  const range = {start: Number(match[1]), end: Number(match[2])};
  return range.end < range.start ? undefined : range;
}

/** The `Range` header of an upload's answer. An empty upload is `0-0` too: the field has always said so. */
export const uploadRange = (size: number): string => `0-${Math.max(0, size - 1)}`;
