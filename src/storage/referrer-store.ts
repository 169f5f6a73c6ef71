/** Which manifests of a repository have which subject. */
import {type Digest, isDigest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {StorageDriver} from './driver.ts';
import {below, repositoryKeys} from './keys.ts';
import type {LinkStore} from './link-store.ts';

export class ReferrerStore {
  readonly #driver: StorageDriver;
  readonly #links: LinkStore;

  constructor(driver: StorageDriver, links: LinkStore) {
    this.#driver = driver;
    this.#links = links;
  }

  async add(
    name: RepositoryName,
    subject: Digest,
    referrer: {readonly digest: Digest; readonly canonical: Digest},
  ): Promise<void> {
    const key = repositoryKeys(name).referrerLink(subject, referrer.digest);
    await this.#links.write(key, referrer.canonical);
  }

  async delete(name: RepositoryName, subject: Digest, referrer: Digest): Promise<void> {
    await this.#links.delete(repositoryKeys(name).referrerLink(subject, referrer));
  }

  /** The digests under which they were pushed, sorted. */
  async *list(name: RepositoryName, subject: Digest): AsyncGenerator<Digest> {
    const root = repositoryKeys(name).referrers(subject);
    for await (const algorithm of this.#driver.list(root)) {
      for await (const entry of this.#driver.list(below(root, algorithm.name))) {
        const digest = `${algorithm.name}:${entry.name}`;
        if (isDigest(digest)) yield digest;
      }
    }
  }
}
