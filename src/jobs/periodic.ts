/** Housekeeping that is done again and again, and never twice at once. */
import type {TaskRecord} from '../observability/task-metrics.ts';
import type {Log} from '../observability/log.ts';

export interface PeriodicOptions {
  /** What the log calls it where it fails. */
  readonly name: string;
  /** In milliseconds, from the end of one run to the begin of the next. */
  readonly interval: number;
  /** In milliseconds: before the first run. */
  readonly firstAfter?: number | undefined;
  /** The pause is at least so many times as long as the run was: what takes long must not take all the time. */
  readonly restFactor?: number;
  /** Ends early once the signal is aborted; what it rejects with is logged. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly log: Log;
  /** Is told of each run. */
  readonly record?: TaskRecord;
}

/** In milliseconds. */
const soon = 60_000;

export class Periodic {
  readonly #options: PeriodicOptions;
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<void> | undefined;

  constructor(options: PeriodicOptions) {
    this.#options = options;
    // Soon after the start: a server that is restarted every day has to get to it too.
    this.#schedule(options.firstAfter ?? Math.min(soon, options.interval));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#timer);
    await this.#run;
  }

  #schedule(delay: number): void {
    const {interval, restFactor = 0} = this.#options;
    this.#options.record?.resting(delay);
    this.#timer = setTimeout(() => {
      const begin = performance.now();
      this.#run = this.#work(begin).finally(() => {
        if (this.#closing.signal.aborted) return;
        this.#schedule(Math.max(interval, restFactor * (performance.now() - begin)));
      });
    }, delay).unref();
  }

  async #work(begin: number): Promise<void> {
    const {work, log, name, record} = this.#options;
    try {
      await work(this.#closing.signal);
      // One that was ended with the server has not done what it is for.
      if (!this.#closing.signal.aborted) record?.completed(performance.now() - begin);
    } catch (error) {
      record?.failed(performance.now() - begin);
      log.error({err: error}, `${name} failed`);
    }
  }
}
