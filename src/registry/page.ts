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

/** Takes at most `size` items; 0 is a page of none that leads nowhere. */
export async function takePage<T extends string>(
  source: AsyncIterable<T>,
  size: number,
): Promise<Page<T>> {
  const items: T[] = [];
  if (size === 0) return {items, last: undefined};
  for await (const item of source) {
    if (items.length === size) return {items, last: items.at(-1)};
    items.push(item);
  }
  return {items, last: undefined};
}
