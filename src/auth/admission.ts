/** Whom a provider has accepted gets his account: made at the first login, and kept as the provider says at each one. */
import {hash} from 'node:crypto';
import {insertActivities} from '../metadata/activities.ts';
import {createPerson} from '../metadata/accounts.ts';
import type {Database} from '../metadata/database.ts';
import {findTeamByName} from '../metadata/teams.ts';
import {parseTeamName} from '../metadata/team-name.ts';
import {adoptImported} from '../metadata/imported-people.ts';
import {applyProviderFacts, hasChanged} from '../metadata/provider-facts.ts';
import {changing} from '../metadata/revisions.ts';
import {findUser, findUserBySubject, updateUser, type User} from '../metadata/users.ts';
import type {Log} from '../observability/log.ts';
import {nearestUserName, type UserName} from '../oci/user-name.ts';
import {ofOwn, system} from './activities/origin.ts';
import type {Account, Limits} from './caller.ts';
import {accountOf} from './account-source.ts';
import type {NameVerdict} from './names-elsewhere.ts';
import type {Identity} from './ports.ts';

type Db = Database['db'];

export interface AdmissionOptions {
  readonly db: Db;
  readonly log: Log;
  readonly now: () => number;
  /** An account, or its teams, are not what they were. */
  readonly onChange: () => void;
  /** Whether names are to stay free for somebody else, as one of a directory: for one of those who get another name then. */
  readonly nameJudge?: () => (name: string) => Promise<NameVerdict>;
  /** Whether a name has rights of its own: then nobody gets one that is not quite his. */
  readonly haveNamesRights?: boolean;
}

/** So many names are tried beside his own. */
const mostNames = 50;
/** In characters. */
const longestName = 128;

/** It is never the first admin thereby. `name-taken`: somebody else has the name, or it can't be one. */
export async function admit(
  options: AdmissionOptions,
  identity: Identity,
  {onlyKnown = false}: {readonly onlyKnown?: boolean} = {},
): Promise<Account | 'disabled' | 'name-taken' | 'unknown'> {
  const {db, log, now, onChange} = options;
  const time = now();
  const user = onlyKnown
    ? ((await findUserBySubject(db, identity.provider, identity.subject)) ?? 'unknown')
    : await findOrMake(options, identity, time);
  if (typeof user === 'string') return user;
  if (!user.isEnabled) return 'disabled';
  await describe(db, user, identity, time);
  const {isAdmin, teams, isDelegated, provider: source} = identity;
  const limits = isDelegated && (await limitsOf(db, identity));
  const facts = {
    userId: user.id,
    source,
    isAdmin: isDelegated ? undefined : isAdmin,
    isPart: isDelegated,
    teams: teams && new Map(teams.map(({team, role}) => [team, role])),
    now: time,
  };
  const applied = await applyProviderFacts(db, facts, async (turn, {kept: _, ...changes}) => {
    const parameters = {by: source, ...changes};
    const what = {at: time, key: 'user.change_by_provider', by: system, parameters};
    await insertActivities(turn, [ofOwn(user, what)]);
  });
  if (!applied) {
    const generation = identity.generation ?? user.generation;
    return accountOf({...user, generation}, limits);
  }
  if (hasChanged(applied)) onChange();
  log.info({username: user.name, provider: source, ...applied}, 'account as its provider says');
  const renewed = await findUser(db, user.id);
  return renewed?.isEnabled === true ? accountOf(renewed, limits) : 'disabled';
}

/** What a credential has of its account. `undefined`: all, where nothing is said, or it is an admin's. */
async function limitsOf(db: Db, {teams, isAdmin}: Identity): Promise<Limits | undefined> {
  if (isAdmin === true || (teams === undefined && isAdmin === undefined)) return undefined;
  const found = await Promise.all(
    (teams ?? []).map(async ({team, role}) => {
      const name = parseTeamName(team);
      const known = name && (await findTeamByName(db, name));
      return known ? [[known.id, role] as const] : [];
    }),
  );
  return {isPullOnly: false, teams: Object.fromEntries(found.flat())};
}

async function findOrMake(
  {db, log, nameJudge, haveNamesRights = false}: AdmissionOptions,
  {provider, subject, username: given, nameSuffix, displayName, email}: Identity,
  now: number,
): Promise<User | 'name-taken'> {
  const present =
    (await findUserBySubject(db, provider, subject)) ??
    (await adoptImported(db, {provider, subject, username: given, now}));
  if (present) return present;
  const username = haveNamesRights ? unmistakable(given, subject) : given;
  const names = namesFor(username, nameSuffix);
  const wanted = nearestUserName(username);
  const judge = nameSuffix === undefined ? undefined : nameJudge?.();
  // What somebody has chosen himself must not be a name that has rights.
  for (const name of haveNamesRights && nameSuffix !== undefined ? names.slice(1) : names) {
    const verdict = (await judge?.(name)) ?? 'free';
    // Where nobody can say, a name with the suffix is his: else he had none.
    if (verdict === 'taken' || (verdict === 'unknown' && name === wanted)) continue;
    const made = await changing(db, async (turn) => {
      const person = await createPerson(turn, {name, provider, subject, displayName, email, now});
      if (typeof person === 'string') return person;
      const parameters = {by: 'login', provider};
      const activity = ofOwn(person, {at: now, key: 'user.create', by: system, parameters});
      await insertActivities(turn, [activity]);
      return person;
    });
    if (typeof made === 'object') {
      if (name !== wanted) log.info({username: name, wanted, provider}, 'name was taken');
      return made;
    }
    // Perhaps the same person, through another process, a moment ago.
    const other = await findUserBySubject(db, provider, subject);
    if (other) return other;
  }
  return 'name-taken';
}

/** `anna`, and where a suffix may be put behind it `anna-corp`, `anna-corp-2` ... */
function namesFor(username: string, suffix: string | undefined): readonly UserName[] {
  const name = nearestUserName(username);
  if (suffix === undefined) return name === undefined ? [] : [name];
  // What has no letter that a name may have still is somebody's.
  const base = name ?? 'user';
  const others = Array.from({length: mostNames}, (_, index) => {
    const end = index === 0 ? `-${suffix}` : `-${suffix}-${index + 1}`;
    return nearestUserName(`${base.slice(0, longestName - end.length)}${end}`);
  });
  return [name, ...others].filter((each) => each !== undefined);
}

/** `sam!` must not become sam, who may be somebody else. */
const unmistakable = (username: string, subject: string): string =>
  nearestUserName(username) === username.toLowerCase()
    ? username
    : `${username}-${hash('sha256', subject).slice(0, 8)}`;

/** Addresses and names change in the directory. */
async function describe(
  db: Db,
  user: User,
  {provider, displayName, email}: Identity,
  now: number,
): Promise<void> {
  const news = {
    ...(displayName === undefined || displayName === user.displayName ? {} : {displayName}),
    ...(email === undefined || email === user.email ? {} : {email}),
  };
  if (Object.keys(news).length === 0) return;
  await changing(db, async (turn) => {
    const isUpdated = await updateUser(turn, {id: user.id, ...news, now});
    const parameters = {
      by: provider,
      display_name: 'displayName' in news,
      email: 'email' in news,
    };
    const what = {at: now, key: 'user.change_profile', by: system, parameters};
    if (isUpdated) await insertActivities(turn, [ofOwn(user, what)]);
    return isUpdated;
  });
}
