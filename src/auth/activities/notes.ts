/**
 * What was denied, and what failed: gathered in memory and written together, so that no storm of it becomes a storm of writes. What is left out is
 * counted, and that is written.
 */
import {
  type ActivityOutcome,
  insertActivities,
  type NewActivity,
} from '../../metadata/activities.ts';
import type {Database} from '../../metadata/database.ts';
import {findUserByName} from '../../metadata/users.ts';
import type {Log} from '../../observability/log.ts';

export type Noted = Omit<NewActivity, 'at' | 'times' | 'outcome'> & {
  readonly outcome: Exclude<ActivityOutcome, 'done'>;
  /** Of the account that it concerns, if there is one. */
  readonly accountName?: string | undefined;
};

interface NotesOptions {
  readonly db: Database['db'];
  readonly log: Log;
  readonly now: () => Date;
  /** In ms: so long it is gathered. */
  readonly interval?: number | undefined;
  /** In that time. */
  readonly most?: number;
}

interface Gathered {
  readonly noted: Noted;
  readonly at: number;
  times: number;
}

export class ActivityNotes {
  readonly #options: NotesOptions;
  readonly #most: number;
  #gathered = new Map<string, Gathered>();
  /** What was left out, by its kind: of these there are a few. */
  #more = new Map<string, Gathered>();
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(options: NotesOptions) {
    this.#options = options;
    this.#most = options.most ?? 100;
  }

  /** Costs no more than memory, of which there is a bound. */
  note(noted: Noted): void {
    const {key, actor, subject, address = '', outcome} = noted;
    const id = JSON.stringify([key, outcome, actor.name, subject.name, address]);
    const known = this.#gathered.get(id);
    if (known) known.times += 1;
    else if (this.#gathered.size < this.#most) {
      this.#gathered.set(id, {noted, at: this.#options.now().getTime(), times: 1});
    } else this.#leaveOut(key, outcome, 1);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#options.interval ?? 60_000).unref();
  }

  /** Begins to write what there is. */
  flush(): void {
    this.#writing = this.#writing.then(async () => this.#write());
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.flush();
    await this.#writing;
  }

  #leaveOut(key: string, outcome: Noted['outcome'], times: number): void {
    const known = this.#more.get(key);
    if (known) {
      known.times += times;
      return;
    }
    const noted: Noted = {
      key: 'activity.more',
      actor: {kind: 'system', name: ''},
      subject: {kind: 'activity', name: key},
      outcome,
    };
    this.#more.set(key, {noted, at: this.#options.now().getTime(), times});
  }

  async #write(): Promise<void> {
    const [gathered, more] = [this.#gathered, this.#more];
    if (gathered.size + more.size === 0) return;
    this.#gathered = new Map();
    this.#more = new Map();
    const {db, log} = this.#options;
    try {
      const rows = await Promise.all(
        [...gathered.values(), ...more.values()].map(async (each) => toActivity(db, each)),
      );
      await insertActivities(db, rows);
    } catch (error) {
      log.warn({err: error, count: gathered.size + more.size}, 'denials not noted yet');
      this.#putBack(gathered, more);
    }
  }

  /** As far as there is room; the rest is counted. */
  #putBack(gathered: ReadonlyMap<string, Gathered>, more: ReadonlyMap<string, Gathered>): void {
    for (const [id, each] of gathered) {
      const known = this.#gathered.get(id);
      if (known) known.times += each.times;
      else if (this.#gathered.size < this.#most) this.#gathered.set(id, each);
      else this.#leaveOut(each.noted.key, each.noted.outcome, each.times);
    }
    for (const [key, {noted, times}] of more) this.#leaveOut(key, noted.outcome, times);
  }
}

async function toActivity(db: Database['db'], {noted, at, times}: Gathered): Promise<NewActivity> {
  const {accountName, ...activity} = noted;
  const concerned = accountName === undefined ? undefined : await findUserByName(db, accountName);
  return {...activity, at, times, accountId: concerned?.id ?? activity.accountId};
}
