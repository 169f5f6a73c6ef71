/** Writes down what happens that no change of the index tells of: pulls, and blobs that come and go. Nobody wants to know: nothing is written. */
import type {Database} from '../metadata/database.ts';
import type {Happening} from '../metadata/events/event.ts';
import {insertEvents} from '../metadata/events/log.ts';
import {transact} from '../metadata/transact.ts';
import type {Log} from '../observability/log.ts';
import type {NotificationMetrics} from '../observability/notification-metrics.ts';
import {Gathering} from './gathering.ts';

interface RecorderOptions {
  readonly db: Database['db'];
  readonly metrics: NotificationMetrics;
  readonly log: Log;
  /** There is something to tell. */
  readonly onEvents: () => void;
}

/** In ms: so long they gather, and so long whoever has pushed a blob waits at most until it is written down. */
const lull = 20;
const patience = 2000;
/** What waits to be written, at most. */
const mostWaiting = 10_000;

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #gathering: Gathering<Happening>;
  #waiting = 0;
  #isFailing = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#gathering = new Gathering(async (happenings) => this.#write(happenings), lull);
  }

  /** Resolves when it is written down, and after a while in any case: what was done is done. Never rejects. */
  async record(happening: Happening): Promise<void> {
    const {metrics} = this.#options;
    if (this.#waiting >= mostWaiting) {
      metrics.lost.inc();
      return;
    }
    this.#waiting += 1;
    const writing = this.#gathering.add(happening).then(
      () => {
        this.#isFailing = false;
      },
      (error: unknown) => {
        metrics.lost.inc();
        if (!this.#isFailing) this.#options.log.error({err: error}, 'events can not be written');
        this.#isFailing = true;
      },
    );
    const timer = Promise.withResolvers<undefined>();
    const timeout = setTimeout(() => {
      timer.resolve(undefined);
    }, patience).unref();
    void writing.finally(() => {
      this.#waiting -= 1;
      clearTimeout(timeout);
      timer.resolve(undefined);
    });
    await timer.promise;
  }

  async #write(happenings: readonly Happening[]): Promise<void> {
    const {db, onEvents} = this.#options;
    await transact(db, async (turn) => insertEvents(turn, happenings));
    onEvents();
  }
}
