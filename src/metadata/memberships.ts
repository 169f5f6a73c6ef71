/** Who belongs to a team, and what he may there. A team that has had an owner keeps one: a person, whatever happens at once. */
import type {Kysely} from 'kysely';
import {type Page, pageSize} from './page.ts';
import {changing} from './revisions.ts';
import type {Schema} from './schema.ts';
import type {Role} from './words.ts';

export interface Member {
  readonly userId: string;
  readonly userName: string;
  readonly isRobot: boolean;
  readonly role: Role;
  readonly createdAt: number;
}

export interface Membership {
  readonly teamId: string;
  readonly teamName: string;
  readonly isPersonal: boolean;
  readonly role: Role;
}

export interface MemberKey {
  readonly teamId: string;
  readonly userId: string;
}

/** Sorted by the user's name. */
export async function listMembers(
  db: Kysely<Schema>,
  page: Page & {readonly teamId: string},
): Promise<readonly Member[]> {
  let query = db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(['users.id', 'users.name', 'users.is_robot', 'role', 'memberships.created_at'])
    .where('memberships.team_id', '=', page.teamId)
    .orderBy('users.name')
    .limit(pageSize(page));
  if (page.after !== undefined) query = query.where('users.name', '>', page.after);
  return (await query.execute()).map(({id, name, is_robot, role, created_at}) => ({
    userId: id,
    userName: name,
    isRobot: is_robot === 1,
    role,
    createdAt: created_at,
  }));
}

/** All of them, sorted by the team's name: what he may is decided by them together. */
export async function listMembershipsOf(
  db: Kysely<Schema>,
  userId: string,
): Promise<readonly Membership[]> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('teams', 'teams.id', 'memberships.team_id')
    .select(['teams.id', 'teams.name', 'teams.is_personal', 'role'])
    .where('memberships.user_id', '=', userId)
    .orderBy('teams.name')
    .execute();
  return rows.map(({id, name, is_personal, role}) => ({
    teamId: id,
    teamName: name,
    isPersonal: is_personal === 1,
    role,
  }));
}

export async function findRole(
  db: Kysely<Schema>,
  {teamId, userId}: MemberKey,
): Promise<Role | undefined> {
  const row = await db
    .selectFrom('memberships')
    .select('role')
    .where('team_id', '=', teamId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role;
}

/** The teams that he alone owns, his personal one left out: they keep him. Names, sorted. */
export async function listTeamsOwnedAlone(
  db: Kysely<Schema>,
  userId: string,
): Promise<readonly string[]> {
  const rows = await ownedAlone(db, userId).execute();
  return rows.map(({name}) => name);
}

const owners = (db: Kysely<Schema>) =>
  db
    .selectFrom('memberships as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .where('m.role', '=', 'owner')
    .where('u.is_robot', '=', 0);

const ownedAlone = (db: Kysely<Schema>, userId: string) =>
  db
    .selectFrom('teams')
    .select('teams.name')
    .where('teams.is_personal', '=', 0)
    .where('teams.id', 'in', owners(db).select('m.team_id').where('m.user_id', '=', userId))
    .where('teams.id', 'not in', owners(db).select('m.team_id').where('m.user_id', '!=', userId))
    .orderBy('teams.name');

/** Within `changing`, where it is to stay so. */
export async function isLastOwner(
  db: Kysely<Schema>,
  {teamId, userId}: MemberKey,
): Promise<boolean> {
  const rows = await owners(db).select('m.user_id').where('m.team_id', '=', teamId).execute();
  return rows.length === 1 && rows[0]?.user_id === userId;
}

export async function addMember(
  db: Kysely<Schema>,
  {teamId, userId, role, now}: MemberKey & {readonly role: Role; readonly now: number},
): Promise<'done' | 'taken' | 'unknown-team' | 'unknown-user'> {
  return changing(db, async (turn) => {
    const team = turn.selectFrom('teams').select('id').where('id', '=', teamId);
    if (!(await team.executeTakeFirst())) return 'unknown-team';
    const user = turn.selectFrom('users').select('id').where('id', '=', userId);
    if (!(await user.executeTakeFirst())) return 'unknown-user';
    if ((await findRole(turn, {teamId, userId})) !== undefined) return 'taken';
    const row = {team_id: teamId, user_id: userId, role, source: null, created_at: now};
    await turn.insertInto('memberships').values(row).execute();
    return 'done';
  });
}

export async function changeRole(
  db: Kysely<Schema>,
  {role, ...key}: MemberKey & {readonly role: Role},
): Promise<'done' | 'unknown' | 'last-owner'> {
  return changing(db, async (turn) => {
    if ((await findRole(turn, key)) === undefined) return 'unknown';
    if (role !== 'owner' && (await isLastOwner(turn, key))) return 'last-owner';
    await turn
      .updateTable('memberships')
      // By hand from now on, if it was by a directory before.
      .set({role, source: null})
      .where('team_id', '=', key.teamId)
      .where('user_id', '=', key.userId)
      .execute();
    return 'done';
  });
}

export async function removeMember(
  db: Kysely<Schema>,
  key: MemberKey,
): Promise<'done' | 'unknown' | 'last-owner'> {
  return changing(db, async (turn) => {
    if ((await findRole(turn, key)) === undefined) return 'unknown';
    if (await isLastOwner(turn, key)) return 'last-owner';
    await turn
      .deleteFrom('memberships')
      .where('team_id', '=', key.teamId)
      .where('user_id', '=', key.userId)
      .execute();
    return 'done';
  });
}
