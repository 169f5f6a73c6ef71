/** Pauses between attempts that fail for an outage, each twice as long as the one before; an outage is told once. */
import {MetadataError} from '../../metadata/metadata-error.ts';
import type {Logger} from '../../observability/log.ts';

/** In milliseconds. */
const firstPause = 500;
const longestPause = 30_000;

export class Retry {
  readonly #log: Logger;
  #pause = 0;
  #wake: (() => void) | undefined;
  #isStopped = false;

  constructor(log: Logger) {
    this.#log = log;
  }

  get isFailing(): boolean {
    return this.#pause > 0;
  }

  succeeded(): void {
    if (this.#pause > 0) this.#log.info('index is written again');
    this.#pause = 0;
  }

  failed(error: unknown): void {
    if (this.#pause === 0) this.#log.error({err: error}, 'index not written, it is tried again');
    this.#pause = Math.min(Math.max(2 * this.#pause, firstPause), longestPause);
  }

  async rest(): Promise<void> {
    if (this.#isStopped) return;
    const {promise, resolve} = Promise.withResolvers<undefined>();
    this.#wake = () => {
      resolve(undefined);
    };
    const timer = setTimeout(this.#wake, this.#pause).unref();
    await promise;
    clearTimeout(timer);
  }

  /** There is reason to believe that the outage is over. */
  hurry(): void {
    this.#wake?.();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake?.();
  }
}

/** Of the database: nothing can be written, whatever it is. */
export const isOutage = (error: unknown): boolean =>
  error instanceof MetadataError && error.kind !== 'query' && error.kind !== 'constraint';
