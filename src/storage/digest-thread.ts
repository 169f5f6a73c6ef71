/** Digests that are computed off the event loop. */
import path from 'node:path';
import {Worker} from 'node:worker_threads';
import {type Digest, type DigestAlgorithm, toDigest} from '../oci/digest.ts';
import type {Piece} from './driver.ts';

export interface DigestRequest {
  readonly job: number;
  readonly algorithms: readonly DigestAlgorithm[];
  readonly pieces: readonly Piece[];
  /** After the pieces; `forgotten` gets no reply. */
  readonly wanted: 'pieces' | 'digests' | 'forgotten';
}

export interface DigestReply {
  readonly job: number;
  readonly pieces: readonly Piece[];
  readonly hexes: readonly string[];
}

/** What has passed so far is not known any more. */
export class DigestThreadEnded extends Error {
  constructor(cause?: unknown) {
    super('the digest thread ended', {cause});
    this.name = 'DigestThreadEnded';
  }
}

/** The digests of bytes that come one after the other; one call at a time. It rejects with DigestThreadEnded. */
export interface DigestStream {
  /** Moves the memory to the thread, and back with the answer. */
  add(pieces: readonly Piece[]): Promise<readonly Piece[]>;
  /** Of all so far, in the order of the algorithms. */
  digests(): Promise<readonly Digest[]>;
  /** The thread forgets it. */
  close(): void;
}

interface Waiting {
  readonly resolve: (reply: DigestReply) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, started when first needed; several streams take turns batch by batch. */
export class DigestThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #jobs = 0;

  open(algorithms: readonly DigestAlgorithm[]): DigestStream {
    const worker = (this.#worker ??= this.#start());
    const job = (this.#jobs += 1);
    let isClosed = false;
    const ask = async (
      pieces: readonly Piece[],
      wanted: 'pieces' | 'digests',
    ): Promise<DigestReply> => {
      // Another thread would begin in the middle, and the same one too, once it has forgotten the rest.
      if (this.#worker !== worker || isClosed) throw new DigestThreadEnded();
      return new Promise((resolve, reject) => {
        this.#waiting.set(job, {resolve, reject});
        const request: DigestRequest = {job, algorithms, pieces, wanted};
        worker.postMessage(
          request,
          pieces.map(({buffer}) => buffer),
        );
      });
    };
    return {
      add: async (pieces) => (await ask(pieces, 'pieces')).pieces,
      digests: async () => {
        const {hexes} = await ask([], 'digests');
        return algorithms.map((algorithm, index) => toDigest(algorithm, hexes[index] ?? ''));
      },
      close: () => {
        isClosed = true;
        const request: DigestRequest = {job, algorithms, pieces: [], wanted: 'forgotten'};
        worker.postMessage(request);
      },
    };
  }

  /** The sha256 of a stream, and its digest by the algorithm given. Rejects with what the stream fails with. */
  async digest(
    source: AsyncIterable<Uint8Array>,
    algorithm: DigestAlgorithm = 'sha256',
  ): Promise<{readonly canonical: Digest; readonly actual: Digest}> {
    const stream = this.open(['sha256', algorithm]);
    try {
      for await (const chunk of source) await stream.add([new Uint8Array(chunk)]);
      const [canonical, actual] = await stream.digests();
      if (!canonical || !actual) throw new TypeError('the thread answered too few digests');
      return {canonical, actual};
    } finally {
      stream.close();
    }
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #start(): Worker {
    // Run from source it is TypeScript, built it is JavaScript.
    const file = `digest-worker${path.extname(import.meta.filename)}`;
    const worker = new Worker(new URL(file, import.meta.url));
    worker.unref();
    worker.on('message', (reply: DigestReply) => {
      const waiting = this.#waiting.get(reply.job);
      this.#waiting.delete(reply.job);
      waiting?.resolve(reply);
    });
    const fail = (cause: unknown): void => {
      // An error is followed by the exit; by then another may have been started.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const error = new DigestThreadEnded(cause);
      for (const {reject} of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', fail);
    return worker;
  }
}
