/** Tags, and what each has pointed at. */
import {LRUCache} from 'lru-cache';
import {allOver} from '../host/all-over.ts';
import {type Digest, isDigest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import {isTag, type Tag} from '../oci/tag.ts';
import {type StorageDriver, StorageError} from './driver.ts';
import type {HistoryEntry, HistoryStore} from './history-store.ts';
import {inBatches} from './in-batches.ts';
import {repositoryKeys} from './keys.ts';
import type {LinkStore} from './link-store.ts';

/** Tags that are looked at together. */
const width = 256;

/** The tags of a repository as its directory has them. */
interface Listing {
  /** Of the directory; `undefined`: to be read again the next time. */
  readonly version: string | undefined;
  /** Sorted by bytes. */
  readonly tags: readonly Tag[];
  /** Those that were found to lead somewhere. An empty link is what a crash of another registry leaves; nobody could pull by it. */
  readonly sound: Set<Tag>;
}

export class TagStore {
  readonly #driver: StorageDriver;
  readonly #links: LinkStore;
  readonly #history: HistoryStore;
  readonly #listings = new LRUCache<RepositoryName, Listing>({
    maxSize: 200_000,
    sizeCalculation: ({tags}) => tags.length + 1,
  });

  constructor(driver: StorageDriver, links: LinkStore, history: HistoryStore) {
    this.#driver = driver;
    this.#links = links;
    this.#history = history;
  }

  async get(name: RepositoryName, tag: Tag): Promise<Digest | undefined> {
    return this.#links.read(repositoryKeys(name).tagLink(tag));
  }

  /** When its link was written; `undefined`: not there. */
  async setAt(name: RepositoryName, tag: Tag): Promise<Date | undefined> {
    return (await this.#driver.stat(repositoryKeys(name).tagLink(tag)))?.modifiedAt;
  }

  /** Points the tag at a manifest, atomically; the history knows of it before anybody can pull by it. `by`: the name of who does it. */
  async set(name: RepositoryName, tag: Tag, digest: Digest, by?: string): Promise<void> {
    const keys = repositoryKeys(name);
    await this.#changing(name, tag, async () => {
      await allOver([
        this.#history.add(name, tag, {digest, by}),
        this.#links.write(keys.tagIndexLink(tag, digest), digest),
      ]);
      await this.#links.replace(keys.tagLink(tag), digest);
    });
  }

  /** That tag alone; its directory goes whole, since an empty one is still listed by Distribution. Its history stays. False: was not there. */
  async delete(name: RepositoryName, tag: Tag, by?: string): Promise<boolean> {
    const keys = repositoryKeys(name);
    this.#listings.get(name)?.sound.delete(tag);
    const isPresent = (await this.#driver.stat(keys.tagLink(tag))) !== undefined;
    return this.#changing(name, tag, async () => {
      if (isPresent) {
        await this.#keepForeign(name, tag);
        await this.#history.add(name, tag, {by});
      }
      return (await this.#driver.deletePrefix(keys.tag(tag))) && isPresent;
    });
  }

  /** The history was written before: where the change fails it is mended, as far as that is possible then. */
  async #changing<T>(name: RepositoryName, tag: Tag, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } catch (error) {
      await this.mendHistory(name, tag).catch((failure: unknown) => {
        if (!(failure instanceof StorageError)) throw failure;
      });
      throw error;
    }
  }

  /** After a crash, or a change that failed, the history may say what never came to be, or that a tag went that is still there: then it says that as well. */
  async mendHistory(name: RepositoryName, tag: Tag): Promise<void> {
    const [last] = await this.#history.list(name, tag, {limit: 1});
    const digest = await this.get(name, tag);
    if (last && last.digest !== digest) await this.#history.add(name, tag, {digest});
  }

  /** What the tag ever pointed at as another registry has noted it, which knows no times but those of its files; the newest first. */
  async foreign(name: RepositoryName, tag: Tag): Promise<readonly HistoryEntry[]> {
    const keys = repositoryKeys(name);
    const found: HistoryEntry[] = [];
    for await (const {name: hex} of this.#driver.list(keys.tagIndex(tag))) {
      const digest = `sha256:${hex}`;
      if (!isDigest(digest)) continue;
      const link = await this.#driver.stat(keys.tagIndexLink(tag, digest));
      if (link) found.push({at: link.modifiedAt, digest, by: undefined});
    }
    return found.sort((one, other) => other.at.getTime() - one.at.getTime());
  }

  /** The newest first, at most `limit`: what was kept, and what another registry has noted beside it. */
  async history(
    name: RepositoryName,
    tag: Tag,
    page: {readonly limit: number; readonly before?: Date | undefined},
  ): Promise<readonly HistoryEntry[]> {
    const own = await this.#history.list(name, tag, page);
    const known = new Set(own.map(({digest}) => digest));
    const foreign = (await this.foreign(name, tag)).filter(
      ({digest, at}) => !known.has(digest) && (page.before === undefined || at < page.before),
    );
    return [...own, ...foreign]
      .sort((one, other) => other.at.getTime() - one.at.getTime())
      .slice(0, page.limit);
  }

  /** Its notes go with the tag. */
  async #keepForeign(name: RepositoryName, tag: Tag): Promise<void> {
    const foreign = await this.foreign(name, tag);
    if (foreign.length === 0) return;
    const known = await this.#history.digests(name, tag);
    for (const entry of foreign) {
      if (!known.has(entry.digest)) await this.#history.add(name, tag, entry);
    }
  }

  /** All names under which there may be a tag, sorted by bytes: for whoever reads each of them anyway. */
  async *names(name: RepositoryName): AsyncGenerator<Tag> {
    for await (const {name: tag, kind} of this.#driver.list(repositoryKeys(name).tags)) {
      if (kind === 'prefix' && isTag(tag)) yield tag;
    }
  }

  /** Those that lead to one of these. */
  async leadingTo(name: RepositoryName, digests: readonly Digest[]): Promise<readonly Tag[]> {
    const found: Tag[] = [];
    for await (const tags of inBatches(this.names(name), width)) {
      const targets = await Promise.all(tags.map(async (tag) => this.get(name, tag)));
      found.push(
        ...tags.filter((_, at) => {
          const target = targets[at];
          return target && digests.includes(target);
        }),
      );
    }
    return found;
  }

  /** Sorted by bytes, strictly after `after`, at most `limit`. */
  async list(
    name: RepositoryName,
    {after = '', limit = Infinity}: {readonly after?: string; readonly limit?: number} = {},
  ): Promise<readonly Tag[]> {
    const {tags, sound} = await this.#listing(name);
    const found: Tag[] = [];
    let at = after === '' ? 0 : tags.findIndex((tag) => tag > after);
    while (at >= 0 && at < tags.length && found.length < limit) {
      const batch = tags.slice(at, at + Math.min(width, limit - found.length));
      const unknown = batch.filter((tag) => !sound.has(tag));
      await Promise.all(
        unknown.map(async (tag) => {
          const link = await this.#driver.stat(repositoryKeys(name).tagLink(tag));
          if (link?.size) sound.add(tag);
        }),
      );
      found.push(...batch.filter((tag) => sound.has(tag)));
      at += batch.length;
    }
    return found;
  }

  async #listing(name: RepositoryName): Promise<Listing> {
    const prefix = repositoryKeys(name).tags;
    const version = await this.#driver.prefixVersion?.(prefix);
    const known = this.#listings.get(name);
    if (known && known.version === version) return known;
    const tags: Tag[] = [];
    for await (const tag of this.names(name)) tags.push(tag);
    const listing = {version, tags, sound: new Set<Tag>()};
    if (version === undefined) this.#listings.delete(name);
    else this.#listings.set(name, listing);
    return listing;
  }
}
