/** All repositories. */
import {listNamesWithin, listRepositoryNames} from '../metadata/content/repositories.ts';
import {MetadataError} from '../metadata/metadata-error.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Stores} from '../storage/stores.ts';
import type {OpenIndex} from './index/open-index.ts';
import {type Page, takePage} from './page.ts';

const defaultSize = 1000;
const largestSize = 10_000;
/** Who sees more namespaces sees much of the whole list, and that is read. */
const mostRanges = 100;

interface Query {
  readonly size?: number | undefined;
  readonly after?: string | undefined;
  /** Unless given, all are. */
  readonly isVisible?: ((name: RepositoryName) => boolean) | undefined;
  /** Namespaces outside of which nothing is visible. */
  readonly namespaces?: readonly string[] | undefined;
  /** Nobody waits for it any more. */
  readonly signal?: AbortSignal;
}

type List = (page: {
  readonly after: string;
  readonly limit: number;
}) => Promise<readonly RepositoryName[]>;

export class Catalog {
  readonly #stores: Stores;
  readonly #index: Pick<OpenIndex, 'db' | 'content' | 'isComplete'>;

  constructor(stores: Stores, index: Pick<OpenIndex, 'db' | 'content' | 'isComplete'>) {
    this.#stores = stores;
    this.#index = index;
  }

  /** Out of the index; as long as that has not all, lags behind, or does not answer, out of the storage, which takes longer. */
  async list(query: Query): Promise<Page<RepositoryName>> {
    const walk: List = async (page) => this.#stores.repositories.list(page);
    try {
      // What was pushed here a moment ago is in it, or it does not answer for it.
      if ((await this.#index.isComplete()) && (await this.#index.content.settled())) {
        return await readPage(this.#indexed(query), query);
      }
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
    }
    return readPage(walk, query);
  }

  #indexed({namespaces}: Query): List {
    const {db} = this.#index;
    return namespaces && namespaces.length <= mostRanges
      ? async (page) => listNamesWithin(db, namespaces, page)
      : async (page) => listRepositoryNames(db, page);
  }
}

async function readPage(
  list: List,
  {size = defaultSize, after = '', isVisible, signal}: Query,
): Promise<Page<RepositoryName>> {
  return takePage(Math.min(size, largestSize), (limit) =>
    isVisible ? visible(list, isVisible, {after, limit, signal}) : list({after, limit}),
  );
}

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
