/** What namespaces have: a handful of questions for a page of them. */
import {type Kysely, sql} from 'kysely';
import {namespacesAbove} from '../oci/owning-namespace.ts';
import {inBatches} from './batches.ts';
import {inNamespace} from './content/span.ts';
import type {Schema} from './schema.ts';

/** In one statement. */
const atOnce = 50;

/** By name: those that belong to it, and to no other one within it. */
export async function countRepositoriesOf(
  db: Kysely<Schema>,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const wanted = new Set(names);
  const nested = await db
    .selectFrom('namespaces')
    .select('name')
    .where('name', 'like', '%/%')
    .execute();
  const all = new Set([...names, ...nested.map(({name}) => name)]);
  const inner = Map.groupBy(
    nested.map(({name}) => name),
    (name) => namespacesAbove(name).find((outer) => outer !== '' && all.has(outer)),
  );
  const counted = [...wanted, ...names.flatMap((name) => inner.get(name) ?? [])];
  const totals = await countBelow(db, [...new Set(counted)]);
  return new Map(
    [...wanted].map((name) => {
      const within = (inner.get(name) ?? []).reduce(
        (sum, each) => sum + (totals.get(each) ?? 0),
        0,
      );
      return [name, (totals.get(name) ?? 0) - within];
    }),
  );
}

async function countBelow(
  db: Kysely<Schema>,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const totals = new Map<string, number>();
  for (const some of inBatches(names, atOnce)) {
    const [first, ...others] = some.map((name, at) =>
      db
        .selectFrom('repositories')
        .select(({fn}) => [sql<number>`${sql.lit(at)}`.as('at'), fn.countAll<number>().as('count')])
        .where(inNamespace(sql.ref('repositories.path'), name)),
    );
    if (!first) break;
    const rows = await others.reduce((query, other) => query.unionAll(other), first).execute();
    for (const {at, count} of rows) totals.set(some[at] ?? '', count);
  }
  return totals;
}

/** By the ids of the namespaces; those without any are left out. */
export async function countWebhooksOf(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const some of inBatches(ids)) {
    const rows = await db
      .selectFrom('webhooks')
      .select(({fn}) => ['namespace_id', fn.countAll<number>().as('count')])
      .where('namespace_id', 'in', some)
      .groupBy('namespace_id')
      .execute();
    for (const {namespace_id: id, count} of rows) counts.set(id, count);
  }
  return counts;
}

/** Teams of these that have an owner who can log in. */
export async function teamsWithOwners(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of inBatches(ids)) {
    const rows = await db
      .selectFrom('memberships')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select('memberships.team_id')
      .distinct()
      .where('memberships.team_id', 'in', some)
      .where('memberships.role', '=', 'owner')
      .where('users.is_enabled', '=', 1)
      .execute();
    for (const {team_id: id} of rows) found.add(id);
  }
  return found;
}

/** Of a team. */
export async function countMembersOf(
  db: Kysely<Schema>,
  teamId: string,
): Promise<{readonly people: number; readonly robots: number}> {
  const rows = await db
    .selectFrom('memberships')
    .innerJoin('users', 'users.id', 'memberships.user_id')
    .select(({fn}) => ['users.is_robot', fn.countAll<number>().as('count')])
    .where('memberships.team_id', '=', teamId)
    .groupBy('users.is_robot')
    .execute();
  const counts = new Map(rows.map(({is_robot: isRobot, count}) => [isRobot, count]));
  return {people: counts.get(0) ?? 0, robots: counts.get(1) ?? 0};
}
