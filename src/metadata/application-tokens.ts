/** Application tokens: they work as the password of their user. */
import type {Kysely, Selectable} from 'kysely';
import {changing} from './revisions.ts';
import type {ApplicationTokensTable, Schema} from './schema.ts';

/** Without its hash. */
export interface ApplicationToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** Absent: all that its user has. */
  readonly namespaces: readonly string[] | undefined;
  readonly isPullOnly: boolean;
  /** Absent: never. */
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
  readonly lastUsedAt: number | undefined;
}

export interface NewApplicationToken {
  /** The part of the token that finds it. */
  readonly id: string;
  readonly userId: string;
  /** Unique for each user. */
  readonly name: string;
  readonly hash: string;
  readonly namespaces?: readonly string[] | undefined;
  readonly isPullOnly: boolean;
  readonly expiresAt?: number | undefined;
  readonly now: number;
}

const mostOfUser = 100;
/** In milliseconds. */
const noteInterval = 60_000;

/** We wrote it. */
const parseNamespaces = (json: string): readonly string[] => JSON.parse(json) as readonly string[];

const toToken = (row: Selectable<ApplicationTokensTable>): ApplicationToken => ({
  id: row.id,
  userId: row.user_id,
  name: row.name,
  namespaces: row.namespaces === null ? undefined : parseNamespaces(row.namespaces),
  isPullOnly: row.is_pull_only === 1,
  expiresAt: row.expires_at ?? undefined,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at ?? undefined,
});

/** A hundred for each user at most. */
export async function createApplicationToken(
  db: Kysely<Schema>,
  token: NewApplicationToken,
): Promise<ApplicationToken | 'taken' | 'unknown-user' | 'too-many'> {
  return changing(db, async (turn) => {
    const user = turn.selectFrom('users').select('id').where('id', '=', token.userId);
    if (!(await user.executeTakeFirst())) return 'unknown-user';
    const present = await listApplicationTokens(turn, token.userId);
    if (present.some(({name}) => name === token.name)) return 'taken';
    if (present.length >= mostOfUser) return 'too-many';
    const row: Selectable<ApplicationTokensTable> = {
      id: token.id,
      user_id: token.userId,
      name: token.name,
      hash: token.hash,
      namespaces: token.namespaces === undefined ? null : JSON.stringify(token.namespaces),
      is_pull_only: Number(token.isPullOnly),
      expires_at: token.expiresAt ?? null,
      created_at: token.now,
      last_used_at: null,
    };
    await turn.insertInto('application_tokens').values(row).execute();
    return toToken(row);
  });
}

/** With the hash, for the one place that compares it; expired ones, too. */
export async function findApplicationToken(
  db: Kysely<Schema>,
  id: string,
): Promise<{readonly token: ApplicationToken; readonly hash: string} | undefined> {
  const query = db.selectFrom('application_tokens').selectAll().where('id', '=', id);
  const row = await query.executeTakeFirst();
  return row && {token: toToken(row), hash: row.hash};
}

/** All of a user's, sorted by name. */
export async function listApplicationTokens(
  db: Kysely<Schema>,
  userId: string,
): Promise<readonly ApplicationToken[]> {
  const rows = await db
    .selectFrom('application_tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('name')
    .execute();
  return rows.map(toToken);
}

/** Notes it once a minute at most; no change that others must know of. */
export async function recordApplicationTokenUse(
  db: Kysely<Schema>,
  {id, now}: {readonly id: string; readonly now: number},
): Promise<void> {
  await db
    .updateTable('application_tokens')
    .set({last_used_at: now})
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<=', now - noteInterval)]),
    )
    .execute();
}

/** Takes the refresh tokens with it that were obtained by it. False: that user has no such token. */
export async function deleteApplicationToken(
  db: Kysely<Schema>,
  {id, userId}: {readonly id: string; readonly userId: string},
): Promise<boolean> {
  return changing(db, async (turn) => {
    const {numDeletedRows} = await turn
      .deleteFrom('application_tokens')
      .where('id', '=', id)
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  });
}

/** Removes those that expired before; answers how many. */
export async function purgeApplicationTokens(
  db: Kysely<Schema>,
  {expiredBefore}: {readonly expiredBefore: number},
): Promise<number> {
  const {numDeletedRows} = await db
    .deleteFrom('application_tokens')
    .where('expires_at', '<=', expiredBefore)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
