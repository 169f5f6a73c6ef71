/** People and robots. What one alone may be, and what concerns teams too, is in accounts.ts. Times are milliseconds since 1970. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import type {UserName} from '../oci/user-name.ts';
import {type Page, pageSize} from './page.ts';
import {changing} from './revisions.ts';
import type {Schema, UsersTable} from './schema.ts';

/** Without its password. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly isRobot: boolean;
  readonly provider: string;
  readonly subject: string;
  readonly displayName: string | undefined;
  readonly email: string | undefined;
  readonly isAdmin: boolean;
  readonly isEnabled: boolean;
  readonly generation: number;
  /** The team that owns a robot. */
  readonly teamId: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly lastLoginAt: number | undefined;
}

export interface NewUser {
  readonly name: UserName;
  readonly isRobot: boolean;
  /** `local` unless given. */
  readonly provider?: string | undefined;
  /** What the provider calls it; the id unless given. */
  readonly subject?: string | undefined;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly passwordHash?: string | undefined;
  readonly teamId?: string | undefined;
  readonly now: number;
}

/** In milliseconds: what happens all the time is noted no more often. */
const noteInterval = 60_000;

export const toUser = (row: Selectable<UsersTable>): User => ({
  id: row.id,
  name: row.name,
  isRobot: row.is_robot === 1,
  provider: row.provider,
  subject: row.subject,
  displayName: row.display_name ?? undefined,
  email: row.email ?? undefined,
  isAdmin: row.is_admin === 1,
  isEnabled: row.is_enabled === 1,
  generation: row.generation,
  teamId: row.team_id ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  lastLoginAt: row.last_login_at ?? undefined,
});

const all = (db: Kysely<Schema>) => db.selectFrom('users').selectAll();

export async function findUser(db: Kysely<Schema>, id: string): Promise<User | undefined> {
  const row = await all(db).where('id', '=', id).executeTakeFirst();
  return row && toUser(row);
}

export async function findUserByName(db: Kysely<Schema>, name: string): Promise<User | undefined> {
  const row = await all(db).where('name', '=', name).executeTakeFirst();
  return row && toUser(row);
}

export async function findUserBySubject(
  db: Kysely<Schema>,
  provider: string,
  subject: string,
): Promise<User | undefined> {
  const query = all(db).where('provider', '=', provider).where('subject', '=', subject);
  const row = await query.executeTakeFirst();
  return row && toUser(row);
}

/** For the one place that compares passwords. */
export interface UserWithPassword {
  readonly user: User;
  /** Absent: of another provider, or a robot's. */
  readonly passwordHash: string | undefined;
}

export async function findUserWithPassword(
  db: Kysely<Schema>,
  name: string,
): Promise<UserWithPassword | undefined> {
  const row = await all(db).where('name', '=', name).executeTakeFirst();
  return row && {user: toUser(row), passwordHash: row.password_hash ?? undefined};
}

/** Sorted by name. */
export async function listUsers(
  db: Kysely<Schema>,
  page: Page & {readonly isRobot?: boolean; readonly teamId?: string},
): Promise<readonly User[]> {
  let query = all(db).orderBy('name').limit(pageSize(page));
  if (page.after !== undefined) query = query.where('name', '>', page.after);
  if (page.isRobot !== undefined) query = query.where('is_robot', '=', Number(page.isRobot));
  if (page.teamId !== undefined) query = query.where('team_id', '=', page.teamId);
  return (await query.execute()).map(toUser);
}

/** People, without the robots. */
export async function countPeople(db: Kysely<Schema>): Promise<number> {
  const {count} = await db
    .selectFrom('users')
    .select(({fn}) => fn.countAll<number>().as('count'))
    .where('is_robot', '=', 0)
    .executeTakeFirstOrThrow();
  return count;
}

/** What a token is compared with: one entry for each account. */
export interface AccountState {
  readonly id: string;
  readonly generation: number;
  readonly isEnabled: boolean;
}

