/** The bytes of all sets of a directory of backups: each once, under its digest. */
import {randomUUID} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {mkdir, readdir, rm, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {secretMode, syncDirectory} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';
import {type Digest, digestHex, toDigest} from '../oci/digest.ts';
import type {StorageDriver} from '../storage/driver.ts';
import {blobKey} from '../storage/keys.ts';
import {blobPath, stagedEnd} from './layout.ts';
import {namesIn, sha256Of} from './secret-files.ts';
import {copyVerified} from './verified-copy.ts';

/** What has become of one: how many bytes it has, or why it is not there. */
export type Taken = number | 'missing' | 'damaged';

export class BlobShelf {
  readonly #root: string;
  /** What has come into them is not durable yet. */
  readonly #unsynced = new Set<string>();
  copiedBlobs = 0;
  copiedBytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** What a run that was cut off was copying. */
  async removeStaged(): Promise<void> {
    for (const name of await namesIn(this.#root)) {
      if (name.endsWith(stagedEnd)) await rm(join(this.#root, name), {force: true});
    }
  }

  /** In bytes; `undefined`: it is not here. */
  async sizeOf(digest: Digest): Promise<number | undefined> {
    try {
      return (await stat(blobPath(this.#root, digest))).size;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** Out of the storage, unless it is here: only what fits its digest comes here, and it never changes. */
  async take(driver: StorageDriver, digest: Digest, signal?: AbortSignal): Promise<Taken> {
    const present = await this.sizeOf(digest);
    const there = await driver.stat(blobKey(digest));
    // A size that differs is damage on one side, and which one it is the bytes tell.
    if (present !== undefined && (!there || there.size === present)) return present;
    const source = there && (await driver.openRead(blobKey(digest)));
    if (!source) return 'missing';
    const path = blobPath(this.#root, digest);
    await this.#makeDirectory(dirname(path));
    const staged = join(this.#root, `${randomUUID()}${stagedEnd}`);
    const copied = await copyVerified(source, {digest, staged, path, mode: secretMode, signal});
    if (copied === undefined) return present ?? 'damaged';
    this.#unsynced.add(dirname(path));
    this.copiedBlobs += 1;
    this.copiedBytes += copied;
    return copied;
  }

  /** All that was taken is durable then. */
  async sync(): Promise<void> {
    for (const directory of this.#unsynced) await syncDirectory(directory);
    this.#unsynced.clear();
  }

  open(digest: Digest): AsyncIterable<Uint8Array> {
    return createReadStream(blobPath(this.#root, digest), {highWaterMark: 1024 * 1024});
  }

  /** Reads all of it. `undefined`: it is whole. */
  async faultOf(digest: Digest): Promise<'missing' | 'damaged' | undefined> {
    try {
      const found = await sha256Of(blobPath(this.#root, digest));
      return found === digestHex(digest) ? undefined : 'damaged';
    } catch (error) {
      const code = errorCode(error);
      if (code === 'ENOENT') return 'missing';
      if (code === 'EIO') return 'damaged';
      throw error;
    }
  }

  /** Removes all but those; answers how many bytes that was. */
  async keepOnly(wanted: ReadonlySet<string>): Promise<number> {
    let bytes = 0;
    const root = join(this.#root, 'sha256');
    for (const first of await namesIn(root)) {
      for (const hex of await readdir(join(root, first))) {
        if (!/^[0-9a-f]{64}$/.test(hex) || wanted.has(hex)) continue;
        bytes += (await this.sizeOf(toDigest('sha256', hex))) ?? 0;
        await rm(join(root, first, hex), {force: true});
      }
    }
    return bytes;
  }

  async #makeDirectory(directory: string): Promise<void> {
    const first = await mkdir(directory, {recursive: true, mode: 0o700});
    if (first === undefined) return;
    for (let made = directory; ; made = dirname(made)) {
      this.#unsynced.add(dirname(made));
      if (made === first) return;
    }
  }
}
