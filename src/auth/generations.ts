/**
 * Which accounts and generations count: what makes a token end before its time. Read again when something has changed, in whatever
 * process, which each process looks for twice a second.
 */
import type {Clock} from '../host/clock.ts';
import type {Database} from '../metadata/database.ts';
import {readRevision} from '../metadata/revisions.ts';
import {type AccountState, listAccountStates} from '../metadata/users.ts';
import type {Log} from '../observability/log.ts';
import {leeway, type VerifiedToken} from './verified-token.ts';

interface GenerationsOptions {
  readonly db: Database['db'];
  readonly log: Log;
  /** Something has changed, be it here or in another process. */
  readonly onChange: () => void;
  /** In milliseconds. */
  readonly pollInterval?: number;
  readonly now?: Clock;
  /** In milliseconds, by a clock that nobody sets. */
  readonly uptime?: () => number;
}

const defaultPollInterval = 500;
/** In milliseconds: so old may be what another process knew when it issued a token. */
const mostStale = 5_000;
/** In milliseconds without an answer of the database: readiness tells of it then. */
const patience = 10_000;

/** Rejects where the database can't be read. */
export async function openGenerations(options: GenerationsOptions): Promise<Generations> {
  const first = await read(options.db);
  return new Generations(options, first);
}

interface Standing {
  readonly revision: number;
  readonly accounts: ReadonlyMap<string, AccountState>;
}

async function read(db: Database['db']): Promise<Standing> {
  // The revision first: what changes in between is looked at once more.
  const revision = await readRevision(db);
  const states = await listAccountStates(db);
  return {revision, accounts: new Map(states.map((state) => [state.id, state]))};
}

export class Generations {
  readonly #options: GenerationsOptions;
  readonly #timer: NodeJS.Timeout;
  #standing: Standing;
  /** When the last change was noticed here; what was before the start is not known. */
  #changedAt: number;
  #era = 0;
  #looking: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  readonly #uptime: () => number;
  #seenAt: number;
  #isFailing = false;
  #isClosed = false;

  /** Use `openGenerations`. */
  constructor(options: GenerationsOptions, first: Standing) {
    const {uptime = () => performance.now()} = options;
    this.#options = options;
    this.#uptime = uptime;
    this.#seenAt = uptime();
    this.#standing = first;
    this.#changedAt = this.#now();
    this.#timer = setInterval(() => {
      if (!this.#looking) void this.#look();
    }, options.pollInterval ?? defaultPollInterval).unref();
  }

  /** Whether the account is there, enabled, and of this generation. A token without an account is nobody's, and never ends early. */
  async isCurrent({
    accountId,
    generation,
  }: Pick<VerifiedToken, 'accountId' | 'generation'>): Promise<boolean> {
    if (accountId === undefined) return true;
    const known = this.#standing.accounts.get(accountId);
    // A token may be newer than what is known here: another process has issued it.
    const isNews = known === undefined || (generation ?? 0) > known.generation;
    if (isNews) await this.refresh();
    const state = isNews ? this.#standing.accounts.get(accountId) : known;
    return state?.isEnabled === true && state.generation === generation;
  }

  /** Whether something may have changed since then, by a clock that may be ahead: an account, a team, a namespace. */
  hasChangedSince(time: Date): boolean {
    return time.getTime() <= this.#changedAt + mostStale + leeway;
  }

  /** Another number after each change that was noticed here. */
  get era(): number {
    return this.#era;
  }

  /** Looks now. Never rejects: without an answer what is known goes on to count. */
  refresh(): Promise<void> {
    if (!this.#looking) return this.#look();
    // The look under way may have been too early.
    return (this.#again ??= this.#looking.then(() => {
      this.#again = undefined;
      return this.#looking ?? this.#look();
    }));
  }

  /** Whether what is known here is too old to sign it: other processes take a new token for a judgement on what they know. */
  get isStale(): boolean {
    return this.age() > mostStale;
  }

  /** In milliseconds, since the database last answered. */
  age(): number {
    return this.#uptime() - this.#seenAt;
  }

  /** A sentence for people; throws when the database has not answered for some time. */
  status(): string {
    const age = this.age();
    if (age <= patience) return 'accounts are read twice a second';
    throw new Error(
      `the database has not answered for ${Math.round(age / 1000)} s; who was disabled since is not known`,
    );
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#looking;
  }

  #now(): number {
    return (this.#options.now?.() ?? new Date()).getTime();
  }

  #look(): Promise<void> {
    this.#looking = this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    const {db, log, onChange} = this.#options;
    if (this.#isClosed) return;
    try {
      const isNew = (await readRevision(db)) !== this.#standing.revision;
      if (isNew) {
        this.#standing = await read(db);
        this.#changedAt = this.#now();
        this.#era += 1;
      }
      this.#seenAt = this.#uptime();
      if (this.#isFailing) log.info({}, 'accounts can be read again');
      this.#isFailing = false;
      if (isNew) onChange();
    } catch (error) {
      // One line for a fault that lasts.
      if (!this.#isFailing) log.error({err: error}, 'accounts not read, what was known counts');
      this.#isFailing = true;
    }
  }
}
