/** What has to be told to whom, and what became of it. */
import {randomUUID} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import type {RepositoryName} from '../../oci/name.ts';
import {inBatches, insertAll} from '../batches.ts';
import {nameOf, pathOf} from '../content/path.ts';
import type {Schema} from '../schema.ts';
import {transact} from '../transact.ts';
import type {Event} from './event.ts';
import {listEvents, readPosition} from './log.ts';
import type {DeliveriesTable} from './schema.ts';

type DeliveryState = DeliveriesTable['state'];

export interface Delivery {
  readonly id: string;
  readonly endpoint: string;
  readonly seq: number;
  readonly repository: RepositoryName;
  readonly action: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Attempts that the receiver has answered with no. */
  readonly refusals: number;
  /** In ms. */
  readonly dueAt: number;
  readonly createdAt: number;
  readonly finishedAt: number | undefined;
  readonly status: number | undefined;
  readonly problem: string | undefined;
  readonly request: string | undefined;
  readonly response: string | undefined;
  readonly payload: string | undefined;
}

/**
 * Puts the events that nobody has handed out yet into the queues of those that want them: each event once, whoever else does it at the same time. Answers how
 * many events it were.
 */
export async function handOut(
  db: Kysely<Schema>,
  {
    wantedBy,
    limit,
    now,
  }: {
    readonly wantedBy: (db: Kysely<Schema>, event: Event) => Promise<readonly string[]>;
    readonly limit: number;
    readonly now: number;
  },
): Promise<number> {
  return transact(db, async (turn) => {
    const after = await readPosition(turn, 'handed-out');
    const events = await listEvents(turn, {after, limit});
    const last = events.at(-1);
    if (!last) return 0;
    // Before the first change: all others wait from then on.
    const rows: Selectable<DeliveriesTable>[] = [];
    for (const event of events) {
      for (const endpoint of await wantedBy(turn, event)) rows.push(newRow(endpoint, event, now));
    }
    const {numUpdatedRows} = await turn
      .updateTable('event_positions')
      .set({value: last.seq})
      .where('name', '=', 'handed-out')
      .where('value', '=', after)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return 0;
    await insertAll(turn, 'deliveries', rows);
    return events.length;
  });
}

const newRow = (
  endpoint: string,
  {seq, repository, action}: Pick<Event, 'seq' | 'repository' | 'action'>,
  now: number,
  payload: string | null = null,
): Selectable<DeliveriesTable> => ({
  id: randomUUID(),
  endpoint,
  seq,
  path: pathOf(repository),
  action,
  state: 'waiting',
  attempts: 0,
  refusals: 0,
  due_at: now,
  created_at: now,
  finished_at: null,
  status: null,
  problem: null,
  request: null,
  response: null,
  payload,
});

/** One that belongs to no event of the list: a trial. */
export async function insertTrial(
  db: Kysely<Schema>,
  endpoint: string,
  {event, now}: {readonly event: Event; readonly now: number},
): Promise<string> {
  const payload = JSON.stringify(event);
  const row = newRow(endpoint, {...event, seq: 0}, now, payload);
  await insertAll(db, 'deliveries', [{...row, action: 'test'}]);
  return row.id;
}

/** The oldest that wait, in the order of their events. */
export async function listWaiting(
  db: Kysely<Schema>,
  endpoint: string,
  limit: number,
): Promise<readonly Delivery[]> {
  const rows = await db
    .selectFrom('deliveries')
    .selectAll()
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'waiting')
    .orderBy('seq')
    .orderBy('created_at')
    .limit(limit)
    .execute();
  return rows.map(deliveryOf);
}

export async function countWaiting(db: Kysely<Schema>): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select((eb) => ['endpoint', eb.fn.countAll<number>().as('count')])
    .where('state', '=', 'waiting')
    .groupBy('endpoint')
    .execute();
  return new Map(rows.map(({endpoint, count}) => [endpoint, count]));
}

/** As they are now; what was dropped meanwhile stays so. */
export async function writeOutcomes(
  db: Kysely<Schema>,
  deliveries: readonly Delivery[],
): Promise<void> {
  await transact(db, async (turn) => {
    for (const some of inBatches(deliveries)) {
      const ids = some.map(({id}) => id);
      const waiting = await turn
        .selectFrom('deliveries')
        .select('id')
        .where('id', 'in', ids)
        .where('state', '=', 'waiting')
        .execute();
      const known = new Set(waiting.map(({id}) => id));
      if (known.size === 0) continue;
      // Two statements for all of them, and not one for each.
      await turn
        .deleteFrom('deliveries')
        .where('id', 'in', [...known])
        .execute();
      const changed = some.filter(({id}) => known.has(id));
      await insertAll(turn, 'deliveries', changed.map(rowOf));
    }
  });
}

