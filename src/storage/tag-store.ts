/** Tags, and what each has pointed at. */
import type {Digest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import {isTag, type Tag} from '../oci/tag.ts';
import type {StorageDriver} from './driver.ts';
import {repositoryKeys} from './keys.ts';
import type {LinkStore} from './link-store.ts';
import {deleteTree} from './walk.ts';

export class TagStore {
  readonly #driver: StorageDriver;
  readonly #links: LinkStore;
  readonly #now: () => Date;

  constructor(driver: StorageDriver, links: LinkStore, now: () => Date) {
    this.#driver = driver;
    this.#links = links;
    this.#now = now;
  }

  async get(name: RepositoryName, tag: Tag): Promise<Digest | undefined> {
    return this.#links.read(repositoryKeys(name).tagLink(tag));
  }

  /** Points the tag at a manifest, atomically; the history knows of it before anybody can pull by it. */
  async set(name: RepositoryName, tag: Tag, digest: Digest): Promise<void> {
    const keys = repositoryKeys(name);
    const time = this.#now().toISOString().replaceAll(':', '');
    await this.#driver.create(keys.history(tag, time, digest), Buffer.from(digest));
    await this.#links.write(keys.tagIndexLink(tag, digest), digest);
    await this.#links.replace(keys.tagLink(tag), digest);
  }

  /** That tag alone; its directory goes whole, since an empty one is still listed by Distribution. False: was not there. */
  async delete(name: RepositoryName, tag: Tag): Promise<boolean> {
    const keys = repositoryKeys(name);
    const present = await this.#links.delete(keys.tagLink(tag));
    await deleteTree(this.#driver, keys.tag(tag));
    return present;
  }

  /** Sorted by bytes, strictly after `after`. */
  async *list(name: RepositoryName, after?: string): AsyncGenerator<Tag> {
    const keys = repositoryKeys(name);
    for await (const entry of this.#driver.list(keys.tags, after === undefined ? {} : {after})) {
      const tag = entry.name;
      if (entry.kind !== 'prefix' || !isTag(tag)) continue;
      // An empty link is what a crash of another registry leaves; nobody could pull by it.
      if ((await this.#driver.stat(keys.tagLink(tag)))?.size) yield tag;
    }
  }
}
