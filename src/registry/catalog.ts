/** All repositories. */
import type {RepositoryName} from '../oci/name.ts';
import type {Stores} from '../storage/stores.ts';
import {type Page, takePage} from './page.ts';

const defaultSize = 1000;
const largestSize = 10_000;

export class Catalog {
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  async list({
    size = defaultSize,
    after = '',
    isVisible,
    signal,
  }: {
    readonly size?: number | undefined;
    readonly after?: string | undefined;
    /** Unless given, all are. */
    readonly isVisible?: ((name: RepositoryName) => boolean) | undefined;
    /** Nobody waits for it any more. */
    readonly signal?: AbortSignal;
  }): Promise<Page<RepositoryName>> {
    return takePage(Math.min(size, largestSize), (limit) =>
      isVisible
        ? this.#visible(isVisible, {after, limit, signal})
        : this.#stores.repositories.list({after, limit}),
    );
  }

  /** Reads on until a page is full: what the caller must not see leaves no gap to count. */
  async #visible(
    isVisible: (name: RepositoryName) => boolean,
    {
      after,
      limit,
      signal,
    }: {
      readonly after: string;
      readonly limit: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<readonly RepositoryName[]> {
    const found: RepositoryName[] = [];
    const atOnce = Math.max(limit, defaultSize);
    let last = after;
    for (;;) {
      signal?.throwIfAborted();
      const names = await this.#stores.repositories.list({after: last, limit: atOnce});
      found.push(...names.filter(isVisible));
      if (found.length >= limit || names.length < atOnce) return found.slice(0, limit);
      last = names.at(-1) ?? last;
    }
  }
}
