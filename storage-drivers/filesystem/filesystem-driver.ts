/** The verbs of the port on a directory. */
import {once} from 'node:events';
import type {Readable} from 'node:stream';
import type {
  ByteRange,
  ListEntry,
  ObjectStat,
  ObjectStream,
  ObjectWriter,
  Space,
  StorageDriver,
  StorageKey,
  StreamOptions,
  StreamResult,
} from '../../src/storage/driver.ts';
import {adopt} from './adopt.ts';
import {check} from './check.ts';
import {createStream} from './create-stream.ts';
import {deleteObject, deletePrefix} from './delete.ts';
import {fenced, removeEpoch} from './epoch.ts';
import {currentVersion} from './entry-version.ts';
import {absentCodes, hasCode, toStorageError} from './errors.ts';
import {Intake} from './intake.ts';
import {assertKey, assertWritableKey, assertWritablePrefix, isHidden} from './key.ts';
import {list, type ListOptions} from './list.ts';
import {PartFile} from './part-file.ts';
import {PartWriter} from './part-writer.ts';
import {promote} from './promote.ts';
import {publishInPlace} from './publish.ts';
import {readFile} from './read-file.ts';
import {openReadStream} from './read-stream.ts';
import {publishStaged, withStagedFile} from './staging.ts';
import type {Volume} from './volume.ts';

export class FilesystemDriver implements StorageDriver {
  readonly name = 'filesystem';
  /** The right to write that this driver holds until another claims the next one. */
  readonly epoch: number;
  /** Which volume was opened. */
  readonly volumeId: string;
  readonly localPath = (key: StorageKey): string => key;
  readonly #volume: Volume;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  readonly #readers = new Set<Readable>();
  readonly #writers = new Set<PartWriter>();
  #linksWork: boolean;

  constructor(volume: Volume) {
    this.#volume = volume;
    this.epoch = volume.epoch.number;
    this.volumeId = volume.record.id;
    this.#linksWork = volume.exclusiveCreate === 'rename';
  }

  async stat(key: StorageKey): Promise<ObjectStat | undefined> {
    const path = this.#readable(key);
    return path === undefined ? undefined : this.#find('stat', key, () => this.#look(path));
  }

  async read(key: StorageKey): Promise<Buffer | undefined> {
    const path = this.#readable(key);
    if (path === undefined) return undefined;
    const {cache, system} = this.#volume;
    return this.#find('read', key, () => cache?.read(path) ?? readFile(system, path));
  }

