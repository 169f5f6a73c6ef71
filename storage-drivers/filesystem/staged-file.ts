/** A file on its way to its key: written, synced and closed before anyone can see it under that name. */
import {StorageError} from '../../src/storage/driver.ts';
import {tolerate} from './errors.ts';
import type {System} from './system.ts';

/** In bytes. What is written is synced every so often while writing goes on, so that the last sync has little left to do. */
const usualSync = 64 * 1024 * 1024;

/** Called when so many bytes from the start are durable, and awaited before the next sync; rejects as the file system fails. */
type OnSynced = (bytes: number) => Promise<void>;

interface StagedFileOptions {
  readonly onSynced?: OnSynced;
  /** After how many bytes it is synced, as things are now. */
  readonly syncEvery?: () => number;
}

export class StagedFile {
  readonly path: string;
  readonly #system: System;
  readonly #options: StagedFileOptions;
  #fd: number | undefined;
  #written = 0;
  #synced = 0;
  /** The sync under way. */
  #syncing: Promise<void> | undefined;
  /** A sync failed: what was written may be lost, whatever a later sync says. */
  #lost: {readonly cause: unknown} | undefined;

  private constructor(system: System, path: string, fd: number, options: StagedFileOptions) {
    this.#system = system;
    this.path = path;
    this.#fd = fd;
    this.#options = options;
  }

  static async open(
    system: System,
    path: string,
    options: StagedFileOptions = {},
  ): Promise<StagedFile> {
    return new StagedFile(system, path, await system.open(path, 'wx'), options);
  }

  /** Appends; one call at a time. */
  async write(batch: readonly Uint8Array[]): Promise<void> {
    this.#throwIfLost();
    let rest = batch.filter((buffer) => buffer.byteLength > 0);
    // Only once more comes: where this was all, sealing does it.
    if (rest.length > 0) this.#syncIfDue();
    while (rest.length > 0) {
      const written = await this.#system.writev(this.#open(), rest);
      if (written <= 0) throw new StorageError('unavailable', `${this.path} takes no more bytes`);
      this.#written += written;
      rest = after(rest, written);
    }
  }

  /** Makes what has been written so far durable, and the record of it, too. */
  async sync(): Promise<void> {
    await this.#syncing;
    this.#throwIfLost();
    if (this.#written > this.#synced) await (this.#syncing = this.#sync(this.#written, 'together'));
    this.#throwIfLost();
  }

  /** Syncs and closes. After a failure of either the file is lost: the pages that were not written may be forgotten by now. */
  async seal(): Promise<void> {
    await this.#syncing;
    this.#throwIfLost();
    await this.#system.fsync(this.#open());
    await this.#close();
  }

  /** Leaves it as it is, without a promise. */
  async abandon(): Promise<void> {
    await this.#syncing;
    await tolerate(this.#close());
  }

  /** Leaves nothing behind. Called after a failure, which is the one to report. */
  async discard(): Promise<void> {
    await this.#syncing;
    await tolerate(this.#close());
    await tolerate(this.#system.unlink(this.path));
  }

  #syncIfDue(): void {
    const {syncEvery} = this.#options;
    if (this.#written - this.#synced < (syncEvery?.() ?? usualSync)) return;
    this.#syncing ??= this.#sync(this.#written, 'one by one');
  }

  /**
   * Never rejects: nobody may be waiting. Together it takes half the time, since one commit of the file system serves both. Should the power fail just
   * then, the record may tell of bytes that are not there: nobody was answered yet, and the digest finds it.
   */
  async #sync(bytes: number, how: 'one by one' | 'together'): Promise<void> {
    try {
      const syncing = this.#system.datasync(this.#open());
      if (how === 'one by one') await syncing;
      await Promise.all([syncing, this.#options.onSynced?.(bytes)]);
      this.#synced = bytes;
    } catch (cause) {
      this.#lost = {cause};
    }
    this.#syncing = undefined;
  }

  #throwIfLost(): void {
    if (this.#lost) throw this.#lost.cause;
  }

  #open(): number {
    if (this.#fd === undefined) throw new TypeError(`${this.path} is closed`);
    return this.#fd;
  }

  async #close(): Promise<void> {
    const fd = this.#fd;
    this.#fd = undefined; // Also where close fails: the number is free afterwards, and may be another's.
    if (fd !== undefined) await this.#system.close(fd);
  }
}

function after(buffers: readonly Uint8Array[], written: number): Uint8Array[] {
  let skip = written;
  let index = 0;
  for (const buffer of buffers) {
    if (skip < buffer.byteLength) break;
    skip -= buffer.byteLength;
    index++;
  }
  const [first, ...others] = buffers.slice(index);
  return first === undefined ? [] : [first.subarray(skip), ...others];
}
