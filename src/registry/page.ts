/** Part of a long list, and where the next part begins. */
import {RegistryError} from '../oci/errors.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** The last item of this page, where more follow. */
  readonly last: string | undefined;
}

/** The `n` of a query; `undefined`: not given. Throws SIZE_INVALID. */
export function parsePageSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new RegistryError('SIZE_INVALID', {
    message: 'n must be a whole number',
    detail: {n: text.slice(0, 64)},
  });
}

/** At most `size` items; 0 is a page of none that leads nowhere. `read` answers no more than it is asked for. */
export async function takePage<T extends string>(
  size: number,
  read: (limit: number) => Promise<readonly T[]>,
): Promise<Page<T>> {
  if (size === 0) return {items: [], last: undefined};
  // One more tells whether another page follows.
  const found = await read(size + 1);
  if (found.length <= size) return {items: found, last: undefined};
  const items = found.slice(0, size);
  return {items, last: items.at(-1)};
}
