/** The tags of a repository. */
import {RegistryError} from '../oci/errors.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Tag} from '../oci/tag.ts';
import type {Stores} from '../storage/stores.ts';
import {type Page, takePage} from './page.ts';

export class Tags {
  readonly #stores: Stores;

  constructor(stores: Stores) {
    this.#stores = stores;
  }

  /** Sorted by bytes, all of them unless `size` says fewer. Throws NAME_UNKNOWN. */
  async list(
    name: RepositoryName,
    {
      size = Infinity,
      after = '',
    }: {readonly size?: number | undefined; readonly after?: string | undefined},
  ): Promise<Page<Tag>> {
    if (!(await this.#stores.repositories.exists(name))) {
      throw new RegistryError('NAME_UNKNOWN', {detail: {name}});
    }
    return takePage(size, (limit) => this.#stores.tags.list(name, {after, limit}));
  }
}
