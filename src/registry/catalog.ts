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
  }: {
    readonly size?: number | undefined;
    readonly after?: string | undefined;
  }): Promise<Page<RepositoryName>> {
    return takePage(Math.min(size, largestSize), (limit) =>
      this.#stores.repositories.list({after, limit}),
    );
  }
}
