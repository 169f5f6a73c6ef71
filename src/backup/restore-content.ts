/** Puts the content of a backup into a storage: each blob compared with its digest, each small file with its text and time. */
import {chown, mkdir, open, rename, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {type Owner, publicMode, syncDirectory} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';
import type {Digest} from '../oci/digest.ts';
import {repositoryOfKey} from '../storage/content-walk.ts';
import {inBatches} from '../storage/in-batches.ts';
import {blobKey} from '../storage/keys.ts';
import type {BlobShelf} from './blob-shelf.ts';
import {bytesOf, type ContentLine, readContentList} from './content-line.ts';
import {readIfThere, sha256Of} from './secret-files.ts';
import type {Finding} from './set-record.ts';
import {copyVerified} from './verified-copy.ts';

interface RestoreContentOptions {
  readonly list: string;
  readonly shelf: BlobShelf;
  /** The root of the storage. */
  readonly registry: string;
  readonly owner: Owner | undefined;
  readonly onProgress: (files: number) => void;
}

export interface RestoredContent {
  readonly files: number;
  readonly blobs: number;
  readonly bytes: number;
  /** Of the bytes, those that were there, and are whole. */
  readonly keptBytes: number;
  readonly findings: readonly Finding[];
}

const width = 16;
/** So many directories are remembered, and synced together. */
const mostUnsynced = 5000;
/** What a storage leaves alone. */
const stagedEnd = '.tmp';

/** All of it is durable when it resolves. What is damaged in the backup is left out, and told. */
export async function restoreContent(options: RestoreContentOptions): Promise<RestoredContent> {
  const target = new Target(options);
  for await (const batch of inBatches(readContentList(options.list), width)) {
    const work = batch.map(async (line) => target.put(line));
    await Promise.allSettled(work);
    await Promise.all(work);
    await target.sync(mostUnsynced);
    options.onProgress(target.files);
  }
  await target.sync(0);
  const {files, blobs, bytes, keptBytes, findings} = target;
  return {files, blobs, bytes, keptBytes, findings};
}

class Target {
  readonly #options: RestoreContentOptions;
  readonly #blobs = new Map<Digest, Promise<Finding['kind'] | undefined>>();
  #unsynced = new Set<string>();
  files = 0;
  blobs = 0;
  bytes = 0;
  keptBytes = 0;
  readonly findings: Finding[] = [];

  constructor(options: RestoreContentOptions) {
    this.#options = options;
  }

  async put(line: ContentLine): Promise<void> {
    const {key, blob, size} = line;
    if (blob !== undefined) {
      const kind = size === undefined ? 'missing' : await this.#blobOnce(blob);
      const repository = repositoryOfKey(key) ?? '';
      if (kind) this.findings.push({kind, repository, digest: blob});
    }
    await this.#small(line);
    this.files += 1;
  }

  /** Once there are more than that. */
  async sync(most: number): Promise<void> {
    if (this.#unsynced.size <= most) return;
    const directories = [...this.#unsynced];
    this.#unsynced = new Set();
    for (const directory of directories) await syncDirectory(directory);
  }

  async #blobOnce(digest: Digest): Promise<Finding['kind'] | undefined> {
    const known = this.#blobs.get(digest) ?? this.#blob(digest);
    this.#blobs.set(digest, known);
    return known;
  }

  async #blob(digest: Digest): Promise<Finding['kind'] | undefined> {
    const {shelf, registry, owner} = this.#options;
    const path = join(registry, blobKey(digest));
    const there = await sizeOf(path);
    const size = await shelf.sizeOf(digest);
    if (there !== undefined && `sha256:${await sha256Of(path)}` === digest) {
      this.blobs += 1;
      this.bytes += there;
      this.keptBytes += there;
      return undefined;
    }
    if (size === undefined) return 'missing';
    await this.#makeDirectory(dirname(path));
    const copied = await copyVerified(shelf.open(digest), {
      digest,
      staged: `${path}${stagedEnd}`,
      path,
      mode: publicMode,
      owner,
    });
    if (copied === undefined) return 'damaged';
    this.#unsynced.add(dirname(path));
    this.blobs += 1;
    this.bytes += copied;
    return undefined;
  }

  async #small(line: ContentLine): Promise<void> {
    const {registry, owner} = this.#options;
    const path = join(registry, line.key);
    const content = bytesOf(line);
    if ((await readIfThere(path))?.equals(content) === true) return;
    await this.#makeDirectory(dirname(path));
    const staged = `${path}${stagedEnd}`;
    const handle = await open(staged, 'w', publicMode);
    try {
      if (owner) await handle.chown(owner.uid, owner.gid);
      await handle.writeFile(content);
      const time = line.time / 1000;
      await handle.utimes(time, time);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(staged, path);
    this.#unsynced.add(dirname(path));
  }

  async #makeDirectory(directory: string): Promise<void> {
    const {owner} = this.#options;
    const first = await mkdir(directory, {recursive: true});
    if (first === undefined) return;
    for (let made = directory; ; made = dirname(made)) {
      if (owner) await chown(made, owner.uid, owner.gid);
      this.#unsynced.add(dirname(made));
      if (made === first) return;
    }
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
