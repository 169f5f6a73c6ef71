/**
 * The sizes of blobs as manifests tell them: those that this process has read, and those that somebody else remembers. The disk records none: without them a
 * blob that was cut short looks like a whole one.
 */
import {LRUCache} from 'lru-cache';
import type {Descriptor} from '../oci/descriptor.ts';
import type {Digest} from '../oci/digest.ts';

/**
 * The size that some manifest tells for one of these digests, in bytes. `unknown`: no manifest names it; `undefined`: that can't be said at present. It answers
 * soon, and an outage is no error.
 */
export type RememberedSize = (
  digests: readonly Digest[],
) => Promise<number | 'unknown' | undefined>;

/** `max` in its place would take the room for all of them at the start. */
const limit = {maxSize: 50_000, sizeCalculation: () => 1};

export class BlobSizes {
  readonly #remembered: RememberedSize;
  readonly #told = new LRUCache<Digest, number | 'unknown'>(limit);
  /** Sizes of blobs whose bytes were digested because a manifest told another: that one is wrong. */
  readonly #proven = new LRUCache<Digest, number>(limit);

  constructor(remembered: RememberedSize) {
    this.#remembered = remembered;
  }

  tell(descriptors: readonly Descriptor[]): void {
    for (const {digest, size} of descriptors) this.#told.set(digest, size);
  }

  prove(digest: Digest, size: number): void {
    this.#proven.set(digest, size);
  }

  isProven(digest: Digest, size: number): boolean {
    return this.#proven.get(digest) === size;
  }

  /** In bytes; `undefined`: nothing is known. Both digests are of the same blob: manifests name it by either. */
  async find(digest: Digest, alias: Digest): Promise<number | undefined> {
    const known = this.#known(alias) ?? this.#known(digest);
    if (known !== undefined) return known === 'unknown' ? undefined : known;
    const size = await this.#remembered(digest === alias ? [digest] : [digest, alias]);
    // A manifest that was read meanwhile is the nearer witness.
    if (size !== undefined && !this.#told.has(digest)) this.#told.set(digest, size);
    return size === 'unknown' ? undefined : size;
  }

  #known(digest: Digest): number | 'unknown' | undefined {
    return this.#proven.get(digest) ?? this.#told.get(digest);
  }
}
