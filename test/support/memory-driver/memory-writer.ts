/** An object that grows piece by piece in memory. */
import type {Readable} from 'node:stream';
import type {AppendOptions, AppendResult, ObjectWriter} from '../../../src/storage/driver.ts';
import {Intake} from '../../../storage-drivers/filesystem/intake.ts';
import {IntakeShare} from '../../../storage-drivers/filesystem/intake-share.ts';

interface MemoryWriterOptions {
  /** Ends what is being taken in. */
  readonly signal: AbortSignal;
  readonly publish: (content: Buffer) => Promise<boolean>;
  /** Gets what was taken in by a writer that gave up. */
  readonly onAbandon: (content: Buffer) => void;
}

export class MemoryWriter implements ObjectWriter {
  readonly #options: MemoryWriterOptions;
  #content = Buffer.alloc(0);
  #isOver = false;

  constructor(options: MemoryWriterOptions) {
    this.#options = options;
  }

  async append(
    source: Readable,
    {signal, maxBytes = Infinity, admit, observe, release}: AppendOptions = {},
  ): Promise<AppendResult> {
    this.#throwIfOver();
    const share = new IntakeShare();
    const signals = [this.#options.signal, ...(signal ? [signal] : [])];
    const intake = new Intake(source, {signals, maxBytes, share, admit, observe, release});
    const chunks: Buffer[] = [];
    try {
      const stop = await intake.drainTo((batch) => {
        chunks.push(...batch.map((chunk) => Buffer.from(chunk)));
        return Promise.resolve();
      });
      if (stop.how === 'refused') throw stop.cause;
      this.#content = Buffer.concat([this.#content, ...chunks]);
      const {size} = intake;
      if (stop.how === 'ended') return {outcome: 'created', size};
      return {outcome: 'partial', size, cause: stop.cause};
    } catch (error) {
      await this.abandon();
      throw error;
    } finally {
      intake.release();
    }
  }

  async publish(): Promise<'created' | 'exists'> {
    this.#throwIfOver();
    this.#isOver = true;
    return (await this.#options.publish(this.#content)) ? 'created' : 'exists';
  }

  async abandon(): Promise<void> {
    if (!this.#isOver) this.#options.onAbandon(this.#content);
    this.#isOver = true;
    return Promise.resolve();
  }

  #throwIfOver(): void {
    if (this.#isOver) throw new TypeError('the writer is over');
  }
}
