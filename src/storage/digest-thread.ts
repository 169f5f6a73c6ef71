/** Digests of what lies on the disk already, off the event loop. */
import path from 'node:path';
import {Worker} from 'node:worker_threads';
import {type Digest, type DigestAlgorithm, toDigest} from '../oci/digest.ts';

export interface DigestRequest {
  readonly job: number;
  readonly algorithms: readonly DigestAlgorithm[];
  readonly chunk: Uint8Array | null;
}

export interface DigestReply {
  readonly job: number;
  readonly hexes: readonly string[];
}

interface Waiting {
  readonly resolve: (hexes: readonly string[]) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, started when first needed; several streams take turns chunk by chunk. */
export class DigestThread {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #jobs = 0;

  /** The sha256 of a stream, and its digest by the algorithm given. Rejects with what the stream fails with. */
  async digest(
    source: AsyncIterable<Uint8Array>,
    algorithm: DigestAlgorithm = 'sha256',
  ): Promise<{readonly canonical: Digest; readonly actual: Digest}> {
    this.#jobs += 1;
    const job = {job: this.#jobs, algorithms: ['sha256', algorithm]} as const;
    try {
      for await (const chunk of source) await this.#send({...job, chunk});
    } catch (error) {
      // A thread that lives forgets the job; one that ended need not be started for it.
      if (this.#worker) await this.#send({...job, chunk: null});
      throw error;
    }
    const [canonical = '', actual = ''] = await this.#send({...job, chunk: null});
    return {canonical: toDigest('sha256', canonical), actual: toDigest(algorithm, actual)};
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #send(request: DigestRequest): Promise<readonly string[]> {
    const worker = (this.#worker ??= this.#start());
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.job, {resolve, reject});
      worker.postMessage(request);
    });
  }

  #start(): Worker {
    // Run from source it is TypeScript, built it is JavaScript.
    const file = `digest-worker${path.extname(import.meta.filename)}`;
    const worker = new Worker(new URL(file, import.meta.url));
    worker.unref();
    worker.on('message', ({job, hexes}: DigestReply) => {
      this.#waiting.get(job)?.resolve(hexes);
      this.#waiting.delete(job);
    });
    const fail = (cause: unknown): void => {
      // An error is followed by the exit; by then another may have been started.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const error = new Error('the digest thread ended', {cause});
      for (const {reject} of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', fail);
    return worker;
  }
}
