/** Compares the whole storage with the index, never twice at once. */
import type {RepositoryFacts} from '../../metadata/content/facts.ts';
import type {IndexStatus} from '../../auth/administration/context.ts';
import type {Clock} from '../../host/clock.ts';
import {readIndexStatus} from '../../metadata/content/index-status.ts';
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import type {IndexMetrics} from '../../observability/index-metrics.ts';
import type {Watch} from './changes-under-way.ts';
import type {ReportUnreadable} from './compare.ts';
import {reindex, type ReindexProgress} from './reindex.ts';
import type {Survey} from './survey.ts';

/** A survey that has something to close. */
interface ClosableSurvey extends Survey {
  close(): void;
}

interface ReconcilingOptions {
  readonly db: Database['db'];
  readonly survey: () => ClosableSurvey;
  readonly watch: () => Watch;
  readonly isAsked: () => boolean;
  /** Absent: no other nodes write at the same time. */
  readonly recheck: ((facts: readonly RepositoryFacts[]) => Promise<void>) | undefined;
  readonly report: ReportUnreadable;
  readonly metrics: IndexMetrics;
  readonly log: Logger;
  readonly now: Clock;
}

/** In milliseconds: how often the log says how far it is. */
const tellEvery = 60_000;

export class Reconciling {
  readonly #options: ReconcilingOptions;
  readonly #closing = new AbortController();
  #running: Promise<ReindexProgress> | undefined;
  #progress: ReindexProgress | undefined;
  #last: ReindexProgress | undefined;
  #problem: string | undefined;

  constructor(options: ReconcilingOptions) {
    this.#options = options;
  }

  async status(): Promise<IndexStatus> {
    return {
      ...(await readIndexStatus(this.#options.db)),
      running: this.#running && this.#progress,
      last: this.#last,
      problem: this.#problem,
    };
  }

  /** As `run`, but answers at once: whether it is a new one. */
  begin(): boolean {
    const isNew = this.#running === undefined;
    this.run().catch(() => undefined);
    return isNew;
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
    const {metrics, log} = this.#options;
    const {signal} = this.#closing;
    const survey = this.#options.survey();
    const close = (): void => {
      survey.close();
    };
    signal.addEventListener('abort', close);
    const begin = performance.now();
    let told = begin;
    const onProgress = (so: ReindexProgress): void => {
      metrics.progress(so, this.#progress);
      this.#progress = so;
      if (performance.now() - told < tellEvery) return;
      told = performance.now();
      log.info(so, 'index compared so far');
    };
    this.#progress = {repositories: 0, expected: undefined, tags: 0, manifests: 0, gone: 0};
    try {
      const found = await reindex({...this.#options, survey}, {signal, onProgress});
      const ms = Math.round(performance.now() - begin);
      metrics.compared(ms);
      this.#problem = undefined;
      this.#last = found;
      const level = found.tags + found.manifests + found.gone > 0 ? 'info' : 'debug';
      log[level]({...found, ms}, 'index compared with the storage');
      return found;
    } catch (error) {
      if (!signal.aborted) {
        this.#problem = error instanceof Error ? error.message : 'the log says why';
        metrics.failed();
      }
      throw error;
    } finally {
      signal.removeEventListener('abort', close);
      close();
    }
  }
}
