/** All repositories. */
import type {RepositoryName} from '../oci/name.ts';
import {listRepositoryNames} from '../metadata/content/repositories.ts';
import type {Stores} from '../storage/stores.ts';
import type {OpenIndex} from './index/open-index.ts';
import {type Page, takePage} from './page.ts';

const defaultSize = 1000;
const largestSize = 10_000;

export class Catalog {
  readonly #stores: Stores;
  readonly #index: OpenIndex;

  constructor(stores: Stores, index: OpenIndex) {
    this.#stores = stores;
    this.#index = index;
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
    const list = await this.#source();
    return takePage(Math.min(size, largestSize), (limit) =>
      isVisible ? visible(list, isVisible, {after, limit, signal}) : list({after, limit}),
    );
  }

  /** The index, once it has all; what was pushed here a moment ago is in it. */
  async #source(): Promise<List> {
    const {content, db} = this.#index;
    if (!(await this.#index.isComplete())) {
      return async (page) => this.#stores.repositories.list(page);
    }
    await content.settled();
    return async (page) => listRepositoryNames(db, page);
  }
}

type List = (page: {
  readonly after: string;
  readonly limit: number;
}) => Promise<readonly RepositoryName[]>;

/** Reads on until a page is full: what the caller must not see leaves no gap to count. */
async function visible(
  list: List,
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
    const names = await list({after: last, limit: atOnce});
    found.push(...names.filter(isVisible));
    if (found.length >= limit || names.length < atOnce) return found.slice(0, limit);
    last = names.at(-1) ?? last;
  }
}
