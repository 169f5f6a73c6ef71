/** A file, or a range of it, as a stream. */
import {Readable} from 'node:stream';
import {type ByteRange, type ObjectStream, StorageError} from '../../src/storage/driver.ts';
import type {BufferPool} from './buffer-pool.ts';
import {toStorageError} from './errors.ts';
import {type OpenFile, openFile} from './read-file.ts';
import type {System} from './system.ts';

export async function openReadStream(
  system: System,
  buffers: BufferPool,
  path: string,
  key: string,
  range: ByteRange | undefined,
): Promise<ObjectStream | undefined> {
  const file = await openFile(system, path);
  return file && new FileStream(system, buffers, file, key, range);
}

class FileStream extends Readable implements ObjectStream {
  readonly #system: System;
  readonly #buffers: BufferPool;
  readonly #file: OpenFile;
  readonly #key: string;
  readonly #end: number;
  /** Given out, and not given back: whoever reads may also let go of it. */
  readonly #lent = new WeakSet<ArrayBufferLike>();
  #at: number;
  #reading: Promise<void> | undefined;

  constructor(
    system: System,
    buffers: BufferPool,
    file: OpenFile,
    key: string,
    range: ByteRange | undefined,
  ) {
    // One chunk waits here while another is on its way to the client.
    super({highWaterMark: 1});
    this.#system = system;
    this.#buffers = buffers;
    this.#file = file;
    this.#key = key;
    this.#at = range?.start ?? 0;
    this.#end = range?.end === undefined ? file.stats.size : range.end + 1;
    buffers.join();
  }

  recycle(chunk: Uint8Array): void {
    if (this.#lent.delete(chunk.buffer)) this.#buffers.give(chunk);
  }

  override _read(): void {
    if (this.#at === this.#end) this.push(null);
    else if (this.#at > this.#end) this.destroy(this.#tooShort());
    else this.#reading = this.#readNext();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#buffers.leave();
    // A descriptor that is closed under a running read may be another file's by the time it reads.
    void (this.#reading ?? Promise.resolve())
      .then(() => this.#system.close(this.#file.fd))
      .then(
        () => {
          callback(error);
        },
        (failure: unknown) => {
          callback(error ?? toStorageError(failure, 'openRead', this.#key));
        },
      );
  }

  async #readNext(): Promise<void> {
    const buffer = this.#buffers.take(this.#end - this.#at);
    try {
      const count = await this.#system.read(this.#file.fd, buffer, this.#at);
      this.#reading = undefined;
      if (count === 0 || this.destroyed) this.#buffers.give(buffer);
      if (count === 0) this.destroy(this.#tooShort());
      else if (!this.destroyed) {
        this.#at += count;
        this.#lent.add(buffer.buffer);
        this.push(buffer.subarray(0, count));
      }
    } catch (error) {
      this.#buffers.give(buffer);
      this.destroy(toStorageError(error, 'openRead', this.#key));
    }
  }

  #tooShort(): StorageError {
    const {size} = this.#file.stats;
    return new StorageError(
      'corrupt',
      `${this.#key} has ${size} bytes, and ${this.#end} were asked for`,
    );
  }
}
