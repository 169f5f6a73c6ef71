/** Refresh tokens: what docker keeps instead of the password. They stay the same while they are used, and die of being left alone. */
import type {Kysely, Selectable} from 'kysely';
import {changing} from './revisions.ts';
import type {RefreshTokensTable, Schema} from './schema.ts';
import {transact} from './transact.ts';

/** Without its hash. */
export interface RefreshToken {
  readonly id: string;
  readonly userId: string;
  readonly service: string;
  readonly clientId: string;
  /** Of its user, when it was issued: it counts only while that is his. */
  readonly generation: number;
  readonly applicationTokenId: string | undefined;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
}

export interface NewRefreshToken {
  readonly id: string;
  readonly userId: string;
  readonly service: string;
  readonly clientId: string;
  readonly hash: string;
  readonly generation: number;
  readonly applicationTokenId?: string | undefined;
  readonly now: number;
  readonly expiresAt: number;
}

/** A machine that logs in for each of its jobs gets one for each; the longest unused make room. */
const mostOfUser = 5_000;
/** In milliseconds; and a hundredth of the lease, where that is less: a use is not worth a write each time. */
const slidingStep = 3_600_000;

const toToken = (row: Selectable<RefreshTokensTable>): RefreshToken => ({
  id: row.id,
  userId: row.user_id,
  service: row.service,
  clientId: row.client_id,
  generation: row.generation,
  applicationTokenId: row.application_token_id ?? undefined,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
});

async function makeRoom(db: Kysely<Schema>, userId: string): Promise<void> {
  const surplus = await db
    .selectFrom('refresh_tokens')
    .select('last_used_at')
    .where('user_id', '=', userId)
    .orderBy('last_used_at', 'desc')
    .offset(mostOfUser - 1)
    .limit(1)
    .executeTakeFirst();
  if (!surplus) return;
  const others = db.deleteFrom('refresh_tokens').where('user_id', '=', userId);
  await others.where('last_used_at', '<=', surplus.last_used_at).execute();
}

/**
 * False: the user, or the application token, is gone meanwhile. Nobody has remembered anything about a token that is new: the revision stays as it is, so
 * that logins don't empty caches.
 */
export async function createRefreshToken(
  db: Kysely<Schema>,
  token: NewRefreshToken,
): Promise<boolean> {
  const insert = async (turn: Kysely<Schema>): Promise<boolean> => {
    const user = turn.selectFrom('users').select('id').where('id', '=', token.userId);
    if (!(await user.executeTakeFirst())) return false;
    if (token.applicationTokenId !== undefined) {
      const source = turn.selectFrom('application_tokens').select('id');
      const found = await source.where('id', '=', token.applicationTokenId).executeTakeFirst();
      if (!found) return false;
    }
    await makeRoom(turn, token.userId);
    const row: Selectable<RefreshTokensTable> = {
      id: token.id,
      user_id: token.userId,
      service: token.service,
      client_id: token.clientId,
      hash: token.hash,
      generation: token.generation,
      application_token_id: token.applicationTokenId ?? null,
      created_at: token.now,
      last_used_at: token.now,
      expires_at: token.expiresAt,
    };
    await turn.insertInto('refresh_tokens').values(row).execute();
    return true;
  };
  return transact(db, insert);
}

/** With the hash, for the one place that compares it. Expired ones are not found. */
export async function findRefreshToken(
  db: Kysely<Schema>,
  {id, now}: {readonly id: string; readonly now: number},
): Promise<{readonly token: RefreshToken; readonly hash: string} | undefined> {
  const query = db.selectFrom('refresh_tokens').selectAll().where('id', '=', id);
  const row = await query.where('expires_at', '>', now).executeTakeFirst();
  return row && {token: toToken(row), hash: row.hash};
}

/** Moves the end on, where that is worth a write. */
export async function recordRefreshTokenUse(
  db: Kysely<Schema>,
  {id, now, expiresAt}: {readonly id: string; readonly now: number; readonly expiresAt: number},
): Promise<void> {
  const step = Math.min(slidingStep, (expiresAt - now) / 100);
  await db
    .updateTable('refresh_tokens')
    .set({last_used_at: now, expires_at: expiresAt})
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .where('last_used_at', '<=', now - step)
    .execute();
}

/** A user's that count, those used last first. */
export async function listRefreshTokens(
  db: Kysely<Schema>,
  {userId, now, limit}: {readonly userId: string; readonly now: number; readonly limit: number},
): Promise<readonly RefreshToken[]> {
  const rows = await db
    .selectFrom('refresh_tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toToken);
}

/** False: that user has no such token. */
export async function revokeRefreshToken(
  db: Kysely<Schema>,
  {id, userId}: {readonly id: string; readonly userId: string},
): Promise<boolean> {
  return changing(db, async (turn) => {
    const {numDeletedRows} = await turn
      .deleteFrom('refresh_tokens')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** False: he had none. */
export async function revokeRefreshTokensOf(db: Kysely<Schema>, userId: string): Promise<boolean> {
  return changing(db, async (turn) => {
    const {numDeletedRows} = await turn
      .deleteFrom('refresh_tokens')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** Removes those that have expired; answers how many. */
export async function purgeRefreshTokens(
  db: Kysely<Schema>,
  {now}: {readonly now: number},
): Promise<number> {
  const {numDeletedRows} = await db
    .deleteFrom('refresh_tokens')
    .where('expires_at', '<=', now)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
