/** Lists of teams as a client wants them, with what they have. */
import {type Kysely, sql} from 'kysely';
import {mentioning} from './content/span.ts';
import {countedPage} from './counted-page.ts';
import type {Counted, SortedPage} from './page.ts';
import type {Schema} from './schema.ts';
import {type Team, toTeam} from './teams.ts';

const columns = {
  name: 'name',
  id: 'id',
  description: 'description',
  created_at: 'created_at',
} as const;

/** Without the personal ones; those of `ids` alone, and none of `notIds`, where they are given. */
export async function pageOfTeams(
  db: Kysely<Schema>,
  page: SortedPage<keyof typeof columns> & {
    readonly ids?: readonly string[] | undefined;
    readonly notIds?: readonly string[] | undefined;
    /** Somewhere in the name. */
    readonly text?: string | undefined;
  },
): Promise<Counted<Team>> {
  const {ids, notIds = [], text} = page;
  if (ids?.length === 0) return {items: [], total: 0};
  let query = db.selectFrom('teams').where('is_personal', '=', 0);
  if (ids !== undefined) query = query.where('id', 'in', ids);
  if (notIds.length > 0) query = query.where('id', 'not in', notIds);
  if (text !== undefined) query = query.where(mentioning(sql.ref('teams.name'), text));
  const {items, total} = await countedPage(query, {
    page,
    columns,
    tie: 'name',
    select: (all) => all.selectAll(),
  });
  return {items: items.map(toTeam), total};
}

interface TeamCounts {
  readonly members: number;
  readonly namespaces: number;
}

const none: TeamCounts = {members: 0, namespaces: 0};

/** By the id of the team; members are those that are enabled. */
export async function countOfTeams(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<(id: string) => TeamCounts> {
  if (ids.length === 0) return () => none;
  const members = await db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .where('memberships.team_id', 'in', ids)
    .where('users.is_enabled', '=', 1)
    .groupBy('memberships.team_id')
    .select(({fn}) => ['memberships.team_id as id', fn.countAll<number>().as('count')])
    .execute();
  const namespaces = await db
    .selectFrom('namespaces')
    .where('team_id', 'in', ids)
    .groupBy('team_id')
    .select(({fn}) => ['team_id as id', fn.countAll<number>().as('count')])
    .execute();
  const [ofMembers, ofNamespaces] = [members, namespaces].map(
    (rows) => new Map(rows.map(({id, count}) => [id, count])),
  );
  return (id) => ({members: ofMembers?.get(id) ?? 0, namespaces: ofNamespaces?.get(id) ?? 0});
}

/** By their ids. */
export async function findTeams(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Team>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('teams').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, toTeam(row)]));
}
