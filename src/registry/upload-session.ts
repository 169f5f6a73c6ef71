/** What this process knows of an upload beyond the disk: where it ends, and the digests of what has passed through here. */
import type {Readable} from 'node:stream';
import {type Digest, type DigestAlgorithm, digestOf} from '../oci/digest.ts';
import {RegistryError} from '../oci/errors.ts';
import {uploadRange} from '../oci/range.ts';
import type {DigestThread} from '../storage/digest-thread.ts';
import type {AppendResult, ObjectWriter, Piece, StorageKey} from '../storage/driver.ts';
import type {SegmentJoin} from '../storage/segment-join.ts';
import type {Segment, UploadStore} from '../storage/upload-store.ts';
import {PassingDigest} from './passing-digest.ts';
import type {Claim} from './room.ts';
import type {UploadState} from './upload-state.ts';

export interface Chunk {
  readonly body: Readable;
  /** Where the client says its bytes belong; `undefined`: where the upload ended when it got its Location. */
  readonly start: number | undefined;
  /** How many bytes it says will come. */
  readonly length: number | undefined;
  /** Ends the chunk early, keeping what has come. */
  readonly signal: AbortSignal;
  /** Frees the memory of what the body has delivered. */
  readonly release?: (bytes: Uint8Array) => void;
  /** Told of all that comes. */
  readonly claim?: Pick<Claim, 'take'>;
}

/** A segment that grows with each chunk. */
interface Growing extends Segment {
  readonly writer: ObjectWriter;
}

export class UploadSession {
  readonly #uploads: UploadStore;
  readonly #state: UploadState;
  readonly #segments: Segment[];
  /** Undefined where bytes lie on the disk that this process has not seen pass. */
  readonly #passing: PassingDigest | undefined;
  /** Of all bytes so far, as far as this process knows them. */
  #digests: readonly Digest[] = [];
  #growing: Growing | undefined;
  #join: SegmentJoin | undefined;
  #isJoinedLate = false;

  constructor(
    uploads: UploadStore,
    digestThread: DigestThread,
    state: UploadState,
    segments: readonly Segment[],
  ) {
    this.#uploads = uploads;
    this.#state = state;
    this.#segments = [...segments];
    if (segments.length > 0) return;
    const algorithms: DigestAlgorithm[] = state.algorithm
      ? ['sha256', state.algorithm]
      : ['sha256'];
    this.#passing = new PassingDigest(digestThread, algorithms);
    this.#digests = algorithms.map((algorithm) => digestOf(new Uint8Array(), algorithm));
  }

  get size(): number {
    const last = this.#growing ?? this.#segments.at(-1);
    return last ? last.offset + last.size : 0;
  }

  /** Where the next segment that is published begins. */
  get end(): number {
    return this.#growing?.offset ?? this.size;
  }

  /** What the next Location says. */
  get state(): UploadState {
    return {...this.#state, offset: this.size, digests: this.#digests};
  }

  /** Of all bytes so far, as far as this process knows them. */
  get digests(): readonly Digest[] {
    return this.#digests;
  }

  /** Throws 416 where another writer was faster. Whatever it throws, the session is over: the disk tells what was kept. */
  async append(chunk: Chunk): Promise<AppendResult> {
    const result = await this.#append(chunk);
    this.#digests = (await this.#passing?.digests()) ?? [];
    return result;
  }

  async #append({body, start, length, signal, release, claim}: Chunk): Promise<AppendResult> {
    const passing = this.#passing;
    const options = {
      signal,
      ...(release ? {release} : {}),
      ...(length === undefined ? {} : {maxBytes: length}),
      admit: (bytes: Uint8Array) => claim?.take(bytes.byteLength),
      ...(passing ? {observe: async (pieces: readonly Piece[]) => passing.add(pieces)} : {}),
    };
    const {name, id} = this.#state;
    // Who says where a chunk belongs has more of them: one file for all spares making, and joining, one for each.
    if (this.#growing || start !== undefined) {
      const growing = this.#growing ?? (await this.#openSegment());
      this.#growing = growing;
      const result = await growing.writer.append(body, options);
      this.#growing = {...growing, size: growing.size + result.size};
      return result;
    }
    const {segment, outcome, ...result} = await this.#uploads.append(
      name,
      id,
      this.size,
      body,
      options,
    );
    if (outcome === 'exists') throw this.outOfOrder();
    if (result.size > 0) this.#add(segment);
    return {...result, outcome};
  }

  /** All bytes as one object; `undefined`: there are none. */
  async joined(): Promise<{readonly key: StorageKey; readonly size: number} | undefined> {
    if (this.#growing) {
      const {writer, ...segment} = this.#growing;
      if ((await writer.publish()) === 'exists') throw this.outOfOrder();
      this.#growing = undefined;
      if (segment.size > 0) this.#add(segment);
    }
    if (this.#segments.length < 2) return this.#segments[0];
    const begun = this.#join;
    this.#join = undefined;
    if (begun) {
      try {
        return await begun.finish();
      } catch (error) {
        // Why chunks could not be joined while others were still coming may be over by now; a failed sync is told.
        if (begun.isRead) throw error;
      }
    }
    return this.#startJoin().finish();
  }

  /** Whether the segments are being made one object, which holds a file open. */
  get isJoining(): boolean {
    return this.#join !== undefined;
  }

  /** Whether a segment is open for the next chunk. */
  get isGrowing(): boolean {
    return this.#growing !== undefined;
  }

  /** The segments become one object only at the end: to begin anew with each that comes would copy them over and over. */
  giveUpJoin(): void {
    this.#isJoinedLate = true;
    this.#cancelJoin();
  }

  /** Frees what the session holds; the disk stays as it is, and nothing can be done with the session any more. */
  async close(): Promise<void> {
    this.#cancelJoin();
    this.#passing?.close();
    await this.#growing?.writer.abandon();
  }

  outOfOrder(): RegistryError {
    return new RegistryError('UPLOAD_RANGE_INVALID', {
      message: `the chunk has to begin at byte ${this.size}, where the upload ends`,
      headers: {Range: uploadRange(this.size)},
    });
  }

  #add(segment: Segment): void {
    this.#segments.push(segment);
    if (this.#segments.length < 2 || this.#isJoinedLate) return;
    if (this.#join) this.#join.add(segment.key);
    else this.#join = this.#startJoin();
  }

  #cancelJoin(): void {
    this.#join?.cancel();
    this.#join = undefined;
  }

  async #openSegment(): Promise<Growing> {
    const offset = this.size;
    const {name, id} = this.#state;
    return {...(await this.#uploads.openSegment(name, id, offset)), offset, size: 0};
  }

  #startJoin(): SegmentJoin {
    const join = this.#uploads.join(this.#state.name, this.#state.id);
    for (const {key} of this.#segments) join.add(key);
    return join;
  }
}
