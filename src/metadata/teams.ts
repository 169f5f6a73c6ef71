/** Teams own namespaces and robots. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import {type Page, pageSize} from './page.ts';
import {changing} from './revisions.ts';
import type {Schema, TeamsTable} from './schema.ts';
import type {TeamName} from './team-name.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly isPersonal: boolean;
  /** Whether groups of the same name, of a directory, decide who is in it. */
  readonly isSynced: boolean;
  readonly createdAt: number;
}

export const toTeam = (row: Selectable<TeamsTable>): Team => ({
  id: row.id,
  name: row.name,
  description: row.description,
  isPersonal: row.is_personal === 1,
  isSynced: row.is_synced === 1,
  createdAt: row.created_at,
});

const all = (db: Kysely<Schema>) => db.selectFrom('teams').selectAll();

export async function findTeam(db: Kysely<Schema>, id: string): Promise<Team | undefined> {
  const row = await all(db).where('id', '=', id).executeTakeFirst();
  return row && toTeam(row);
}

export async function findTeamByName(db: Kysely<Schema>, name: string): Promise<Team | undefined> {
  const row = await all(db).where('name', '=', name).executeTakeFirst();
  return row && toTeam(row);
}

/** Sorted by name, without the personal ones. */
export async function listTeams(db: Kysely<Schema>, page: Page): Promise<readonly Team[]> {
  let query = all(db).where('is_personal', '=', 0).orderBy('name').limit(pageSize(page));
  if (page.after !== undefined) query = query.where('name', '>', page.after);
  return (await query.execute()).map(toTeam);
}

/** Within `changing`; the name is free and the user exists. */
export async function insertTeam(
  db: Kysely<Schema>,
  team: Pick<Team, 'name' | 'description' | 'isPersonal'> & {
    readonly ownerId: string;
    readonly now: number;
  },
): Promise<Team> {
  const row: Selectable<TeamsTable> = {
    id: randomUUID(),
    name: team.name,
    description: team.description,
    is_personal: Number(team.isPersonal),
    is_synced: 1,
    created_at: team.now,
  };
  await db.insertInto('teams').values(row).execute();
  const owner = {
    team_id: row.id,
    user_id: team.ownerId,
    role: 'owner',
    created_at: team.now,
  } as const;
  await db.insertInto('memberships').values(owner).execute();
  return toTeam(row);
}

export async function createTeam(
  db: Kysely<Schema>,
  team: {
    readonly name: TeamName;
    readonly description?: string | undefined;
    /** Its first owner, a person. */
    readonly ownerId: string;
    readonly now: number;
  },
): Promise<Team | 'taken' | 'namesake' | 'unknown-user'> {
  return changing(db, async (turn) => {
    if (await findTeamByName(turn, team.name)) return 'taken';
    if ((await findNamesake(turn, team.name)) !== undefined) return 'namesake';
    const people = turn.selectFrom('users').select('id').where('is_robot', '=', 0);
    const owner = await people.where('id', '=', team.ownerId).executeTakeFirst();
    if (!owner) return 'unknown-user';
    return insertTeam(turn, {...team, description: team.description ?? '', isPersonal: false});
  });
}

/** A team, other than the one, whose name differs in capitals alone. Not asked of the database: SQLite lowers ASCII, and nothing else. */
export async function findNamesake(
  db: Kysely<Schema>,
  name: string,
  otherThan = '',
): Promise<string | undefined> {
  const teams = await db
    .selectFrom('teams')
    .select('name')
    .where('is_personal', '=', 0)
    .where('id', '<>', otherThan)
    .orderBy('name')
    .execute();
  return teams.find((each) => each.name.toLowerCase() === name.toLowerCase())?.name;
}

/** Of a personal team, the description alone. */
export async function updateTeam(
  db: Kysely<Schema>,
  change: {
    readonly id: string;
    readonly name?: TeamName | undefined;
    readonly description?: string | undefined;
    readonly isSynced?: boolean | undefined;
  },
): Promise<'done' | 'unknown' | 'taken' | 'personal'> {
  const {id, name, description, isSynced} = change;
  return changing(db, async (turn) => {
    const team = await findTeam(turn, id);
    if (!team) return 'unknown';
    if (name !== undefined && team.isPersonal) return 'personal';
    if (name !== undefined && name !== team.name) {
      const other = (await findTeamByName(turn, name)) ?? (await findNamesake(turn, name, id));
      if (other !== undefined) return 'taken';
    }
    await turn
      .updateTable('teams')
      .set({
        name: name ?? team.name,
        description: description ?? team.description,
        is_synced: Number(isSynced ?? team.isSynced),
      })
      .where('id', '=', id)
      .execute();
    return 'done';
  });
}

/**
 * With its memberships and its robots. Its namespaces go to `namespacesTo`, where that is given; else a team that has some stays. A personal one goes with
 * its person alone.
 */
export async function deleteTeam(
  db: Kysely<Schema>,
  {id, namespacesTo}: {readonly id: string; readonly namespacesTo?: string | undefined},
): Promise<'done' | 'unknown' | 'personal' | 'has-namespaces' | 'unknown-team'> {
  return changing(db, async (turn) => {
    const team = await findTeam(turn, id);
    if (!team) return 'unknown';
    if (team.isPersonal) return 'personal';
    if (namespacesTo !== undefined) {
      if (namespacesTo === id || !(await findTeam(turn, namespacesTo))) return 'unknown-team';
      const move = turn.updateTable('namespaces').set({team_id: namespacesTo});
      await move.where('team_id', '=', id).execute();
    }
    const owned = turn.selectFrom('namespaces').select('id').where('team_id', '=', id);
    if (await owned.executeTakeFirst()) return 'has-namespaces';
    await turn.deleteFrom('users').where('team_id', '=', id).execute();
    await turn.deleteFrom('teams').where('id', '=', id).execute();
    return 'done';
  });
}
