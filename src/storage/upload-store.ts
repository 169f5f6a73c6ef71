/** Uploads on the disk: segments of bytes, each written once by one request, together without gaps. */
import {randomUUID} from 'node:crypto';
import type {Readable} from 'node:stream';
import type {Clock} from '../host/clock.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {
  AppendOptions,
  ObjectWriter,
  StorageDriver,
  StorageKey,
  StreamResult,
} from './driver.ts';
import {repositoryKeys, segmentOffset} from './keys.ts';
import {lendChunks} from './lend-chunks.ts';
import {openSegment, SegmentJoin} from './segment-join.ts';

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

export interface Segment {
  readonly key: StorageKey;
  readonly offset: number;
  readonly size: number;
}

export class UploadStore {
  readonly #driver: StorageDriver;
  readonly #now: Clock;

  constructor(driver: StorageDriver, now: Clock) {
    this.#driver = driver;
    this.#now = now;
  }

  /** A new upload; its id is a UUID. */
  async start(name: RepositoryName): Promise<string> {
    const id = randomUUID();
    const startedAt = this.#now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
    await this.#driver.create(repositoryKeys(name).uploadStart(id), Buffer.from(startedAt));
    return id;
  }

  async exists(name: RepositoryName, id: string): Promise<boolean> {
    return (await this.#driver.stat(repositoryKeys(name).uploadStart(id))) !== undefined;
  }

  /** `undefined`: there is no such upload. A time that can't be read counts as the file's own. */
  async startedAt(name: RepositoryName, id: string): Promise<Date | undefined> {
    const key = repositoryKeys(name).uploadStart(id);
    const text = (await this.#driver.read(key))?.toString();
    if (text === undefined) return undefined;
    // A time that was cut is another time to Date.
    const written = new Date(rfc3339.test(text) ? text : NaN);
    return Number.isNaN(written.getTime()) ? (await this.#driver.stat(key))?.modifiedAt : written;
  }

  /** The ids of all uploads of a repository. */
  async *list(name: RepositoryName): AsyncGenerator<string> {
    for await (const entry of this.#driver.list(repositoryKeys(name).uploads)) yield entry.name;
  }

  /** What has arrived, gapless from 0; takes up what a dead process had made durable. */
  async segments(name: RepositoryName, id: string): Promise<readonly Segment[]> {
    const keys = repositoryKeys(name);
    const segments: Segment[] = [];
    let end = 0;
    for await (const entry of this.#driver.list(keys.upload(id))) {
      if (segmentOffset(entry.name) !== end) continue;
      const key = keys.segment(id, end);
      const stat = await this.#driver.stat(key);
      if (!stat) break;
      if (stat.size === 0) {
        // Of a request without bytes whose server died; it would block the next.
        await this.#driver.delete(key);
        continue;
      }
      segments.push({key, offset: end, size: stat.size});
      end += stat.size;
    }
    const key = keys.segment(id, end);
    const size = await this.#driver.adopt(key);
    if (size !== undefined) return [...segments, {key, offset: end, size}];
    // Whoever wrote it may have published it since the list.
    return (await this.#driver.stat(key)) ? this.segments(name, id) : segments;
  }

  /** Whether something was published there. */
  async hasSegment(name: RepositoryName, id: string, offset: number): Promise<boolean> {
    return (await this.#driver.stat(repositoryKeys(name).segment(id, offset))) !== undefined;
  }

  /** One request's bytes, from `offset` on. `exists`: another writer was there first. */
  async append(
    name: RepositoryName,
    id: string,
    offset: number,
    source: Readable,
    options: AppendOptions,
  ): Promise<StreamResult & {readonly segment: Segment}> {
    const key = repositoryKeys(name).segment(id, offset);
    const result = await this.#driver.createStream(key, source, {...options, keepPartial: true});
    if (result.outcome === 'created' && result.size === 0) await this.#driver.delete(key);
    return {...result, segment: {key, offset, size: result.size}};
  }

  /** A segment that several requests write, one after the other, from `offset` on. */
  async openSegment(
    name: RepositoryName,
    id: string,
    offset: number,
  ): Promise<{readonly key: StorageKey; readonly writer: ObjectWriter}> {
    const key = repositoryKeys(name).segment(id, offset);
    return {key, writer: await this.#driver.openWriter(key)};
  }

  /** Begins to make one object of segments that are still to come. */
  join(name: RepositoryName, id: string): SegmentJoin {
    return new SegmentJoin(this.#driver, repositoryKeys(name).joined(id, randomUUID()));
  }

  /** All bytes of an upload; a chunk is overwritten once the next is asked for. */
  async *read(segments: readonly Pick<Segment, 'key'>[]): AsyncGenerator<Uint8Array> {
    for (const {key} of segments) yield* lendChunks(await openSegment(this.#driver, key));
  }

  /** With all that came of it. False: was not there. */
  async delete(name: RepositoryName, id: string): Promise<boolean> {
    return this.#driver.deletePrefix(repositoryKeys(name).upload(id));
  }
}
