/** What a provider says of somebody at his login becomes what counts here: whether he is an admin, and the teams that he is in. */
import type {Kysely} from 'kysely';
import {setAdmin} from './accounts.ts';
import {isLastOwner} from './memberships.ts';
import {changing} from './revisions.ts';
import type {Schema} from './schema.ts';
import {raiseGeneration} from './users.ts';
import {type Role, roles} from './words.ts';

export interface ProviderFacts {
  readonly userId: string;
  /** Of the provider: what it has put in, it takes out again, and nothing else. */
  readonly source: string;
  /** By the name of the team in small letters; teams that there are not, or that are looked after by hand alone, are passed over. Absent: nothing is said. */
  readonly teams?: ReadonlyMap<string, Role> | undefined;
  /** What is said is a part of what there is: nothing is taken for what is missing. */
  readonly isPart?: boolean | undefined;
  /** Absent: nothing is said. */
  readonly isAdmin?: boolean | undefined;
  readonly now: number;
}

export interface Applied {
  readonly joined: readonly string[];
  readonly left: readonly string[];
  readonly changed: readonly string[];
  /** Teams that would have no owner without him. */
  readonly kept: readonly string[];
  readonly admin?: 'made' | 'ended' | 'last-admin';
}

interface Membership {
  readonly teamId: string;
  readonly team: string;
  readonly role: Role;
  readonly source: string | null;
  readonly isSynced: boolean;
}

interface Plan {
  readonly join: readonly {readonly teamId: string; readonly team: string; readonly role: Role}[];
  readonly change: readonly {readonly from: Membership; readonly role: Role}[];
  readonly leave: readonly Membership[];
  /** Names of the teams that would have no owner without him. */
  readonly kept: readonly string[];
}

/** `undefined`: all was so already. What is taken ends what was issued before. `onChange` is within the transaction. */
export async function applyProviderFacts(
  db: Kysely<Schema>,
  facts: ProviderFacts,
  onChange: (turn: Kysely<Schema>, applied: Applied) => Promise<void> = async () =>
    Promise.resolve(),
): Promise<Applied | undefined> {
  if (facts.teams === undefined && facts.isAdmin === undefined) return undefined;
  // Most logins change nothing: they take no turn, and nobody has to look again.
  const [user, plan] = [await stateOf(db, facts.userId), await planFor(db, facts)];
  const isAdminNews = facts.isAdmin !== undefined && user?.is_admin !== Number(facts.isAdmin);
  const {join, change, leave} = plan;
  if (!isAdminNews && join.length + change.length + leave.length === 0) return undefined;
  let applied: Applied | undefined;
  await changing(db, async (turn) => {
    applied = await apply(turn, facts);
    if (applied === undefined || !hasChanged(applied)) return false;
    await onChange(turn, applied);
    return true;
  });
  return applied;
}

/** The last admin stays one, and that is told at each of his logins: nobody has to look again for it. */
export const hasChanged = ({joined, left, changed, admin}: Applied): boolean =>
  joined.length + left.length + changed.length > 0 || admin === 'made' || admin === 'ended';

async function apply(db: Kysely<Schema>, facts: ProviderFacts): Promise<Applied | undefined> {
  const {userId, source, now} = facts;
  const {join, change, leave, kept} = await planFor(db, facts);
  for (const {teamId} of leave) {
    await of(db.deleteFrom('memberships'), teamId, userId).execute();
  }
  for (const {from, role} of change) {
    await of(db.updateTable('memberships').set({role}), from.teamId, userId).execute();
  }
  for (const {teamId, role} of join) {
    const row = {team_id: teamId, user_id: userId, role, source, created_at: now};
    await db.insertInto('memberships').values(row).execute();
  }
  const isLowered = change.some(({from, role}) => roles.indexOf(role) < roles.indexOf(from.role));
  if (leave.length > 0 || isLowered) await raiseGeneration(db, {id: userId, now});
  const admin = await applyAdmin(db, facts);
  if (admin === undefined && join.length + change.length + leave.length === 0) return undefined;
  return {
    joined: join.map(({team}) => team),
    left: leave.map(({team}) => team),
    changed: change.map(({from}) => from.team),
    kept,
    ...(admin === undefined ? {} : {admin}),
  };
}

async function applyAdmin(
  db: Kysely<Schema>,
  {userId: id, isAdmin, now}: ProviderFacts,
): Promise<Applied['admin'] | undefined> {
  const user = await stateOf(db, id);
  if (isAdmin === undefined || user?.is_admin === Number(isAdmin)) return undefined;
  const outcome = await setAdmin(db, {id, isAdmin, now});
  if (outcome === 'last-admin') return outcome;
  return isAdmin ? 'made' : 'ended';
}

const isRaised = (from: Role, to: Role | undefined): boolean =>
  to !== undefined && roles.indexOf(to) > roles.indexOf(from);

const stateOf = (db: Kysely<Schema>, id: string) =>
  db.selectFrom('users').select(['is_admin']).where('id', '=', id).executeTakeFirst();

async function planFor(
  db: Kysely<Schema>,
  {userId, source, teams: wanted, isPart = false}: ProviderFacts,
): Promise<Plan> {
  if (wanted === undefined) return {join: [], change: [], leave: [], kept: []};
  const present = await membershipsOf(db, userId);
  const taken = new Set(present.map(({team}) => team.toLowerCase()));
  const others = new Map([...wanted].filter(([name]) => !taken.has(name)));
  const join = await syncedTeams(db, others);
  const change: {from: Membership; role: Role}[] = [];
  const leave: Membership[] = [];
  const kept: string[] = [];
  for (const from of present.filter((each) => each.source === source && each.isSynced)) {
    const role = wanted.get(from.team.toLowerCase());
    if (role === from.role || (isPart && !isRaised(from.role, role))) continue;
    const isNeeded = role !== 'owner' && (await isLastOwner(db, {teamId: from.teamId, userId}));
    if (isNeeded) kept.push(from.team);
    else if (role === undefined) leave.push(from);
    else change.push({from, role});
  }
  return {join, change, leave, kept};
}

async function membershipsOf(db: Kysely<Schema>, userId: string): Promise<readonly Membership[]> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('teams', 'teams.id', 'memberships.team_id')
    .select(['teams.id', 'teams.name', 'teams.is_synced', 'role', 'source'])
    .where('memberships.user_id', '=', userId)
    .execute();
  return rows.map(({id, name, is_synced, role, source}) => {
    return {teamId: id, team: name, role, source, isSynced: is_synced === 1};
  });
}

/** Those that are called as a group is. Capitals are not left to the database: SQLite lowers ASCII, and nothing else. */
async function syncedTeams(
  db: Kysely<Schema>,
  wanted: ReadonlyMap<string, Role>,
): Promise<Plan['join']> {
  if (wanted.size === 0) return [];
  const rows = await db
    .selectFrom('teams')
    .select(['id', 'name'])
    .where('is_personal', '=', 0)
    .where('is_synced', '=', 1)
    .execute();
  return rows.flatMap(({id, name}) => {
    const role = wanted.get(name.toLowerCase());
    return role === undefined ? [] : [{teamId: id, team: name, role}];
  });
}

/** One membership. */
const of = <T extends {where(column: 'team_id' | 'user_id', is: '=', value: string): T}>(
  query: T,
  teamId: string,
  userId: string,
): T => query.where('team_id', '=', teamId).where('user_id', '=', userId);
