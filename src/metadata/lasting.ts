/** What lasts as long as it is used: sessions of browsers, and refresh tokens. */
import type {Kysely} from 'kysely';
import type {Schema} from './schema.ts';

type Table = 'sessions' | 'refresh_tokens';

/** For one more, where its user has `most` of them: those left alone longest go. */
export async function makeRoom(
  db: Kysely<Schema>,
  table: Table,
  {userId, most}: {readonly userId: string; readonly most: number},
): Promise<void> {
  const surplus = await db
    .selectFrom(table)
    .select('last_used_at')
    .where('user_id', '=', userId)
    .orderBy('last_used_at', 'desc')
    .offset(most - 1)
    .limit(1)
    .executeTakeFirst();
  if (!surplus) return;
  await db
    .deleteFrom(table)
    .where('user_id', '=', userId)
    .where('last_used_at', '<=', surplus.last_used_at)
    .execute();
}

export interface Use {
  readonly id: string;
  readonly now: number;
  readonly expiresAt: number;
}

/** Moves the end on, where that is worth a write: once in `longestStep`, or in a hundredth of the time that is left, where that is less. */
export async function recordUse(
  db: Kysely<Schema>,
  table: Table,
  {id, now, expiresAt, longestStep}: Use & {readonly longestStep: number},
): Promise<void> {
  const step = Math.min(longestStep, Math.floor((expiresAt - now) / 100));
  await db
    .updateTable(table)
    .set({last_used_at: now, expires_at: expiresAt})
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .where('last_used_at', '<=', now - step)
    .execute();
}

/** Removes those that have expired; answers how many. */
export async function purgeExpired(
  db: Kysely<Schema>,
  table: Table,
  {now}: {readonly now: number},
): Promise<number> {
  const expired = db.deleteFrom(table).where('expires_at', '<=', now);
  return Number((await expired.executeTakeFirst()).numDeletedRows);
}
