/** Digests that are computed off the event loop. */
import {programBeside, WorkerThread} from '../host/worker-thread.ts';
import {type Digest, type DigestAlgorithm, toDigest} from '../oci/digest.ts';
import type {Piece} from './driver.ts';

export interface DigestExchange {
  readonly request: {
    readonly stream: number;
    readonly algorithms: readonly DigestAlgorithm[];
    readonly pieces: readonly Piece[];
    /** After the pieces; with `forgotten` the thread keeps nothing of the stream. */
    readonly wanted: 'pieces' | 'digests' | 'forgotten';
  };
  readonly reply: {
    readonly pieces: readonly Piece[];
    /** In hex; none unless they were wanted. */
    readonly hexes: readonly string[];
  };
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

/** Several streams take turns batch by batch. */
export class DigestThread {
  readonly #thread = new WorkerThread<DigestExchange>({
    program: programBeside(import.meta.url, 'digest-worker'),
    ended: (cause) => new DigestThreadEnded(cause),
  });
  #streams = 0;

  open(algorithms: readonly DigestAlgorithm[]): DigestStream {
    this.#streams += 1;
    const stream = this.#streams;
    // All in one thread: another, started meanwhile, would know the rest of the stream alone.
    let thread: number | undefined;
    let isClosed = false;
    const ask = async (
      pieces: readonly Piece[],
      wanted: DigestExchange['request']['wanted'],
    ): Promise<DigestExchange['reply']> => {
      if (isClosed) throw new DigestThreadEnded();
      const moved = pieces.map(({buffer}) => buffer);
      const request = {stream, algorithms, pieces, wanted};
      const answer = await this.#thread.ask(request, {thread, moved});
      ({thread} = answer);
      return answer.reply;
    };
    return {
      add: async (pieces) => (await ask(pieces, 'pieces')).pieces,
      digests: async () => {
        const {hexes} = await ask([], 'digests');
        return algorithms.map((algorithm, index) => toDigest(algorithm, hexes[index] ?? ''));
      },
      close: () => {
        // A thread that lives forgets the stream; one that ended need not be started for it.
        if (thread !== undefined && thread === this.#thread.running) {
          ask([], 'forgotten').catch(() => undefined);
        }
        isClosed = true;
      },
    };
  }

  /**
   * The sha256 of a stream, and its digest by the algorithm given. Rejects with what the stream fails with. A chunk is not looked at any more
   * when the next is asked for.
   */
  async digest(
    source: AsyncIterable<Uint8Array>,
    algorithm: DigestAlgorithm = 'sha256',
  ): Promise<{readonly canonical: Digest; readonly actual: Digest}> {
    const stream = this.open(['sha256', algorithm]);
    try {
      for await (const chunk of source) {
        const pieces = await stream.add([new Uint8Array(chunk)]);
        // Left to the garbage collector it would be looked for only when there is very much of it.
        for (const {buffer} of pieces) buffer.transfer(0);
      }
      const [canonical, actual] = await stream.digests();
      if (!canonical || !actual) throw new TypeError('the thread answered too few digests');
      return {canonical, actual};
    } finally {
      stream.close();
    }
  }

  /** Batches and questions without an answer so far. */
  get waiting(): number {
    return this.#thread.waiting;
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
