/** Counts pulls and pushes in memory, and writes them down now and then: a pull waits for nothing. */
import type {Clock} from '../../host/clock.ts';
import {addCounts, type DailyCounts, type Pulls} from '../../metadata/content/pulls.ts';
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Counts} from '../journal.ts';

interface CounterOptions {
  readonly db: Database['db'];
  readonly now: Clock;
  readonly log: Logger;
}

/** In milliseconds; what was counted since is lost with the process. */
const interval = 5000;
/** What is counted apart; beyond that it is written at once, and where that fails it is dropped. */
const mostKeys = 20_000;
/** Written in one transaction: pushes wait for its end. */
const atOnce = 200;

export class Counter implements Counts {
  readonly #options: CounterOptions;
  #pulls = new Map<string, Pulls>();
  #days = new Map<string, DailyCounts>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: CounterOptions) {
    this.#options = options;
  }

  /** `references`: what it was pulled by. */
  pulled(repository: RepositoryName, references: readonly string[]): void {
    const now = this.#options.now();
    const lastAt = now.getTime();
    for (const reference of references) this.#pull({repository, reference, pulls: 1, lastAt});
    this.#day({repository, day: dayOf(now), pulls: 1, pushes: 0});
    this.#plan();
  }

  pushed(repository: RepositoryName): void {
    this.#day({repository, day: dayOf(this.#options.now()), pulls: 0, pushes: 1});
    this.#plan();
  }

  /** Writes down what was counted so far. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pulls = [...this.#pulls.values()];
    const days = [...this.#days.values()];
    this.#pulls = new Map();
    this.#days = new Map();
    this.#writing = this.#writing.then(async () => this.#write(pulls, days));
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    clearTimeout(this.#timer);
  }

  #pull({repository, reference, pulls, lastAt}: Pulls): void {
    const key = `${repository}@${reference}`;
    const known = this.#pulls.get(key);
    this.#pulls.set(key, {
      repository,
      reference,
      pulls: (known?.pulls ?? 0) + pulls,
      lastAt: Math.max(known?.lastAt ?? 0, lastAt),
    });
  }

  #day({repository, day, pulls, pushes}: DailyCounts): void {
    const key = `${repository}@${day}`;
    const known = this.#days.get(key);
    this.#days.set(key, {
      repository,
      day,
      pulls: (known?.pulls ?? 0) + pulls,
      pushes: (known?.pushes ?? 0) + pushes,
    });
  }

  #plan(): void {
    if (this.#size > mostKeys) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), interval).unref();
  }

  get #size(): number {
    return this.#pulls.size + this.#days.size;
  }

  async #write(pulls: readonly Pulls[], days: readonly DailyCounts[]): Promise<void> {
    const {db, log} = this.#options;
    let written = 0;
    try {
      for (; written < Math.max(pulls.length, days.length); written += atOnce) {
        const end = written + atOnce;
        await addCounts(db, {pulls: pulls.slice(written, end), days: days.slice(written, end)});
      }
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) log.error({err: error}, 'pulls and pushes not counted');
      this.#hasFailed = true;
      // It is tried again, but counts are worth less than memory without end.
      if (this.#size > mostKeys) return;
      for (const each of pulls.slice(written)) this.#pull(each);
      for (const each of days.slice(written)) this.#day(each);
      this.#timer ??= setTimeout(() => void this.flush(), interval).unref();
    }
  }
}

const dayOf = (time: Date): string => time.toISOString().slice(0, 10);
