/**
 * Makes one object of the segments of an upload while they still come, so that the closing request has nothing left to copy. It reads each segment
 * back from the page cache and writes it once more.
 */
import {Readable} from 'node:stream';
import {
  type ObjectStream,
  type StorageDriver,
  StorageError,
  type StorageKey,
  type StreamResult,
} from './driver.ts';

export async function openSegment(
  driver: StorageDriver,
  segment: StorageKey,
): Promise<ObjectStream> {
  const content = await driver.openRead(segment);
  if (!content) throw new StorageError('corrupt', `the segment ${segment} is gone`);
  return content;
}

export class SegmentJoin {
  readonly #driver: StorageDriver;
  readonly #key: StorageKey;
  readonly #abort = new AbortController();
  readonly #queue: StorageKey[] = [];
  /** Whose memory a chunk is. */
  readonly #origins = new WeakMap<ArrayBufferLike, ObjectStream>();
  readonly #result: Promise<StreamResult>;
  #isEnded = false;
  #isRead = false;
  #wake: () => void = () => undefined;

  constructor(driver: StorageDriver, key: StorageKey) {
    this.#driver = driver;
    this.#key = key;
    const source = Readable.from(this.#chunks(), {objectMode: false, highWaterMark: 1024 * 1024});
    const release = (chunk: Uint8Array) => this.#origins.get(chunk.buffer)?.recycle?.(chunk);
    const {signal} = this.#abort;
    this.#result = driver.createStream(key, source, {signal, release}).finally(() => {
      // Where it was given up, a segment is still open.
      source.destroy();
    });
    // Nobody may be waiting yet when it fails; `finish` meets the failure.
    this.#result.catch(() => undefined);
  }

  /** Whether all that was added has been taken. What failed before may succeed by now: a new one begins with the first segment. */
  get isRead(): boolean {
    return this.#isRead;
  }

  /** The next segment; they are added in the order of their offsets. */
  add(segment: StorageKey): void {
    this.#queue.push(segment);
    this.#wake();
  }

  /** Resolves when all that was added is one durable object. */
  async finish(): Promise<{readonly key: StorageKey; readonly size: number}> {
    this.#isEnded = true;
    this.#wake();
    const {size} = await this.#result;
    return {key: this.#key, size};
  }

  /** Gives up; nothing is left behind. */
  cancel(): void {
    this.#abort.abort(new Error('the upload was given up'));
    this.#isEnded = true;
    this.#wake();
  }

  async *#chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const segment = this.#queue.shift();
      if (segment !== undefined) {
        const content = await openSegment(this.#driver, segment);
        for await (const chunk of content) {
          this.#origins.set(chunk.buffer, content);
          yield chunk;
        }
      } else if (this.#isEnded) {
        this.#isRead = true;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