  async openRead(key: StorageKey, range?: ByteRange): Promise<ObjectStream | undefined> {
    const path = this.#readable(key);
    if (path === undefined) return undefined;
    return this.#find('openRead', key, async () => {
      const {system, buffers} = this.#volume;
      const stream = await openReadStream(system, buffers, path, key, range);
      if (!stream) return undefined;
      this.#readers.add(stream);
      return stream.once('close', () => this.#readers.delete(stream));
    });
  }

  async create(key: StorageKey, content: Uint8Array): Promise<boolean> {
    const path = this.#writable(key);
    const outcome = await this.#change('create', key, () =>
      withStagedFile(
        this.#volume,
        (file) => file.write([content]),
        (file) => publishStaged(this.#volume, file.path, path),
      ),
    );
    return outcome === 'created';
  }

  async createStream(
    key: StorageKey,
    source: Readable,
    options: StreamOptions = {},
  ): Promise<StreamResult> {
    const {signal, maxBytes = Infinity, admit, observe, release, keepPartial = false} = options;
    const path = this.#writable(key);
    const signals = signal ? [signal, this.#closing.signal] : [this.#closing.signal];
    const intake = new Intake(source, {
      signals,
      maxBytes,
      share: this.#volume.share,
      admit,
      observe,
      release,
    });
    try {
      const result = await this.#change('createStream', key, () =>
        createStream(this.#volume, path, intake, keepPartial),
      );
      if (result.outcome === 'failed') throw asError(result.cause);
      return result;
    } finally {
      intake.release();
    }
  }

  async openWriter(key: StorageKey): Promise<ObjectWriter> {
    const path = this.#writable(key);
    const part = await this.#run('openWriter', key, () => PartFile.open(this.#volume, path));
    const writer: PartWriter = new PartWriter(part, path, {
      signal: this.#closing.signal,
      share: this.#volume.share,
      run: (work) => this.#change('write', key, work),
      onOver: () => this.#writers.delete(writer),
    });
    this.#writers.add(writer);
    return writer;
  }

  async adopt(key: StorageKey): Promise<number | undefined> {
    const path = this.#writable(key);
    return this.#run('adopt', key, () => adopt(this.#volume, path));
  }

  async replace(key: StorageKey, content: Uint8Array): Promise<void> {
    const path = this.#writable(key);
    await this.#change('replace', key, () =>
      withStagedFile(
        this.#volume,
        (file) => file.write([content]),
        async (file) => {
          const published = await publishInPlace(this.#volume, file.path, path);
          if (published === 'missing') throw fenced(this.#volume.epoch);
        },
      ),
    );
  }

  async promote(from: StorageKey, to: StorageKey): Promise<void> {
    const source = this.#writable(from);
    const target = this.#writable(to);
    if (from === to) throw new TypeError(`${from} can't be moved to itself`);
    await this.#change('promote', to, () => promote(this.#volume, source, target));
  }

  async touch(key: StorageKey): Promise<boolean> {
    const path = this.#writable(key);
    const touched = await this.#find('touch', key, async () => {
      if (!(await this.#look(path))) return undefined;
      try {
        await this.#volume.system.utimes(path, new Date());
        return true;
      } catch (error) {
        if (hasCode(error, ...absentCodes)) return undefined;
        throw error;
      }
    });
    return touched ?? false;
  }

  async delete(key: StorageKey): Promise<boolean> {
    const path = this.#writable(key);
    return this.#change('delete', key, () => deleteObject(this.#volume, path));
  }

  async deletePrefix(prefix: StorageKey): Promise<boolean> {
    assertWritablePrefix(prefix);
    const path = `${this.#volume.root}/${prefix}`;
    return this.#change('deletePrefix', prefix, () => deletePrefix(this.#volume, path));
  }

  async *list(prefix: StorageKey | '', options: ListOptions = {}): AsyncGenerator<ListEntry> {
    if (prefix !== '') assertKey(prefix);
    try {
      yield* list(this.#volume, prefix, options);
    } catch (error) {
      throw toStorageError(error, 'list', prefix);
    }
  }

  async prefixVersion(prefix: StorageKey): Promise<string | undefined> {
    const path = this.#readable(prefix);
    const {cache, system} = this.#volume;
    // Where the content of files can't be told by a look, that of directories can't either.
    if (path === undefined || !cache) return undefined;
    return this.#run('list', prefix, () => currentVersion(system, path));
  }

  async space(): Promise<Space> {
    const {system, root} = this.#volume;
    return this.#run('space', root, async () => {
      const {bsize, blocks, bavail} = await system.statfs(root);
      return {total: blocks * bsize, available: bavail * bsize};
    });
  }

  async check(): Promise<void> {
    await this.#run('check', this.#volume.root, () =>
      check(this.#volume, {links: !this.#linksWork}),
    );
    this.#linksWork = true;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the storage driver was closed'));
    await Promise.allSettled(this.#running);
    // What they took in is durable already; so the next process finds it published.
    await Promise.allSettled([...this.#writers].map((writer) => writer.publish()));
    // One may be failing at this moment, and is closed by then too.
    await Promise.allSettled(
      [...this.#readers].map(async (reader) => {
        const closed = once(reader, 'close');
        reader.destroy();
        await closed;
      }),
    );
    await this.#run('close', this.#volume.root, () =>
      removeEpoch(this.#volume.system, this.#volume.epoch.directory),
    );
  }

  /** Writers name only keys of their own. */
  #writable(key: StorageKey): string {
    assertWritableKey(key);
    return `${this.#volume.root}/${key}`;
  }

  /** `undefined`: a key of the driver's own, which is not there for readers. */
  #readable(key: StorageKey): string | undefined {
    assertKey(key);
    return isHidden(key) ? undefined : `${this.#volume.root}/${key}`;
  }

  async #look(path: string): Promise<ObjectStat | undefined> {
    try {
      const stats = await this.#volume.system.stat(path);
      return stats.isFile() ? {size: stats.size, modifiedAt: stats.mtime} : undefined;
    } catch (error) {
      if (hasCode(error, ...absentCodes)) return undefined;
      throw error;
    }
  }

  /** What finds nothing has looked in vain only if the volume is there. */
  async #find<T>(
    verb: string,
    key: string,
    look: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    return this.#run(verb, key, async () => {
      const found = await look();
      if (found === undefined) await this.#volume.record.require();
      return found;
    });
  }

  /** Who reads after this does not share in a look from before. */
  async #change<T>(verb: string, key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await this.#run(verb, key, work);
    } finally {
      this.#volume.cache?.renew();
    }
  }

  /** Says in the port's terms what failed, and lets `close` wait for what is under way. */
  async #run<T>(verb: string, key: string, work: () => Promise<T>): Promise<T> {
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } catch (error) {
      throw toStorageError(error, verb, key);
    } finally {
      this.#running.delete(running);
    }
  }
}

function asError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error('the stream was cut', {cause});
}