export async function listAccountStates(db: Kysely<Schema>): Promise<readonly AccountState[]> {
  const rows = await db.selectFrom('users').select(['id', 'generation', 'is_enabled']).execute();
  return rows.map(({id, generation, is_enabled}) => ({
    id,
    generation,
    isEnabled: is_enabled === 1,
  }));
}

/** Within `changing`; the name and the subject are free, and the team exists. */
export async function insertUser(db: Kysely<Schema>, user: NewUser): Promise<User> {
  const id = randomUUID();
  const row: Selectable<UsersTable> = {
    id,
    name: user.name,
    is_robot: Number(user.isRobot),
    provider: user.provider ?? 'local',
    subject: user.subject ?? id,
    display_name: user.displayName ?? null,
    email: user.email ?? null,
    password_hash: user.passwordHash ?? null,
    is_admin: 0,
    is_enabled: 1,
    generation: 1,
    team_id: user.teamId ?? null,
    created_at: user.now,
    updated_at: user.now,
    last_login_at: null,
  };
  await db.insertInto('users').values(row).execute();
  return toUser(row);
}

export interface UserChange {
  readonly id: string;
  /** Null: none any more; absent: as it is. */
  readonly displayName?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly now: number;
}

/** False: no such user. Ends nothing that was issued. */
export async function updateUser(db: Kysely<Schema>, change: UserChange): Promise<boolean> {
  return changing(db, async (turn) => {
    const {numUpdatedRows} = await turn
      .updateTable('users')
      .set({
        updated_at: change.now,
        ...(change.displayName === undefined ? {} : {display_name: change.displayName}),
        ...(change.email === undefined ? {} : {email: change.email}),
      })
      .where('id', '=', change.id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

/** Null: no password any more. Ends what was issued before. False: no such user. */
export async function setPassword(
  db: Kysely<Schema>,
  {
    id,
    generation,
    passwordHash,
    now,
  }: {id: string; generation?: number; passwordHash: string | null; now: number},
): Promise<boolean> {
  return changing(db, async (turn) => {
    const {numUpdatedRows} = await turn
      .updateTable('users')
      .set((eb) => ({
        password_hash: passwordHash,
        generation: eb('generation', '+', 1),
        updated_at: now,
      }))
      .where('id', '=', id)
      .$if(generation !== undefined, (query) => query.where('generation', '=', generation ?? 0))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

/**
 * A better hash of the same password: ends nothing, and no other process need know. False: the password was changed meanwhile, or there is no such user.
 */
export async function renewPasswordHash(
  db: Kysely<Schema>,
  {id, former, passwordHash}: {id: string; former: string; passwordHash: string},
): Promise<boolean> {
  const {numUpdatedRows} = await db
    .updateTable('users')
    .set({password_hash: passwordHash})
    .where('id', '=', id)
    .where('password_hash', '=', former)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Ends what was issued before: tokens and refresh tokens, which say what somebody may. Who has signed in with a browser stays so: what he may is looked up
 * for each of his requests. False: no such user.
 */
export async function raiseGeneration(
  db: Kysely<Schema>,
  {id, now}: {id: string; now: number},
): Promise<boolean> {
  return changing(db, async (turn) => {
    const present = turn.selectFrom('users').select('generation').where('id', '=', id);
    await turn
      .updateTable('sessions')
      .set((eb) => ({generation: eb('generation', '+', 1)}))
      .where('user_id', '=', id)
      .where('generation', '=', present)
      .execute();
    const {numUpdatedRows} = await turn
      .updateTable('users')
      .set((eb) => ({generation: eb('generation', '+', 1), updated_at: now}))
      .where('id', '=', id)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  });
}

/** Notes it once a minute at most; no change that others must know of. */
export async function recordLogin(
  db: Kysely<Schema>,
  {id, now}: {id: string; now: number},
): Promise<void> {
  await db
    .updateTable('users')
    .set({last_login_at: now})
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('last_login_at', 'is', null), eb('last_login_at', '<=', now - noteInterval)]),
    )
    .execute();
}
