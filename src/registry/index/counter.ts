/** Counts pulls and pushes in memory, and writes them down now and then: a pull waits for nothing. */
import {addCounts, type DailyCounts, type Pulls} from '../../metadata/content/pulls.ts';
import type {Database} from '../../metadata/database.ts';
import type {Logger} from '../../observability/log.ts';
import type {RepositoryName} from '../../oci/name.ts';
import type {Counts} from '../journal.ts';

interface CounterOptions {
  readonly db: Database['db'];
  readonly now: () => Date;
  readonly log: Logger;
}

/** In milliseconds; what was counted since is lost with the process. */
const interval = 5000;
/** What is counted apart; beyond that it is written at once, and where that fails it is dropped. */
const mostKeys = 20_000;

type Mutable<T> = {-readonly [Key in keyof T]: T[Key]};

export class Counter implements Counts {
  readonly #options: CounterOptions;
  #pulls = new Map<string, Mutable<Pulls>>();
  #days = new Map<string, Mutable<DailyCounts>>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: CounterOptions) {
    this.#options = options;
  }

  /** `references`: what it was pulled by. */
  pulled(repository: RepositoryName, references: readonly string[]): void {
    const now = this.#options.now();
    for (const reference of references) {
      const key = `${repository}@${reference}`;
      const entry = this.#pulls.get(key) ?? {repository, reference, pulls: 0, lastAt: 0};
      entry.pulls += 1;
      entry.lastAt = now.getTime();
      this.#pulls.set(key, entry);
    }
    this.#day(repository, now).pulls += 1;
    this.#plan();
  }

  pushed(repository: RepositoryName): void {
    this.#day(repository, this.#options.now()).pushes += 1;
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
    if (pulls.length + days.length > 0) {
      this.#writing = this.#writing.then(async () => this.#write(pulls, days));
    }
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
  }

  #day(repository: RepositoryName, now: Date): Mutable<DailyCounts> {
    const day = now.toISOString().slice(0, 10);
    const key = `${repository}@${day}`;
    const entry = this.#days.get(key) ?? {repository, day, pulls: 0, pushes: 0};
    this.#days.set(key, entry);
    return entry;
  }

  #plan(): void {
    if (this.#pulls.size + this.#days.size > mostKeys) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), interval).unref();
  }

  async #write(pulls: readonly Pulls[], days: readonly DailyCounts[]): Promise<void> {
    const {db, log} = this.#options;
    try {
      await addCounts(db, {pulls, days});
      this.#hasFailed = false;
    } catch (error) {
      // Counts are worth less than pulls: what can't be written is forgotten, and said once.
      if (!this.#hasFailed) log.error({err: error}, 'pulls and pushes not counted');
      this.#hasFailed = true;
    }
  }
}
