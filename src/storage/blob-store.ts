/** The bytes of blobs and manifests, each once, under its sha256 digest. */
import {randomUUID} from 'node:crypto';
import {type Digest, digestOf} from '../oci/digest.ts';
import type {ReportDamage} from './damage.ts';
import type {ByteRange, ObjectStat, ObjectStream, StorageDriver, StorageKey} from './driver.ts';
import {blobKey, trashKey} from './keys.ts';

const emptyDigest = digestOf(new Uint8Array());

export class BlobStore {
  readonly #driver: StorageDriver;
  readonly #report: ReportDamage;
  readonly #now: () => Date;
  /** Blobs that are being put aside. */
  readonly #asides = new Map<Digest, Promise<void>>();

  constructor(driver: StorageDriver, report: ReportDamage, now: () => Date) {
    this.#driver = driver;
    this.#report = report;
    this.#now = now;
  }

  /** `undefined`: not there, or an empty file where there should be bytes. */
  async stat(digest: Digest): Promise<ObjectStat | undefined> {
    const key = blobKey(digest);
    const stat = await this.#driver.stat(key);
    if (stat?.size !== 0 || digest === emptyDigest) return stat;
    this.#report(key, 'the blob is empty');
    return undefined;
  }

  async openRead(digest: Digest, range?: ByteRange): Promise<ObjectStream | undefined> {
    return this.#driver.openRead(blobKey(digest), range);
  }

  /** The whole of a small blob, checked against its digest; `undefined`: not there, or damaged. */
  async read(digest: Digest): Promise<Buffer | undefined> {
    const key = blobKey(digest);
    const content = await this.#driver.read(key);
    if (!content) return undefined;
    if (digestOf(content) === digest) return content;
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
   * Makes a verified object the blob; `from` is gone afterwards, and may be already where a push is repeated. A blob of another size was
   * damaged: it is put aside.
   */
  async publish(from: StorageKey, digest: Digest, size: number): Promise<void> {
    const key = blobKey(digest);
    const present = await this.#driver.stat(key);
    if (present && present.size !== size) {
      this.#report(key, `the blob has ${present.size} bytes instead of ${size}`);
      await this.putAside(digest, present.size);
    }
    const isRepeated = present?.size === size && !(await this.#driver.stat(from));
    if (!isRepeated) await this.#driver.promote(from, key);
    // The bytes of a slow upload may be days old, and a collector spares what is young.
    await this.#driver.touch(key);
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

  async #moveAside(digest: Digest, size: number): Promise<void> {
    const key = blobKey(digest);
    if ((await this.#driver.stat(key))?.size !== size) return;
    const date = this.#now().toISOString().slice(0, 10);
    await this.#driver.promote(key, trashKey(date, digest, randomUUID()));
  }
}
