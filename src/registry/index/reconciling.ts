/** Compares the whole storage with the index, never twice at once. */
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import type {ReportUnreadable} from './compare.ts';
import {reindex, type ReindexProgress} from './reindex.ts';
import type {SurveyThread} from './survey-thread.ts';

interface ReconcilingOptions {
  readonly db: Database['db'];
  readonly survey: () => SurveyThread;
  readonly report: ReportUnreadable;
  readonly log: Logger;
  readonly now: () => Date;
}

export class Reconciling {
  readonly #options: ReconcilingOptions;
  readonly #closing = new AbortController();
  #running: Promise<ReindexProgress> | undefined;
  #progress: ReindexProgress | undefined;

  constructor(options: ReconcilingOptions) {
    this.#options = options;
  }

  /** Of the one that is under way. */
  get progress(): ReindexProgress | undefined {
    return this.#running && this.#progress;
  }

  /** The one that is under way, or a new one. */
  async run(): Promise<ReindexProgress> {
    this.#closing.signal.throwIfAborted();
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running?.catch(() => undefined);
  }

  async #work(): Promise<ReindexProgress> {
    const {db, report, log, now} = this.#options;
    const survey = this.#options.survey();
    try {
      const progress = await reindex(
        {db, survey, report, now},
        {
          signal: this.#closing.signal,
          onProgress: (so) => {
            this.#progress = so;
          },
        },
      );
      if (progress.tags + progress.manifests > 0) log.info(progress, 'index brought up to date');
      return progress;
    } finally {
      await survey.close();
    }
  }
}
