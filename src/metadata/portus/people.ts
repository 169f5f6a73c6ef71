/** Portus' users become accounts, each with its team of one. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import {nearestUserName, type UserName} from '../../oci/user-name.ts';
import {isUsableBcrypt} from '../bcrypt-form.ts';
import {takeFirstAdmin} from '../claims.ts';
import {awaitedName, awaitedSubject} from '../imported-people.ts';
import type {Schema, UsersTable} from '../schema.ts';
import {personalTeamName} from '../team-name.ts';
import {insertAll} from '../batches.ts';
import type {MovedPeople, MovedPerson, Moving} from './moving.ts';
import {lineOf} from './names.ts';
import type {PortusUser} from './records.ts';

/** By which Portus spoke to its own registry. */
const systemUser = 'portus';

interface Present extends MovedPerson {
  readonly provider: string;
  readonly subject: string;
  readonly isRobot: boolean;
}

/** Where somebody logs in from now on. */
interface Origin {
  readonly provider: string;
  /** Absent: his id here. */
  readonly subject?: string;
  readonly passwordHash: string | null;
  /** Of a directory, which has not told its own word for him yet. */
  readonly ldapName?: string;
}

export async function movePeople(moving: Moving): Promise<MovedPeople> {
  const {db, portus, findings, tally, ledger} = moving;
  const present = await readPresent(db);
  const byName = new Map(present.map((user) => [user.name, user]));
  const byId = new Map(present.map((user) => [user.id, user]));
  const bySubject = new Map(present.map((user) => [`${user.provider} ${user.subject}`, user]));
  const people = new Map<number, MovedPerson>();
  const rows: Selectable<UsersTable>[] = [];
  for (const user of portus.users) {
    const {id, username} = user;
    if (username === systemUser) {
      findings.count('system-user', 1);
      continue;
    }
    const former = ledger.find('user', id);
    if (former !== undefined) {
      const known = byId.get(former);
      tally.add('users', known ? 'before' : 'left');
      if (known) people.set(id, known);
      else findings.add('user-gone', username);
      continue;
    }
    const name = nearestUserName(username);
    if (name === undefined) {
      tally.add('users', 'left');
      findings.add('user-name', username);
      continue;
    }
    const origin = originOf(moving, user);
    const same =
      origin.subject === undefined
        ? undefined
        : bySubject.get(`${origin.provider} ${origin.subject}`);
    const other = same ?? byName.get(name);
    if (other) {
      if (!same && !isSame(moving, other, origin)) {
        tally.add('users', 'left');
        findings.add('user-clash', username);
        continue;
      }
      findings.add('user-merged', username);
      tally.add('users', 'before');
      ledger.note('user', id, other.id);
      people.set(id, other);
      continue;
    }
    const row = rowOf(moving, user, name, origin);
    tell(moving, user, name, origin);
    rows.push(row);
    byName.set(name, {...row, isRobot: false});
    if (origin.subject !== undefined)
      bySubject.set(`${row.provider} ${row.subject}`, {...row, isRobot: false});
    people.set(id, {id: row.id, name});
    ledger.note('user', id, row.id);
    if (origin.ldapName !== undefined) ledger.note('ldap-name', origin.ldapName, row.id);
    tally.add('users', 'taken');
  }
  await insertPeople(moving, rows);
  return people;
}

async function readPresent(db: Kysely<Schema>): Promise<readonly Present[]> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'name', 'provider', 'subject', 'is_robot'])
    .execute();
  return rows.map(({is_robot, ...user}) => ({...user, isRobot: is_robot === 1}));
}

/** A name alone proves nobody: whoever may sign up here could have taken it. A directory's names are the same here and there. */
const isSame = ({settings}: Moving, other: Present, {provider}: Origin): boolean =>
  !other.isRobot &&
  (settings.samePeople.has(other.name) || (provider === 'ldap' && other.provider === 'ldap'));

function originOf({settings}: Moving, user: PortusUser): Origin {
  const {hash, isBot, provider, uid, username, ldapName} = user;
  const passwordHash = hash !== undefined && isUsableBcrypt(hash) ? hash : null;
  const moved = provider === undefined ? undefined : settings.providers.get(provider);
  if (moved && uid !== undefined && !isBot) {
    return {provider: moved.id, subject: moved.subjectOf(uid), passwordHash: null};
  }
  if (hash !== undefined || isBot || provider !== undefined) {
    return {provider: 'local', passwordHash};
  }
  return {
    provider: 'ldap',
    // Until his first login tells what the directory calls him.
    subject: awaitedSubject(randomUUID()),
    passwordHash: null,
    ldapName: awaitedName(ldapName ?? username),
  };
}

function rowOf(
  {now}: Moving,
  user: PortusUser,
  name: UserName,
  {provider, subject, passwordHash}: Origin,
): Selectable<UsersTable> {
  const id = randomUUID();
  const displayName = lineOf(user.displayName ?? '');
  const created = user.createdAt ?? now;
  return {
    id,
    name,
    is_robot: 0,
    provider,
    subject: subject ?? id,
    display_name: displayName === '' ? null : displayName,
    email: emailOf(user) ?? null,
    password_hash: passwordHash,
    is_admin: Number(user.isAdmin),
    is_enabled: Number(user.isEnabled),
    generation: 1,
    team_id: null,
    created_at: created,
    updated_at: now,
    last_login_at: null,
  };
}

const emailOf = ({email}: PortusUser): string | undefined =>
  email !== undefined && email.length <= 254 && /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)
    ? email
    : undefined;

function tell(
  {findings, settings}: Moving,
  user: PortusUser,
  name: UserName,
  {provider, passwordHash}: Origin,
): void {
  const {username, isBot, isLocked, hash} = user;
  if (name !== username) findings.add('user-renamed', `${username} -> ${name}`);
  if (emailOf(user) === undefined) findings.add('no-email', name);
  if (isLocked) findings.add('locked', name);
  if (isBot) findings.add('bot', name);
  if (provider === 'ldap' && !settings.hasDirectory) findings.add('ldap-not-configured', name);
  if (provider !== 'local' || passwordHash !== null) return;
  if (hash !== undefined) findings.add('password-hash', name);
  else if (user.provider !== undefined) findings.add('no-provider', `${name} (${user.provider})`);
}

async function insertPeople(
  {db, now}: Moving,
  rows: readonly Selectable<UsersTable>[],
): Promise<void> {
  await insertAll(db, 'users', rows);
  const owned = rows.map(({id, name, created_at}) => ({
    id,
    name,
    created_at,
    teamId: randomUUID(),
  }));
  await insertAll(
    db,
    'teams',
    owned.map(({name, teamId, created_at}) => ({
      id: teamId,
      name: personalTeamName(name),
      description: '',
      is_personal: 1,
      is_synced: 1,
      created_at,
    })),
  );
  await insertAll(
    db,
    'memberships',
    owned.map(({id, teamId, created_at}) => ({
      team_id: teamId,
      user_id: id,
      role: 'owner',
      source: null,
      created_at,
    })),
  );
  // Else whoever comes next would be the first admin.
  const admin = rows.find((row) => row.is_admin === 1 && row.is_enabled === 1);
  if (admin) await takeFirstAdmin(db, {id: admin.id, now});
}
