/**
 * Takes a stream in: gathers it into batches of up to 1 MiB, which are written one after the other. While one is written the next is gathered, and
 * the observer sees the one before. The source is paused when the next is full, so no more than three batches are in memory.
 */
import type {Readable} from 'node:stream';
import {type Piece, StorageError, type StreamOptions} from '../../src/storage/driver.ts';
import {Gathering} from './gathering.ts';
import type {IntakeShare} from './intake-share.ts';

/** In bytes. The first batches are smaller, each twice the one before: writing begins early, and the last write of a short body is short. */
const firstBatch = 256 * 1024;

export interface IntakeOptions {
  readonly signals: readonly AbortSignal[];
  readonly maxBytes: number;
  readonly share: IntakeShare;
  readonly admit: StreamOptions['admit'];
  readonly observe: StreamOptions['observe'];
  readonly release: StreamOptions['release'];
}

/** How a stream stopped: at its end, broken off by its source or a signal, or refused by us. */
export type Stop =
  {readonly how: 'ended'} | {readonly how: 'cut' | 'refused'; readonly cause: unknown};

type Write = (batch: readonly Piece[], isLast: boolean) => Promise<void>;

export class Intake {
  readonly #source: Readable;
  readonly #options: IntakeOptions;
  readonly #gathering: Gathering;
  /** Of the batch that is being gathered: the share may change meanwhile, and a source that was paused for a small one would not go on for a large one. */
  #batchBytes: number;
  #size = 0;
  #stop: Stop | undefined;
  #wake: (() => void) | undefined;

  /** Listens from the start: a source that fails before it is drained must not take the process down. */
  constructor(source: Readable, options: IntakeOptions) {
    this.#source = source;
    this.#options = options;
    this.#gathering = new Gathering(options.share);
    options.share.join();
    this.#batchBytes = Math.min(firstBatch, options.share.bytes);
    source.on('end', this.#onEnd).on('error', this.#onCut).on('close', this.#onClose);
    for (const signal of options.signals) {
      signal.addEventListener('abort', this.#onAbort);
      if (signal.aborted) this.#onCut(signal.reason);
    }
    // A source may have had its events before we came.
    if (source.readableEnded) this.#onEnd();
    else if (source.errored) this.#onCut(source.errored);
    else if (source.destroyed) this.#onClose();
  }

  /** Bytes taken in so far. */
  get size(): number {
    return this.#size;
  }

  /**
   * Hands on every byte that arrived before the source ended or broke off; the last batch, which may be empty, is said to be so. Rejects as `write`
   * does, and with nothing else. The observer gets a batch when it is written, and the memory for itself: it may be another thread.
   */
  async drainTo(write: Write): Promise<Stop> {
    let observing = Promise.resolve();
    if (!this.#stop) this.#source.on('data', this.#onData).resume();
    for (;;) {
      if (!this.#stop && !this.#isFull()) await this.#change();
      const stop = this.#stop;
      if (stop?.how === 'refused') return stop;
      const batch = this.#take();
      await write(batch, stop !== undefined);
      await observing;
      observing = this.#observe(batch);
      if (!stop) continue;
      await observing;
      return stop;
    }
  }

  /** Lets go of the source. One that was not read to its end is left paused, for its owner to destroy or to answer. */
  release(): void {
    const {share, signals} = this.#options;
    share.leave();
    share.giveBack(this.#gathering.take(true));
    const source = this.#source;
    source.off('data', this.#onData).off('end', this.#onEnd);
    source.off('error', this.#onCut).off('close', this.#onClose);
    for (const signal of signals) signal.removeEventListener('abort', this.#onAbort);
    if (this.#stop?.how === 'ended') return;
    source.pause();
    source.on('error', ignoreLateError);
  }

  readonly #onData = (data: Uint8Array | string): void => {
    if (this.#stop) return;
    const chunk = typeof data === 'string' ? Buffer.from(data) : data;
    const {maxBytes, admit, release} = this.#options;
    if (this.#size + chunk.byteLength > maxBytes) {
      const cause = new StorageError('too-large', `more than ${maxBytes} bytes`);
      this.#stopWith({how: 'refused', cause});
      return;
    }
    try {
      admit?.(chunk);
    } catch (cause) {
      this.#stopWith({how: 'refused', cause});
      return;
    }
    this.#size += chunk.byteLength;
    this.#gathering.add(chunk);
    release?.(chunk);
    if (!this.#isFull()) return;
    this.#source.pause();
    this.#wake?.();
  };

  readonly #onEnd = (): void => {
    this.#stopWith({how: 'ended'});
  };

  readonly #onCut = (cause: unknown): void => {
    this.#stopWith({how: 'cut', cause});
  };

  readonly #onClose = (): void => {
    if (!this.#stop) this.#onCut(new Error('the source closed before its end'));
  };

  readonly #onAbort = (): void => {
    const aborted = this.#options.signals.find((signal) => signal.aborted);
    this.#onCut(aborted?.reason);
  };

  /** The first reason to stop is the one that counts. */
  #stopWith(stop: Stop): void {
    if (this.#stop) return;
    this.#stop = stop;
    if (stop.how !== 'ended') this.#source.pause();
    this.#wake?.();
  }

  #isFull(): boolean {
    return this.#gathering.bytes >= this.#batchBytes;
  }

  #take(): readonly Piece[] {
    const batch = this.#gathering.take(this.#stop !== undefined);
    this.#batchBytes = Math.min(2 * this.#batchBytes, this.#options.share.bytes);
    if (!this.#stop) this.#source.resume();
    return batch;
  }

  async #observe(batch: readonly Piece[]): Promise<void> {
    const {observe, share} = this.#options;
    share.giveBack(observe && batch.length > 0 ? await observe(batch) : batch);
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}

/** We gave up first: what happens to the source afterwards is no news, but without a listener it would end the process. */
function ignoreLateError(): void {
  return;
}
