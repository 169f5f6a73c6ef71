/** What concerns several tables at once, each in one transaction: accounts come and go with what is theirs, and an admin is left. */
import type {Kysely} from 'kysely';
import type {UserName} from '../oci/user-name.ts';
import {takeFirstAdmin} from './claims.ts';
import {listTeamsOwnedAlone} from './memberships.ts';
import {findNamespaceByName, insertNamespace} from './namespaces.ts';
import {changing} from './revisions.ts';
import type {Schema} from './schema.ts';
import {personalTeamName} from './team-name.ts';
import {findTeam, findTeamByName, insertTeam} from './teams.ts';
import {
  type NewUser,
  type User,
  findUser,
  findUserByName,
  findUserBySubject,
  insertUser,
} from './users.ts';
import type {Role} from './words.ts';

export interface NewPerson extends Omit<NewUser, 'isRobot' | 'teamId'> {
  /** if-first: exactly one of those gets it, if there never was an admin. `no` unless given. */
  readonly admin?: 'no' | 'yes' | 'if-first' | undefined;
}

async function isTaken(db: Kysely<Schema>, {name, provider, subject}: NewPerson): Promise<boolean> {
  if (await findUserByName(db, name)) return true;
  if (subject === undefined) return false;
  return (await findUserBySubject(db, provider ?? 'local', subject)) !== undefined;
}

/**
 * A person with a team of one, `user:<name>`, that owns the private namespace `<name>`. 'taken': an account has the name, or is this subject's already;
 * 'namespace-taken': a namespace has the name.
 */
export async function createPerson(
  db: Kysely<Schema>,
  person: NewPerson,
): Promise<User | 'taken' | 'namespace-taken'> {
  const {name, admin = 'no', now} = person;
  return changing(db, async (turn) => {
    if (await isTaken(turn, person)) return 'taken';
    if (await findNamespaceByName(turn, name)) return 'namespace-taken';
    const user = await insertUser(turn, {...person, isRobot: false});
    const own = {description: '', now} as const;
    const teamName = personalTeamName(name);
    const team = await insertTeam(turn, {
      ...own,
      name: teamName,
      isPersonal: true,
      ownerId: user.id,
    });
    await insertNamespace(turn, {...own, name, teamId: team.id, visibility: 'private'});
    const isFirst = admin !== 'no' && (await takeFirstAdmin(turn, {id: user.id, now}));
    if (admin !== 'yes' && !isFirst) return user;
    await turn.updateTable('users').set({is_admin: 1}).where('id', '=', user.id).execute();
    return {...user, isAdmin: true};
  });
}

/** A robot of a team, with a role in it. It is never an admin. */
export async function createRobot(
  db: Kysely<Schema>,
  {
    role,
    ...robot
  }: {
    readonly name: UserName;
    readonly teamId: string;
    readonly role: Role;
    readonly displayName?: string | undefined;
    readonly passwordHash?: string | undefined;
    readonly now: number;
  },
): Promise<User | 'taken' | 'unknown-team'> {
  return changing(db, async (turn) => {
    if (await findUserByName(turn, robot.name)) return 'taken';
    if (!(await findTeam(turn, robot.teamId))) return 'unknown-team';
    const user = await insertUser(turn, {...robot, isRobot: true});
    const row = {team_id: robot.teamId, user_id: user.id, role, created_at: robot.now};
    await turn.insertInto('memberships').values(row).execute();
    return user;
  });
}

/** Within `changing`. */
async function isLastAdmin(db: Kysely<Schema>, user: User): Promise<boolean> {
  if (!user.isAdmin || !user.isEnabled) return false;
  const other = await db
    .selectFrom('users')
    .select('id')
    .where('is_admin', '=', 1)
    .where('is_enabled', '=', 1)
    .where('id', '!=', user.id)
    .executeTakeFirst();
  return other === undefined;
}

/** Ends what was issued before. Robots are no admins. */
export async function setAdmin(
  db: Kysely<Schema>,
  {id, isAdmin, now}: {readonly id: string; readonly isAdmin: boolean; readonly now: number},
): Promise<'done' | 'unknown' | 'robot' | 'last-admin'> {
  return changing(db, async (turn) => {
    const user = await findUser(turn, id);
    if (!user) return 'unknown';
    if (user.isRobot) return 'robot';
    if (!isAdmin && (await isLastAdmin(turn, user))) return 'last-admin';
    if (isAdmin) await takeFirstAdmin(turn, {id, now});
    if (user.isAdmin === isAdmin) return 'done';
    await turn
      .updateTable('users')
      .set((eb) => ({
        is_admin: Number(isAdmin),
        generation: eb('generation', '+', 1),
        updated_at: now,
      }))
      .where('id', '=', id)
      .execute();
    return 'done';
  });
}

/** Ends what was issued before, for good: who is enabled again logs in again. */
export async function setEnabled(
  db: Kysely<Schema>,
  {id, isEnabled, now}: {readonly id: string; readonly isEnabled: boolean; readonly now: number},
): Promise<'done' | 'unknown' | 'last-admin'> {
  return changing(db, async (turn) => {
    const user = await findUser(turn, id);
    if (!user) return 'unknown';
    if (!isEnabled && (await isLastAdmin(turn, user))) return 'last-admin';
    if (user.isEnabled === isEnabled) return 'done';
    await turn
      .updateTable('users')
      .set((eb) => ({
        is_enabled: Number(isEnabled),
        generation: eb('generation', '+', 1),
        updated_at: now,
      }))
      .where('id', '=', id)
      .execute();
    return 'done';
  });
}

/** A team of one, with its robots. Its namespaces are kept for the team of the root namespace, or go too. */
async function deletePersonalTeam(
  db: Kysely<Schema>,
  {teamId, heirId, namespaces}: {teamId: string; heirId: string; namespaces: 'keep' | 'delete'},
): Promise<void> {
  if (namespaces === 'delete') {
    await db.deleteFrom('namespaces').where('team_id', '=', teamId).execute();
  } else {
    const left = db.updateTable('namespaces').set({team_id: heirId});
    await left.where('team_id', '=', teamId).execute();
  }
  await db.deleteFrom('users').where('team_id', '=', teamId).execute();
  await db.deleteFrom('teams').where('id', '=', teamId).execute();
}

/**
 * With his tokens, memberships and personal team. Where repositories lie in his namespaces, `keep` them: a namespace whose name is free is given to the
 * next person who takes that name, with all that lies in it. 'last-owner': a team has no other (see listTeamsOwnedAlone), or the root namespace is his.
 */
export async function deleteUser(
  db: Kysely<Schema>,
  {id, namespaces}: {readonly id: string; readonly namespaces: 'keep' | 'delete'},
): Promise<'done' | 'unknown' | 'last-admin' | 'last-owner'> {
  return changing(db, async (turn) => {
    const user = await findUser(turn, id);
    if (!user) return 'unknown';
    if (await isLastAdmin(turn, user)) return 'last-admin';
    if ((await listTeamsOwnedAlone(turn, id)).length > 0) return 'last-owner';
    const team = user.isRobot ? undefined : await findTeamByName(turn, personalTeamName(user.name));
    const heirId = (await findNamespaceByName(turn, ''))?.teamId;
    if (heirId === undefined || heirId === team?.id) return 'last-owner';
    if (team) await deletePersonalTeam(turn, {teamId: team.id, heirId, namespaces});
    await turn.deleteFrom('users').where('id', '=', id).execute();
    return 'done';
  });
}
