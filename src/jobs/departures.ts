/** Accounts whose provider does not know them any more are disabled: their passwords fail by themselves, their tokens do not. */
import {ofOwn, system} from '../auth/activities/origin.ts';
import type {PasswordProvider} from '../auth/ports.ts';
import type {Clock} from '../host/clock.ts';
import {insertActivities} from '../metadata/activities.ts';
import {setEnabled} from '../metadata/accounts.ts';
import type {Database} from '../metadata/database.ts';
import {isAwaited} from '../metadata/imported-people.ts';
import {changing} from '../metadata/revisions.ts';
import {listUsers, type User} from '../metadata/users.ts';
import type {Log} from '../observability/log.ts';
import type {Job} from './job.ts';

interface DeparturesOptions {
  readonly db: Database['db'];
  readonly providers: readonly PasswordProvider[];
  readonly onChange: () => void;
  readonly log: Log;
  readonly now: Clock;
}

/** So many at once may have left, and beyond that a half of all, but of several never all: else it is the provider, or its configuration, that has changed. */
const mostAtOnce = 5;
const pageSize = 500;

export function departures(options: DeparturesOptions): Job {
  return {
    task: 'departures',
    name: 'look for accounts that have left',
    work: async (signal) => {
      for (const provider of options.providers) {
        if (provider.knows) await look(options, provider, signal);
      }
    },
  };
}

async function look(
  {db, onChange, log, now}: DeparturesOptions,
  provider: PasswordProvider,
  signal: AbortSignal,
): Promise<void> {
  const {id} = provider;
  const people = await peopleOf(db, id);
  const gone: User[] = [];
  for (const user of people) {
    // One that can't be asked ends the look: nobody has left for that.
    if (!(await provider.knows?.(user.subject, signal))) gone.push(user);
  }
  const told = {provider: id, accounts: people.length, gone: gone.length};
  const isAll = gone.length > 1 && gone.length === people.length;
  if (isAll || (gone.length > mostAtOnce && gone.length * 2 > people.length)) {
    log.error(told, 'most accounts are unknown to their provider: nobody was disabled');
    return;
  }
  for (const user of gone) {
    const {id: userId, name} = user;
    const at = now().getTime();
    const outcome = await changing(db, async (turn) => {
      const done = await setEnabled(turn, {id: userId, isEnabled: false, now: at});
      const parameters = {by: id, reason: 'left'};
      const activity = ofOwn(user, {at, key: 'user.disable', by: system, parameters});
      if (done === 'done') await insertActivities(turn, [activity]);
      return done;
    });
    log.warn({provider: id, username: name, outcome}, 'account left its provider, and is disabled');
  }
  if (gone.length > 0) onChange();
}

async function peopleOf(db: Database['db'], provider: string): Promise<readonly User[]> {
  const found: User[] = [];
  let after: string | undefined;
  for (;;) {
    const page = await listUsers(db, {isRobot: false, limit: pageSize, after});
    found.push(
      ...page.filter((user) => user.provider === provider && user.isEnabled && !isAwaited(user)),
    );
    if (page.length < pageSize) return found;
    after = page.at(-1)?.name;
  }
}
