/**
 * The sizes of blobs as manifests tell them, as far as this process has read any. The disk records none: without them a blob that was cut short
 * looks like a whole one.
 */
import {LRUCache} from 'lru-cache';
import type {Descriptor} from '../oci/descriptor.ts';
import type {Digest} from '../oci/digest.ts';

/** `max` in its place would take the room for all of them at the start. */
const limit = {maxSize: 50_000, sizeCalculation: () => 1};

export class BlobSizes {
  readonly #told = new LRUCache<Digest, number>(limit);
  /** Sizes of blobs whose bytes were digested because a manifest told another: that one is wrong. */
  readonly #proven = new LRUCache<Digest, number>(limit);

  tell(descriptors: readonly Descriptor[]): void {
    for (const {digest, size} of descriptors) this.#told.set(digest, size);
  }

  prove(digest: Digest, size: number): void {
    this.#proven.set(digest, size);
  }

  isProven(digest: Digest, size: number): boolean {
    return this.#proven.get(digest) === size;
  }

  /** In bytes; `undefined`: nothing is known. */
  get(digest: Digest): number | undefined {
    return this.#proven.get(digest) ?? this.#told.get(digest);
  }
}
