/** The port in this process's memory: for tests, and to try things out. Durable as long as the process. */
import {once} from 'node:events';
import {Readable} from 'node:stream';
import {
  StorageError,
  type ByteRange,
  type ListEntry,
  type ObjectStat,
  type ObjectWriter,
  type StorageDriver,
  type StorageKey,
  type StreamOptions,
  type StreamResult,
} from '../../../src/storage/driver.ts';
import {Intake} from '../../../storage-drivers/filesystem/intake.ts';
import {IntakeShare} from '../../../storage-drivers/filesystem/intake-share.ts';
import {
  assertKey,
  assertWritableKey,
  assertWritablePrefix,
  isHidden,
} from '../../../storage-drivers/filesystem/key.ts';
import {MemoryWriter} from './memory-writer.ts';
import {Tree, type StoredObject} from './tree.ts';

const largestRead = 16 * 1024 * 1024;
const chunkSize = 1024 * 1024;

export function createMemoryDriver(): StorageDriver {
  return new MemoryDriver();
}

class MemoryDriver implements StorageDriver {
  readonly name = 'memory';
  readonly #tree = new Tree();
  readonly #abandoned = new Map<StorageKey, Buffer>();
  readonly #closing = new AbortController();
  readonly #readers = new Set<Readable>();

  async stat(key: StorageKey): Promise<ObjectStat | undefined> {
    const object = await this.#find(key);
    return object && {size: object.content.byteLength, modifiedAt: object.modifiedAt};
  }

  async read(key: StorageKey): Promise<Buffer | undefined> {
    const object = await this.#find(key);
    if (object && object.content.byteLength > largestRead)
      throw new StorageError('too-large', `${key} is too large to be read at once`);
    return object && Buffer.from(object.content);
  }

  async openRead(key: StorageKey, range?: ByteRange): Promise<Readable | undefined> {
    const object = await this.#find(key);
    if (!object) return undefined;
    const stream = Readable.from(pieces(object.content, range), {objectMode: false});
    this.#readers.add(stream);
    return stream.once('close', () => this.#readers.delete(stream));
  }

  async create(key: StorageKey, content: Uint8Array): Promise<boolean> {
    assertWritableKey(key);
    // Without an await between looking and putting nobody comes between.
    if (this.#tree.find(key)) return Promise.resolve(false);
    this.#put(key, Buffer.from(content));
    return Promise.resolve(true);
  }

  async createStream(
    key: StorageKey,
    source: Readable,
    options: StreamOptions = {},
  ): Promise<StreamResult> {
    const {signal, maxBytes = Infinity, admit, observe, release, keepPartial = false} = options;
    assertWritableKey(key);
    const share = new IntakeShare();
    const signals = signal ? [signal, this.#closing.signal] : [this.#closing.signal];
    const intake = new Intake(source, {signals, maxBytes, share, admit, observe, release});
    const chunks: Uint8Array[] = [];
    try {
      const stop = await intake.drainTo((batch) => {
        chunks.push(...batch.map((chunk) => Buffer.from(chunk)));
        return Promise.resolve();
      });
      const {size} = intake;
      if (stop.how === 'refused' || (stop.how === 'cut' && !keepPartial))
        throw stop.cause instanceof Error
          ? stop.cause
          : new Error('the stream was cut', {cause: stop.cause});
      if (stop.how === 'cut' && size === 0) return {outcome: 'partial', size, cause: stop.cause};
      if (!(await this.create(key, Buffer.concat(chunks)))) return {outcome: 'exists', size};
      if (stop.how === 'cut') return {outcome: 'partial', size, cause: stop.cause};
      return {outcome: 'created', size};
    } finally {
      intake.release();
    }
  }

  async openWriter(key: StorageKey): Promise<ObjectWriter> {
    assertWritableKey(key);
    const writer = new MemoryWriter({
      signal: this.#closing.signal,
      publish: async (content) => this.create(key, content),
      onAbandon: (content) => {
        if (content.byteLength > 0) this.#abandoned.set(key, content);
      },
    });
    return Promise.resolve(writer);
  }

  /** A dead process takes its memory with it: only writers that were given up leave something. */
  async adopt(key: StorageKey): Promise<number | undefined> {
    assertWritableKey(key);
    const content = this.#abandoned.get(key);
    this.#abandoned.delete(key);
    return content && (await this.create(key, content)) ? content.byteLength : undefined;
  }

  async replace(key: StorageKey, content: Uint8Array): Promise<void> {
    assertWritableKey(key);
    this.#put(key, Buffer.from(content));
    return Promise.resolve();
  }

  async promote(from: StorageKey, to: StorageKey): Promise<void> {
    assertWritableKey(from);
    assertWritableKey(to);
    if (from === to) throw new TypeError(`${from} can't be moved to itself`);
    const object = this.#tree.find(from);
    if (!object) throw new StorageError('corrupt', `${from} is missing`);
    this.#tree.put(to, object);
    this.#tree.remove(from);
    return Promise.resolve();
  }

  async touch(key: StorageKey): Promise<boolean> {
    assertWritableKey(key);
    const object = await this.#find(key);
    if (object) object.modifiedAt = new Date();
    return object !== undefined;
  }

  async delete(key: StorageKey): Promise<boolean> {
    assertWritableKey(key);
    return Promise.resolve(this.#tree.remove(key));
  }

  async deletePrefix(prefix: StorageKey): Promise<boolean> {
    assertWritablePrefix(prefix);
    return Promise.resolve(this.#tree.removePrefix(prefix));
  }

  async *list(
    prefix: StorageKey | '',
    {after = '', limit = Infinity}: {readonly after?: string; readonly limit?: number} = {},
  ): AsyncGenerator<ListEntry> {
    if (prefix !== '') assertKey(prefix);
    const entries = await Promise.resolve(this.#tree.entries(prefix));
    yield* entries
      .filter(({name}) => name > after && (prefix !== '' || name !== '_holdfast'))
      .slice(0, limit);
  }

  async check(): Promise<void> {
    return Promise.resolve();
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the storage driver was closed'));
    await Promise.all(
      [...this.#readers].map(async (reader) => {
        const closed = once(reader, 'close');
        reader.destroy();
        await closed;
      }),
    );
  }

  async #find(key: StorageKey): Promise<StoredObject | undefined> {
    assertKey(key);
    return Promise.resolve(isHidden(key) ? undefined : this.#tree.find(key));
  }

  #put(key: StorageKey, content: Buffer): void {
    this.#tree.put(key, {content, modifiedAt: new Date()});
  }
}

function* pieces(content: Buffer, {start, end}: ByteRange = {start: 0}): Generator<Buffer> {
  const until = end === undefined ? content.byteLength : end + 1;
  if (until > content.byteLength || start > until)
    throw new StorageError('corrupt', `${content.byteLength} bytes, and ${until} were asked for`);
  for (let at = start; at < until; at += chunkSize)
    yield Buffer.from(content.subarray(at, Math.min(at + chunkSize, until)));
}
