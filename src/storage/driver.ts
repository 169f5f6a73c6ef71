/** The port between the registry's disk semantics and whatever keeps the bytes. */
import type {Readable} from 'node:stream';

/**
 * A `/`-separated path below the storage root, without a leading slash. Each segment matches `[A-Za-z0-9._-]+` and is
 * neither `.` nor `..`. Keys are built in `keys.ts` and nowhere else.
 *
 * Never a key of an object, but the driver's own: `_holdfast/volume.json`, what lies below `_holdfast/epochs/`, and whatever ends in `.part`,
 * `.checkpoint` or `.tmp` or starts with `.nfs` in its last segment (prefixes may be called so: a repository `x.tmp`). Readers find nothing
 * there; writers, like every verb that is given what is no key, throw TypeError, a bug of the caller's.
 */
export type StorageKey = string & {readonly __brand: 'StorageKey'};

export type StorageErrorKind = 'full' | 'read-only' | 'unavailable' | 'corrupt' | 'too-large';

/**
 * The question could not be put or the answer can't be trusted. Absence is never a StorageError: it is a value. `corrupt` is also what a writer
 * gets whose key lies below an object, or is a prefix.
 */
export class StorageError extends Error {
  readonly kind: StorageErrorKind;
  constructor(kind: StorageErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
    this.kind = kind;
  }
}

