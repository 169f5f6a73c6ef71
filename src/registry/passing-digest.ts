/** The digests of an upload's bytes as they pass: in a thread of its own where there are many, on the spot where there are few. */
import {createHash, type Hash} from 'node:crypto';
import {type Digest, type DigestAlgorithm, toDigest} from '../oci/digest.ts';
import {type DigestStream, type DigestThread, DigestThreadEnded} from '../storage/digest-thread.ts';
import type {Piece} from '../storage/driver.ts';

/** In bytes. Of fewer the way to the thread and back takes longer than the digesting. */
const manyBytes = 128 * 1024;

export class PassingDigest {
  readonly #thread: DigestThread;
  readonly #here: ReadonlyMap<DigestAlgorithm, Hash>;
  #there: DigestStream | undefined;
  #hasBegun = false;
  #isLost = false;

  constructor(thread: DigestThread, algorithms: readonly DigestAlgorithm[]) {
    this.#thread = thread;
    this.#here = new Map(algorithms.map((algorithm) => [algorithm, createHash(algorithm)]));
  }

  /** Answers the same memory, or what of it is left. */
  async add(pieces: readonly Piece[]): Promise<readonly Piece[]> {
    if (!this.#hasBegun && sizeOf(pieces) >= manyBytes) {
      this.#there = this.#thread.open([...this.#here.keys()]);
    }
    this.#hasBegun = true;
    const there = this.#there;
    if (there) return (await this.#unlessLost(() => there.add(pieces))) ?? [];
    for (const hash of this.#here.values()) {
      for (const piece of pieces) hash.update(piece);
    }
    return pieces;
  }

  /** Of all bytes so far; none where the thread ended before its time. */
  async digests(): Promise<readonly Digest[]> {
    const there = this.#there;
    if (there) return (await this.#unlessLost(() => there.digests())) ?? [];
    return [...this.#here].map(([algorithm, hash]) =>
      toDigest(algorithm, hash.copy().digest('hex')),
    );
  }

  close(): void {
    this.#there?.close();
  }

  /** What the thread has forgotten can be read from the disk again. */
  async #unlessLost<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#isLost) return undefined;
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DigestThreadEnded)) throw error;
      this.#isLost = true;
      return undefined;
    }
  }
}

const sizeOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, {byteLength}) => sum + byteLength, 0);
