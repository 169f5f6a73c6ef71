/** The bytes of blobs and manifests, each once, under its sha256 digest. */
import {randomUUID} from 'node:crypto';
import type {Clock} from '../host/clock.ts';
import {type Digest, digestOf} from '../oci/digest.ts';
import type {BlobSizes} from './blob-sizes.ts';
import {readSmall, type ReportDamage} from './damage.ts';
import type {DigestThread} from './digest-thread.ts';
import {
  type ByteRange,
  type ObjectStat,
  type ObjectStream,
  type StorageDriver,
  StorageError,
  type StorageKey,
} from './driver.ts';
import {blobKey, trashKey} from './keys.ts';
import {lendChunks} from './lend-chunks.ts';

const emptyDigest = digestOf(new Uint8Array());

interface BlobStoreOptions {
  readonly report: ReportDamage;
  readonly now: Clock;
  readonly digestThread: DigestThread;
  readonly sizes: BlobSizes;
}

export class BlobStore {
  readonly #driver: StorageDriver;
  readonly #report: ReportDamage;
  readonly #now: Clock;
  readonly #digestThread: DigestThread;
  readonly #sizes: BlobSizes;
  /** Contents that were found to fit their digest. */
  readonly #verified = new WeakMap<Buffer, Digest>();
  /** Blobs of another size than a manifest tells, which are being read to find out who is wrong. */
  readonly #trials = new Map<Digest, Promise<boolean>>();
  /** Blobs that are being put aside. */
  readonly #asides = new Map<Digest, Promise<void>>();

  constructor(driver: StorageDriver, options: BlobStoreOptions) {
    this.#driver = driver;
    this.#report = options.report;
    this.#now = options.now;
    this.#digestThread = options.digestThread;
    this.#sizes = options.sizes;
  }

  /** `undefined`: not there, or not whole. `alias` is another digest by which manifests may name it. */
  async stat(digest: Digest, alias = digest): Promise<ObjectStat | undefined> {
    const key = blobKey(digest);
    const stat = await this.#driver.stat(key);
    if (!stat) return undefined;
    if (stat.size === 0 && digest !== emptyDigest) {
      this.#report(key, 'the blob is empty');
      return undefined;
    }
    const told = (await this.#sizes.find(digest, alias)) ?? stat.size;
    return told === stat.size || (await this.isWhole(digest, stat.size)) ? stat : undefined;
  }

  /**
   * Whether a blob of this size, which is not what a manifest tells, is all the same what its digest says: reads it, unless that was proven before.
   * A damaged one is put aside, so that the next push mends it.
   */
  async isWhole(digest: Digest, size: number): Promise<boolean> {
    if (this.#sizes.isProven(digest, size)) return true;
    const trial =
      this.#trials.get(digest) ??
      this.#try(digest, size).finally(() => this.#trials.delete(digest));
    this.#trials.set(digest, trial);
    return trial;
  }

  async openRead(digest: Digest, range?: ByteRange): Promise<ObjectStream | undefined> {
    return this.#driver.openRead(blobKey(digest), range);
  }

  /** Below the storage root, for a web server that sends the bytes itself; `undefined`: they are in no file. */
  localPath(digest: Digest): string | undefined {
    return this.#driver.localPath?.(blobKey(digest));
  }

  /** The whole of a small blob, checked against its digest; `undefined`: not there, or damaged. */
  async read(digest: Digest): Promise<Buffer | undefined> {
    const key = blobKey(digest);
    const content = await readSmall(this.#driver, key, this.#report);
    if (!content) return undefined;
    if (this.#verified.get(content) === digest) return content;
    if (digestOf(content) === digest) {
      this.#verified.set(content, digest);
      return content;
    }
    this.#report(key, 'the bytes do not fit their digest');
    return undefined;
  }

  /** Stores bytes in memory, and mends what lies there damaged. */
  async put(content: Uint8Array): Promise<Digest> {
    const digest = digestOf(content);
    const key = blobKey(digest);
    if (await this.#driver.create(key, content)) return digest;
    if (await this.read(digest)) await this.#driver.touch(key);
    else await this.#driver.replace(key, content);
    return digest;
  }

  /**
   * Makes a verified object the blob, in place of one that is there: nobody knows whether its bytes are still what they were. `from` is gone
   * afterwards, and may be already where a push is repeated. A blob of another size was damaged: it is put aside.
   */
  async publish(from: StorageKey, digest: Digest, size: number): Promise<void> {
    const key = blobKey(digest);
    const present = await this.#driver.stat(key);
    if (present && present.size !== size) {
      this.#report(key, `the blob has ${present.size} bytes instead of ${size}`);
      await this.putAside(digest, present.size);
    }
    const isRepeated = present?.size === size && !(await this.#driver.stat(from));
    if (!isRepeated) await this.#promote(from, key, size);
    // The bytes of a slow upload may be days old, and a collector spares what is young.
    await this.#driver.touch(key);
  }

  async #promote(from: StorageKey, key: StorageKey, size: number): Promise<void> {
    try {
      await this.#driver.promote(from, key);
    } catch (error) {
      // Another server may have ended the same upload meanwhile.
      const isMissing = error instanceof StorageError && error.kind === 'corrupt';
      if (!isMissing || (await this.#driver.stat(key))?.size !== size) throw error;
    }
  }

  /**
   * Moves a blob that is damaged to this size out of the way; what depends on it is pushed again by the next client. Of several that find
   * the damage one acts: a second would put aside what the first has mended.
   */
  async putAside(digest: Digest, size: number): Promise<void> {
    const moving =
      this.#asides.get(digest) ??
      this.#moveAside(digest, size).finally(() => this.#asides.delete(digest));
    this.#asides.set(digest, moving);
    return moving;
  }

  /** Tells a collector that somebody counts on the blob from now on; false: not there. */
  async touch(digest: Digest): Promise<boolean> {
    return this.#driver.touch(blobKey(digest));
  }

  async #try(digest: Digest, size: number): Promise<boolean> {
    const content = await this.#driver.openRead(blobKey(digest));
    if (!content) return false;
    const {canonical} = await this.#digestThread.digest(lendChunks(content));
    if (canonical === digest) {
      this.#sizes.prove(digest, size);
      return true;
    }
    this.#report(blobKey(digest), `the blob has ${size} bytes, and its digest is another`);
    try {
      await this.putAside(digest, size);
    } catch (error) {
      // Where nothing can be moved it is not there all the same; whoever reads need not know why.
      if (!(error instanceof StorageError)) throw error;
    }
    return false;
  }

  async #moveAside(digest: Digest, size: number): Promise<void> {
    const key = blobKey(digest);
    if ((await this.#driver.stat(key))?.size !== size) return;
    const date = this.#now().toISOString().slice(0, 10);
    await this.#driver.promote(key, trashKey(date, digest, randomUUID()));
  }
}
