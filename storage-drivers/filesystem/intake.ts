/**
 * Takes a stream in: gathers its chunks into batches of up to 1 MiB and hands them on one after the other, while the next is
 * gathered. The source is paused when that one is full, so no more than two batches are in memory.
 */
import type {Readable} from 'node:stream';
import {StorageError, type StreamOptions} from '../../src/storage/driver.ts';
import type {IntakeShare} from './intake-share.ts';

/** What one writev of Linux takes (IOV_MAX). */
const batchChunks = 1024;

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

type Write = (batch: readonly Uint8Array[], isLast: boolean) => Promise<void>;

export class Intake {
  readonly #source: Readable;
  readonly #options: IntakeOptions;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  /** Of the batch that is being gathered: the share may change meanwhile, and a source that was paused for a small one would not go on for a large one. */
  #batchBytes: number;
  #size = 0;
  #stop: Stop | undefined;
  #wake: (() => void) | undefined;

  /** Listens from the start: a source that fails before it is drained must not take the process down. */
  constructor(source: Readable, options: IntakeOptions) {
    this.#source = source;
    this.#options = options;
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
   * does, and with nothing else. The observer sees a batch while it is being written: it has a core of its own then.
   */
  async drainTo(write: Write): Promise<Stop> {
    const {observe, release} = this.#options;
    if (!this.#stop) this.#source.on('data', this.#onData).resume();
    for (;;) {
      if (!this.#stop && !this.#isFull()) await this.#change();
      const stop = this.#stop;
      if (stop?.how === 'refused') return stop;
      const batch = this.#take();
      const writing = write(batch, stop !== undefined);
      try {
        if (observe) batch.forEach(observe);
      } finally {
        await writing;
      }
      if (release) batch.forEach(release);
      if (stop) return stop;
    }
  }

  /** Lets go of the source. One that was not read to its end is left paused, for its owner to destroy or to answer. */
  release(): void {
    this.#options.share.leave();
    const source = this.#source;
    source.off('data', this.#onData).off('end', this.#onEnd);
    source.off('error', this.#onCut).off('close', this.#onClose);
    for (const signal of this.#options.signals) signal.removeEventListener('abort', this.#onAbort);
    if (this.#stop?.how === 'ended') return;
    source.pause();
    source.on('error', ignoreLateError);
  }

  readonly #onData = (data: Uint8Array | string): void => {
    if (this.#stop) return;
    const chunk = typeof data === 'string' ? Buffer.from(data) : data;
    const {maxBytes, admit} = this.#options;
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
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.byteLength;
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
    return this.#gatheredBytes >= this.#batchBytes || this.#gathered.length >= batchChunks;
  }

  #take(): readonly Uint8Array[] {
    const batch = this.#gathered;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#batchBytes = Math.min(2 * this.#batchBytes, this.#options.share.bytes);
    if (!this.#stop) this.#source.resume();
    return batch;
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
