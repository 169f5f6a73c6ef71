/** Seals over activities: what they are made of, and where they are kept. Who makes and judges them has the keys (auth/activities). */
import {hash} from 'node:crypto';
import type {Kysely, Selectable} from 'kysely';
import type {ActivityRow} from './activities.ts';
import type {ActivitySealsTable} from './activity-schema.ts';
import {inBatches} from './batches.ts';
import type {Schema} from './schema.ts';

export type ActivitySeal = Selectable<ActivitySealsTable>;

/** In this order for ever: hashes that are there count on it. The seal itself is none of it. */
const sealed = [
  'id',
  'at',
  'key',
  'actor_kind',
  'actor_id',
  'actor_name',
  'subject_kind',
  'subject_id',
  'subject_name',
  'namespace',
  'namespace_id',
  'repository',
  'team_id',
  'account_id',
  'parameters',
  'outcome',
  'address',
  'credential_kind',
  'credential_id',
  'credential_name',
  'request_id',
  'times',
] as const satisfies readonly (keyof ActivityRow)[];

export const hashOfRow = (row: ActivityRow): string =>
  hash('sha256', JSON.stringify(sealed.map((column) => row[column])), 'base64url');

/** Those that have waited since before that time, the oldest first. */
export async function readUnsealed(
  db: Kysely<Schema>,
  {before, limit}: {readonly before: number; readonly limit: number},
): Promise<readonly ActivityRow[]> {
  return db
    .selectFrom('activities')
    .selectAll()
    .where('seal', 'is', null)
    .where('at', '<', before)
    .orderBy('at')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function countUnsealed(db: Kysely<Schema>): Promise<number> {
  const {count} = await db
    .selectFrom('activities')
    .select(({fn}) => fn.countAll<number>().as('count'))
    .where('seal', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

export const readLastSeal = async (db: Kysely<Schema>): Promise<ActivitySeal | undefined> =>
  db.selectFrom('activity_seals').selectAll().orderBy('number', 'desc').limit(1).executeTakeFirst();

export const readSeal = async (
  db: Kysely<Schema>,
  number: number,
): Promise<ActivitySeal | undefined> =>
  db.selectFrom('activity_seals').selectAll().where('number', '=', number).executeTakeFirst();

export const readSealAfter = async (
  db: Kysely<Schema>,
  number: number,
): Promise<ActivitySeal | undefined> =>
  db
    .selectFrom('activity_seals')
    .selectAll()
    .where('number', '>', number)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();

/** Within a transaction. Of two that make the same one, the second fails with a unique violation, and begins again (transact.ts). */
export async function insertSeal(
  db: Kysely<Schema>,
  seal: ActivitySeal,
  ids: readonly string[],
): Promise<void> {
  await db.insertInto('activity_seals').values(seal).execute();
  for (const some of inBatches(ids)) {
    await db.updateTable('activities').set({seal: seal.number}).where('id', 'in', some).execute();
  }
}

/** In their order. One more than there may be, however many somebody has put in. */
export const readSealed = async (
  db: Kysely<Schema>,
  {number, limit}: {readonly number: number; readonly limit: number},
): Promise<readonly ActivityRow[]> =>
  db
    .selectFrom('activities')
    .selectAll()
    .where('seal', '=', number)
    .orderBy('at')
    .orderBy('id')
    .limit(limit + 1)
    .execute();

/** `undefined`: there is no such row; null: it has none. */
export async function sealOfRow(
  db: Kysely<Schema>,
  id: string,
): Promise<number | null | undefined> {
  const row = await db
    .selectFrom('activities')
    .select('seal')
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.seal;
}

/** Rows that say that they are under a seal which is not there, or whose rows were removed. */
export const readStrays = async (
  db: Kysely<Schema>,
  limit: number,
): Promise<readonly Pick<ActivityRow, 'id' | 'seal'>[]> =>
  db
    .selectFrom('activities')
    .select(['id', 'seal'])
    .where('seal', 'is not', null)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('activity_seals')
            .select('number')
            .whereRef('activity_seals.number', '=', 'activities.seal')
            .where('removed_at', 'is', null),
        ),
      ),
    )
    .limit(limit)
    .execute();

/** The first that has its rows, if it was made before that time. */
export async function readOldSeal(
  db: Kysely<Schema>,
  before: number,
): Promise<ActivitySeal | undefined> {
  const first = await db
    .selectFrom('activity_seals')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return first !== undefined && first.created_at < before ? first : undefined;
}

/** Within a transaction: its rows go, and all seals before it, which its own stands for now. */
export async function removeSealed(
  db: Kysely<Schema>,
  number: number,
  removal: {readonly at: number; readonly keyId: string; readonly mac: string},
): Promise<void> {
  await db.deleteFrom('activities').where('seal', '=', number).execute();
  await db
    .updateTable('activity_seals')
    .set({
      leaves: '',
      removed_at: removal.at,
      removed_key_id: removal.keyId,
      removed_mac: removal.mac,
    })
    .where('number', '=', number)
    .execute();
  await db.deleteFrom('activity_seals').where('number', '<', number).execute();
}
