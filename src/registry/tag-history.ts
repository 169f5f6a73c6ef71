/** What tags have pointed at, and how one is put back. */
import type {Origin} from '../metadata/events/event.ts';
import type {Digest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {Tag} from '../oci/tag.ts';
import type {HistoryEntry} from '../storage/history-store.ts';
import {inBatches} from '../storage/in-batches.ts';
import type {Stores} from '../storage/stores.ts';
import type {Manifests} from './manifests.ts';

export interface PastTarget extends HistoryEntry {
  /** Whether the tag can be put back to it: the repository holds the manifest still. */
  readonly isHeld: boolean;
}

export interface DeletedTag {
  readonly tag: Tag;
  /** Absent: the history does not say. */
  readonly deletedAt: Date | undefined;
  readonly deletedBy: string | undefined;
  /** What it pointed at last. */
  readonly digest: Digest | undefined;
  readonly isHeld: boolean;
}

/** `unknown`: it never pointed at that. */
export type Restored = 'restored' | 'unknown' | {readonly gone: readonly string[]};

/** Entries that are looked through for what a tag has pointed at. */
const mostEntries = 10_000;
/** Tags that are looked at for one page of those that were deleted. */
const mostLooked = 5000;
const width = 32;

export class TagHistory {
  readonly #stores: Stores;
  readonly #manifests: Pick<Manifests, 'tag'>;

  constructor(stores: Stores, manifests: Pick<Manifests, 'tag'>) {
    this.#stores = stores;
    this.#manifests = manifests;
  }

  /** The newest first. Empty: there is none. */
  async list(
    name: RepositoryName,
    tag: Tag,
    page: {readonly limit: number; readonly before?: Date | undefined},
  ): Promise<readonly PastTarget[]> {
    const entries = await this.#stores.tags.history(name, tag, page);
    const held = new Map<Digest, Promise<boolean>>();
    return Promise.all(
      entries.map(async (entry) => {
        const {digest} = entry;
        if (!digest) return {...entry, isHeld: false};
        const known = held.get(digest) ?? this.#isHeld(name, digest);
        held.set(digest, known);
        return {...entry, isHeld: await known};
      }),
    );
  }

  /** Sorted by name, after `after`; `last`: where the next page begins. */
  async deleted(
    name: RepositoryName,
    {after = '', limit}: {readonly after?: string | undefined; readonly limit: number},
  ): Promise<{readonly items: readonly DeletedTag[]; readonly last: Tag | undefined}> {
    const {history, tags} = this.#stores;
    const found: DeletedTag[] = [];
    let looked = 0;
    for await (const names of inBatches(history.tags(name, after), width)) {
      const gone = await Promise.all(
        names.map(async (tag) => ((await tags.get(name, tag)) ? undefined : this.#gone(name, tag))),
      );
      for (const [at, tag] of names.entries()) {
        const deleted = gone[at];
        if (deleted) found.push(deleted);
        if (found.length === limit) return {items: found, last: tag};
      }
      looked += names.length;
      if (looked >= mostLooked) return {items: found, last: names.at(-1)};
    }
    return {items: found, last: undefined};
  }

  /** To something it has pointed at, be the tag there or not. */
  async restore(
    name: RepositoryName,
    tag: Tag,
    {digest, origin}: {readonly digest: Digest; readonly origin: Origin},
  ): Promise<Restored> {
    const entries = await this.#stores.tags.history(name, tag, {limit: mostEntries});
    if (!entries.some((entry) => entry.digest === digest)) return 'unknown';
    const gone = await this.#manifests.tag(name, tag, {digest, origin});
    return gone.length === 0 ? 'restored' : {gone};
  }

  async #gone(name: RepositoryName, tag: Tag): Promise<DeletedTag | undefined> {
    const entries = await this.#stores.history.list(name, tag, {limit: 2});
    const [last] = entries;
    if (!last) return undefined;
    const digest = entries.find((entry) => entry.digest)?.digest;
    const deletion = last.digest ? undefined : last;
    return {
      tag,
      deletedAt: deletion?.at,
      deletedBy: deletion?.by,
      digest,
      isHeld: digest !== undefined && (await this.#isHeld(name, digest)),
    };
  }

  async #isHeld(name: RepositoryName, digest: Digest): Promise<boolean> {
    return (await this.#stores.manifests.look(name, digest)) !== undefined;
  }
}
