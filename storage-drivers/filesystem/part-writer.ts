/** An object that is written by several requests: one part that grows, and a checkpoint at the end of each. */
import type {Readable} from 'node:stream';
import type {AppendOptions, AppendResult, ObjectWriter} from '../../src/storage/driver.ts';
import {Intake} from './intake.ts';
import type {IntakeShare} from './intake-share.ts';
import type {PartFile} from './part-file.ts';

interface PartWriterOptions {
  /** Ends what is being taken in, as its own signal would. */
  readonly signal: AbortSignal;
  readonly share: IntakeShare;
  /** Runs a piece of work as one of the driver's verbs. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onOver: () => void;
}

export class PartWriter implements ObjectWriter {
  readonly #part: PartFile;
  readonly #path: string;
  readonly #options: PartWriterOptions;
  /** The call under way. */
  #busy: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(part: PartFile, path: string, options: PartWriterOptions) {
    this.#part = part;
    this.#path = path;
    this.#options = options;
  }

  async append(
    source: Readable,
    {signal, maxBytes = Infinity, admit, observe, release}: AppendOptions = {},
  ): Promise<AppendResult> {
    const {share} = this.#options;
    const signals = [this.#options.signal, ...(signal ? [signal] : [])];
    const intake = new Intake(source, {signals, maxBytes, share, admit, observe, release});
    let refusal: {readonly cause: unknown} | undefined;
    try {
      return await this.#do(async () => {
        const stop = await intake.drainTo(async (batch, isLast) => {
          await this.#part.write(batch);
          if (isLast) await this.#part.sync();
        });
        if (stop.how === 'refused') refusal = stop;
        if (stop.how === 'refused') throw stop.cause;
        const {size} = intake;
        if (stop.how === 'ended') return {outcome: 'created', size};
        return {outcome: 'partial', size, cause: stop.cause};
      });
    } catch (error) {
      // What the caller threw is not to be taken for an error of ours.
      throw refusal ? refusal.cause : error;
    } finally {
      intake.release();
    }
  }

  async publish(): Promise<'created' | 'exists'> {
    const outcome = await this.#do(async () => {
      await this.#part.seal();
      return this.#part.publish(this.#path);
    });
    this.#end();
    return outcome;
  }

  async abandon(): Promise<void> {
    await Promise.allSettled([this.#busy]);
    if (this.#isOver) return;
    this.#end();
    await this.#part.abandon();
  }

  #end(): void {
    this.#isOver = true;
    this.#options.onOver();
  }

  async #do<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isOver) throw new TypeError(`the writer of ${this.#path} is over`);
    const busy = this.#options.run(work);
    this.#busy = busy;
    try {
      return await busy;
    } catch (error) {
      await this.abandon();
      throw error;
    }
  }
}