export interface ObjectStat {
  /** In bytes. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** Bytes `start` to `end`, both inclusive, counted from 0; without `end` to the last byte. */
export interface ByteRange {
  readonly start: number;
  readonly end?: number;
}

/** Memory that is lent, and used again. */
export type Piece = Uint8Array<ArrayBuffer>;

export interface StreamOptions {
  /** Ends the stream early: like a source that breaks off. */
  readonly signal?: AbortSignal;
  /** More bytes than this: StorageError `too-large`, and nothing is published, with `keepPartial` too. */
  readonly maxBytes?: number;
  /** A source that breaks off, or an aborted signal, publishes what has arrived (unless that is nothing). */
  readonly keepPartial?: boolean;
  /** Asked about each chunk when it comes, before it is written. What it throws fails the stream as a whole: nothing is published. */
  readonly admit?: (chunk: Uint8Array) => void;
  /**
   * Sees every byte that will be part of the object, once and in order, before the stream settles; it is called again when it has answered. The memory
   * is its own meanwhile: it may go to another thread, and what has come back is the answer. It must not reject.
   */
  readonly observe?: (pieces: readonly Piece[]) => Promise<readonly Piece[]>;
  /** Told of each chunk, or a part of it, once its bytes are not looked at any more: they may be overwritten, or freed. */
  readonly release?: (chunk: Uint8Array) => void;
}

export interface StreamResult {
  /**
   * `created`: the source ended, and all of it is published. `exists`: another object holds the key, this one's bytes
   * are gone. `partial`: the source broke off, and what had arrived is published (only with `keepPartial`).
   */
  readonly outcome: 'created' | 'exists' | 'partial';
  /** Bytes published; with `exists`, bytes received. */
  readonly size: number;
  /** With `partial`: what the source failed with, or the signal's reason. */
  readonly cause?: unknown;
}

/** An object that comes piece by piece, over more than one request. One call at a time. */
export interface ObjectWriter {
  /**
   * Takes a source in, to its end, or until it breaks off or the signal ends it (`partial`). What came is durable by then, and adopted should this process
   * die. Where it rejects the writer is over; what earlier calls took in is adopted.
   */
  append(source: Readable, options?: AppendOptions): Promise<AppendResult>;
  /** Publishes the whole, exclusively; the writer is over. Where it rejects, what was taken in is adopted. */
  publish(): Promise<'created' | 'exists'>;
  /** Leaves off, as if this process had died. May be called at any time, and again. */
  abandon(): Promise<void>;
}

export type AppendOptions = Omit<StreamOptions, 'keepPartial'>;

export interface AppendResult {
  readonly outcome: 'created' | 'partial';
  /** Bytes of this source. */
  readonly size: number;
  readonly cause?: unknown;
}

export interface ObjectStream extends Readable {
  [Symbol.asyncIterator](): NodeJS.AsyncIterator<Uint8Array>;
  /**
   * Gives a chunk (or any part of it) back to be filled with other bytes, once nobody looks at it any more. What is not given back is left to the
   * garbage collector, which looks for it when there is very much of it. Absent where memory is not used again.
   */
  recycle?(chunk: Uint8Array): void;
}

export interface Space {
  /** In bytes, of the whole file system. */
  readonly total: number;
  /** In bytes, what may still be written. */
  readonly available: number;
}

export interface ListEntry {
  readonly name: string;
  /** `object`: a key that can be read. `prefix`: keys lie below it, or once did (other programs leave empty directories). */
  readonly kind: 'object' | 'prefix';
}

/**
 * A dozen verbs with sharp promises. Every verb may throw StorageError. What a promise resolves for is durable: a power cut or another
 * host finds it. An object is never visible in part. Keys that are staging or bookkeeping of the driver itself are neither listed nor read.
 */
export interface StorageDriver {
  readonly name: string;
  /** `undefined` where no object holds the key (a prefix is no object). */
  stat(key: StorageKey): Promise<ObjectStat | undefined>;
  /**
   * The whole of a small object (link, manifest); `undefined`: not there. Over 16 MiB: StorageError `too-large`. The Buffer may be given to
   * others too, again and again while the object is the same: nobody writes into it.
   */
  read(key: StorageKey): Promise<Buffer | undefined>;
  /**
   * `undefined`: not there. The range lies within the object (the caller has asked `stat`); bytes that are missing all the same make the stream
   * fail with StorageError `corrupt`, never end early. Destroying the stream frees everything at once.
   */
  openRead(key: StorageKey, range?: ByteRange): Promise<ObjectStream | undefined>;
  /** Exclusive: of N racers exactly one gets true. False: an object holds the key and is as it was. */
  create(key: StorageKey, content: Uint8Array): Promise<boolean>;
  /**
   * Exclusive as `create`, from a stream of any length, in constant memory. Without `keepPartial` a source that breaks off, or an aborted signal,
   * rejects with its cause, and nothing is published. A source that was not read to its end is left paused, not destroyed: its owner
   * may still answer through it.
   */
  createStream(key: StorageKey, source: Readable, options?: StreamOptions): Promise<StreamResult>;
  openWriter(key: StorageKey): Promise<ObjectWriter>;
  /**
   * Publishes what a dead writer of this key, or of a `keepPartial` stream of it, had made durable, and answers its size; `undefined`: there
   * is none (or the key is taken). Leaves live writers of this process alone.
   */
  adopt(key: StorageKey): Promise<number | undefined>;
  /** Atomic: readers see the old content or the new, never a mix; of several the last wins. */
  replace(key: StorageKey, content: Uint8Array): Promise<void>;
  /**
   * Atomic move, in place of what `to` holds; whoever reads that goes on. `from` is gone afterwards (a power cut may bring it back: promote it again). A
   * missing `from`: StorageError `corrupt`. modifiedAt may stay that of `from`: `touch` what a collector must leave alone.
   */
  promote(from: StorageKey, to: StorageKey): Promise<void>;
  /** Sets modifiedAt to now; false: not there. A hint: not synced. */
  touch(key: StorageKey): Promise<boolean>;
  /** False: was not there. Prefixes left empty go too. */
  delete(key: StorageKey): Promise<boolean>;
  /**
   * Takes away the prefix with all that lies below it. Readers find all of it or nothing, where the backend can do that; elsewhere it goes in the
   * order of names. False: was not there.
   */
  deletePrefix(prefix: StorageKey): Promise<boolean>;
  /** One level below the prefix (`''` is the root), names sorted by bytes, strictly after `after`; nothing there: an empty list. The root does not show `_holdfast`. */
  list(
    prefix: StorageKey | '',
    options?: {readonly after?: string; readonly limit?: number},
  ): AsyncIterable<ListEntry>;
  /**
   * The same as long as no entry right below the prefix has come or gone; `undefined`: it can't be told, or has changed so lately that it
   * may once more without showing it. Absent where the backend knows no such thing.
   */
  prefixVersion?(prefix: StorageKey): Promise<string | undefined>;
  /** Of an object, below the root of the volume: where another program, such as nginx, finds its file. Absent where objects are no files. */
  localPath?(key: StorageKey): string;
  /** How much there is and how much is left; absent where there is no such bound. */
  space?(): Promise<Space>;
  /** Writes, reads back and deletes an object of its own. */
  check(): Promise<void>;
  /** Ends every stream as its signal would, and waits for what is under way; no verb is called afterwards. */
  close(): Promise<void>;
}
