/** Whom a provider has accepted gets his account: made at the first login, and kept as the provider says at each one. */
import {createPerson} from '../metadata/accounts.ts';
import type {Database} from '../metadata/database.ts';
import {applyProviderFacts} from '../metadata/provider-facts.ts';
import {findUser, findUserBySubject, updateUser, type User} from '../metadata/users.ts';
import {parseUserName} from '../oci/user-name.ts';
import type {Account} from './caller.ts';
import {accountOf} from './account-source.ts';
import type {AuthLog} from './log.ts';
import type {Identity} from './ports.ts';

type Db = Database['db'];

export interface AdmissionOptions {
  readonly db: Db;
  readonly log: AuthLog;
  readonly now: () => number;
  /** An account, or its teams, are not what they were. */
  readonly onChange: () => void;
}

/** It is never the first admin thereby. `name-taken`: somebody else has the name, or it can't be one. */
export async function admit(
  {db, log, now, onChange}: AdmissionOptions,
  identity: Identity,
  {onlyKnown = false}: {readonly onlyKnown?: boolean} = {},
): Promise<Account | 'disabled' | 'name-taken' | 'unknown'> {
  const time = now();
  const user = onlyKnown
    ? ((await findUserBySubject(db, identity.provider, identity.subject)) ?? 'unknown')
    : await findOrMake(db, identity, time);
  if (typeof user === 'string') return user;
  if (!user.isEnabled) return 'disabled';
  await describe(db, user, identity, time);
  const {isAdmin, teams, provider: source} = identity;
  const applied = await applyProviderFacts(db, {
    userId: user.id,
    source,
    isAdmin,
    teams: teams && new Map(teams.map(({team, role}) => [team.toLowerCase(), role])),
    now: time,
  });
  if (!applied) return accountOf({...user, generation: identity.generation ?? user.generation});
  onChange();
  log.info({username: user.name, provider: source, ...applied}, 'account as its provider says');
  const renewed = await findUser(db, user.id);
  return renewed?.isEnabled === true ? accountOf(renewed) : 'disabled';
}

async function findOrMake(
  db: Db,
  {provider, subject, username, displayName, email}: Identity,
  now: number,
): Promise<User | 'name-taken'> {
  const present = await findUserBySubject(db, provider, subject);
  if (present) return present;
  const name = accountName(username);
  if (name === undefined) return 'name-taken';
  const made = await createPerson(db, {name, provider, subject, displayName, email, now});
  if (typeof made === 'object') return made;
  // Perhaps the same person, through another process, a moment ago.
  return (await findUserBySubject(db, provider, subject)) ?? 'name-taken';
}

/** `Anna Müller@corp` is `anna-m-ller-corp`: what no repository can be called becomes a separator. */
const accountName = (username: string) =>
  parseUserName(
    username
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replaceAll(/[._-]{2,}/g, '-')
      .replaceAll(/^[._-]+|[._-]+$/g, ''),
  );

/** Addresses and names change in the directory. */
async function describe(
  db: Db,
  user: User,
  {displayName, email}: Identity,
  now: number,
): Promise<void> {
  const news = {
    ...(displayName === undefined || displayName === user.displayName ? {} : {displayName}),
    ...(email === undefined || email === user.email ? {} : {email}),
  };
  if (Object.keys(news).length > 0) await updateUser(db, {id: user.id, ...news, now});
}
