/** Digests of what lies on the disk already, off the event loop. */
import {programBeside, WorkerThread} from '../host/worker-thread.ts';
import {type Digest, type DigestAlgorithm, toDigest} from '../oci/digest.ts';

export interface DigestExchange {
  readonly request: {
    readonly stream: number;
    readonly algorithms: readonly DigestAlgorithm[];
    /** `null`: the stream is over, and its digests are the answer. */
    readonly chunk: Uint8Array | null;
  };
  /** In hex, none before the end. */
  readonly reply: readonly string[];
}

/** Several streams take turns chunk by chunk. */
export class DigestThread {
  readonly #thread = new WorkerThread<DigestExchange>({
    program: programBeside(import.meta.url, 'digest-worker'),
    ended: (cause) => new Error('the digest thread ended', {cause}),
  });
  #streams = 0;

  /** The sha256 of a stream, and its digest by the algorithm given. Rejects with what the stream fails with. */
  async digest(
    source: AsyncIterable<Uint8Array>,
    algorithm: DigestAlgorithm = 'sha256',
  ): Promise<{readonly canonical: Digest; readonly actual: Digest}> {
    this.#streams += 1;
    const stream = {stream: this.#streams, algorithms: ['sha256', algorithm]} as const;
    // All in one thread: another, started meanwhile, would know the rest of the stream alone.
    let thread: number | undefined;
    const send = async (chunk: Uint8Array | null): Promise<readonly string[]> => {
      const answer = await this.#thread.ask({...stream, chunk}, thread);
      ({thread} = answer);
      return answer.reply;
    };
    try {
      for await (const chunk of source) await send(chunk);
    } catch (error) {
      // A thread that lives forgets the stream; one that ended need not be started for it.
      if (thread !== undefined && thread === this.#thread.running) await send(null);
      throw error;
    }
    const [canonical = '', actual = ''] = await send(null);
    return {canonical: toDigest('sha256', canonical), actual: toDigest(algorithm, actual)};
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