const rowOf = (delivery: Delivery): Selectable<DeliveriesTable> => ({
  id: delivery.id,
  endpoint: delivery.endpoint,
  seq: delivery.seq,
  path: pathOf(delivery.repository),
  action: delivery.action,
  state: delivery.state,
  attempts: delivery.attempts,
  refusals: delivery.refusals,
  due_at: delivery.dueAt,
  created_at: delivery.createdAt,
  finished_at: delivery.finishedAt ?? null,
  status: delivery.status ?? null,
  problem: delivery.problem ?? null,
  request: delivery.request ?? null,
  response: delivery.response ?? null,
  payload: delivery.payload ?? null,
});

/** All but the newest `most` of an endpoint: they are told to nobody. Answers how many. */
export async function dropOldest(
  db: Kysely<Schema>,
  endpoint: string,
  {most, now, problem}: {readonly most: number; readonly now: number; readonly problem: string},
): Promise<number> {
  const edge = await db
    .selectFrom('deliveries')
    .select('seq')
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'waiting')
    .orderBy('seq', 'desc')
    .offset(most)
    .limit(1)
    .executeTakeFirst();
  if (!edge) return 0;
  const {numUpdatedRows} = await db
    .updateTable('deliveries')
    .set({state: 'dropped', finished_at: now, problem})
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'waiting')
    .where('seq', '<=', edge.seq)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

export interface DeliveryPage {
  readonly state?: DeliveryState | undefined;
  /** The id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The newest first. */
export async function listDeliveries(
  db: Kysely<Schema>,
  endpoint: string,
  {state, after, limit}: DeliveryPage,
): Promise<readonly Delivery[]> {
  const last = after === undefined ? undefined : await findDelivery(db, after);
  let query = db.selectFrom('deliveries').selectAll().where('endpoint', '=', endpoint);
  if (state !== undefined) query = query.where('state', '=', state);
  if (last) {
    query = query.where((eb) =>
      eb.or([
        eb('created_at', '<', last.createdAt),
        eb.and([eb('created_at', '=', last.createdAt), eb('id', '<', last.id)]),
      ]),
    );
  }
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(deliveryOf);
}

export async function findDelivery(db: Kysely<Schema>, id: string): Promise<Delivery | undefined> {
  const query = db.selectFrom('deliveries').selectAll().where('id', '=', id);
  const row = await query.executeTakeFirst();
  return row && deliveryOf(row);
}

/** The same event once more, as a delivery of its own. */
export async function sendAgain(
  db: Kysely<Schema>,
  {endpoint, seq, repository, action, payload}: Delivery,
  now: number,
): Promise<string> {
  const again = newRow(endpoint, {seq, repository, action: 'push'}, now, payload ?? null);
  await insertAll(db, 'deliveries', [{...again, action}]);
  return again.id;
}

/** Those that ended before, and all of endpoints that there are no more. In bounded steps; answers how many went. */
export async function deleteDeliveries(
  db: Kysely<Schema>,
  {before, limit}: {readonly before: number; readonly limit: number},
): Promise<number> {
  const old = await db
    .selectFrom('deliveries')
    .select('id')
    .where('finished_at', '<', before)
    .orderBy('finished_at')
    .limit(limit)
    .execute();
  for (const ids of inBatches(old.map(({id}) => id))) {
    await db.deleteFrom('deliveries').where('id', 'in', ids).execute();
  }
  return old.length;
}

export async function deleteDeliveriesOf(db: Kysely<Schema>, endpoint: string): Promise<void> {
  await db.deleteFrom('deliveries').where('endpoint', '=', endpoint).execute();
}

function deliveryOf(row: Selectable<DeliveriesTable>): Delivery {
  return {
    id: row.id,
    endpoint: row.endpoint,
    seq: row.seq,
    repository: nameOf(row.path),
    action: row.action,
    state: row.state,
    attempts: row.attempts,
    refusals: row.refusals,
    dueAt: row.due_at,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
    status: row.status ?? undefined,
    problem: row.problem ?? undefined,
    request: row.request ?? undefined,
    response: row.response ?? undefined,
    payload: row.payload ?? undefined,
  };
}
