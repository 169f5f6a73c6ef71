/** Refresh tokens: what docker keeps instead of the password. They stay the same while they are used, and die of being left alone. */
import type {Kysely, Selectable} from 'kysely';
import {makeRoom, purgeExpired, recordUse, type Use} from './lasting.ts';
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
/** In milliseconds: a use is not worth a write more often. */
const longestStep = 3_600_000;

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
    await makeRoom(turn, 'refresh_tokens', {userId: token.userId, most: mostOfUser});
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
export const recordRefreshTokenUse = async (db: Kysely<Schema>, use: Use): Promise<void> =>
  recordUse(db, 'refresh_tokens', {...use, longestStep});

/** Removes those that have expired; answers how many. */
export const purgeRefreshTokens = async (
  db: Kysely<Schema>,
  {now}: {readonly now: number},
): Promise<number> => purgeExpired(db, 'refresh_tokens', {now});
