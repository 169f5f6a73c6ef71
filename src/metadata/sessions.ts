/** Sign-ins with a browser. They die of being left alone, and of old age. */
import type {Kysely, Selectable} from 'kysely';
import {makeRoom, purgeExpired, recordUse, type Use} from './lasting.ts';
import type {Schema, SessionsTable} from './schema.ts';
import {transact} from './transact.ts';

/** Without its hash. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** Of its user, when he signed in: it counts only while that is his. */
  readonly generation: number;
  readonly provider: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  /** From where he signed in; absent: nobody knows. */
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
  /** The browser keeps it when it is closed. */
  readonly isRemembered: boolean;
}

export interface NewSession {
  readonly id: string;
  readonly userId: string;
  readonly hash: string;
  readonly generation: number;
  readonly provider: string;
  readonly now: number;
  readonly expiresAt: number;
  readonly address?: string | undefined;
  /** Of 255 characters at most. */
  readonly userAgent?: string | undefined;
  readonly isRemembered?: boolean;
}

/** Of browsers; those left alone longest make room. */
const mostOfUser = 100;
/** In milliseconds: a use is not worth a write more often. */
const longestStep = 60_000;

const toSession = (row: Selectable<SessionsTable>): Session => ({
  id: row.id,
  userId: row.user_id,
  generation: row.generation,
  provider: row.provider,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  expiresAt: row.expires_at,
  address: row.address ?? undefined,
  userAgent: row.user_agent ?? undefined,
  isRemembered: row.remembered === 1,
});

/** False: the user is gone meanwhile. Durable when it resolves. */
export async function createSession(db: Kysely<Schema>, session: NewSession): Promise<boolean> {
  return transact(db, async (turn) => {
    const user = turn.selectFrom('users').select('id').where('id', '=', session.userId);
    if (!(await user.executeTakeFirst())) return false;
    await makeRoom(turn, 'sessions', {userId: session.userId, most: mostOfUser});
    const row: Selectable<SessionsTable> = {
      id: session.id,
      user_id: session.userId,
      hash: session.hash,
      generation: session.generation,
      provider: session.provider,
      created_at: session.now,
      last_used_at: session.now,
      expires_at: session.expiresAt,
      address: session.address ?? null,
      user_agent: session.userAgent ?? null,
      remembered: session.isRemembered === true ? 1 : 0,
    };
    await turn.insertInto('sessions').values(row).execute();
    return true;
  });
}

/** With the hash, for the one place that compares it. Expired ones are not found. */
export async function findSession(
  db: Kysely<Schema>,
  {id, now}: {readonly id: string; readonly now: number},
): Promise<{readonly session: Session; readonly hash: string} | undefined> {
  const query = db.selectFrom('sessions').selectAll().where('id', '=', id);
  const row = await query.where('expires_at', '>', now).executeTakeFirst();
  return row && {session: toSession(row), hash: row.hash};
}

/** Those that count, the one that was used last first. */
export async function listSessions(
  db: Kysely<Schema>,
  {
    userId,
    generation,
    now,
  }: {readonly userId: string; readonly generation: number; readonly now: number},
): Promise<readonly Session[]> {
  const rows = await db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('generation', '=', generation)
    .where('expires_at', '>', now)
    .orderBy('last_used_at', 'desc')
    .orderBy('id')
    .limit(mostOfUser)
    .execute();
  return rows.map(toSession);
}

/** Moves the end on, where that is worth a write. */
export const recordSessionUse = async (db: Kysely<Schema>, use: Use): Promise<void> =>
  recordUse(db, 'sessions', {...use, longestStep});

/** False: there is none. */
export async function deleteSession(db: Kysely<Schema>, id: string): Promise<boolean> {
  const {numDeletedRows} = await db.deleteFrom('sessions').where('id', '=', id).executeTakeFirst();
  return numDeletedRows > 0n;
}

/** That one of somebody, or all of his but one; answers how many. */
export async function deleteSessionsOf(
  db: Kysely<Schema>,
  {
    userId,
    only,
    except,
  }: {
    readonly userId: string;
    readonly only?: string | undefined;
    readonly except?: string | undefined;
  },
): Promise<number> {
  let query = db.deleteFrom('sessions').where('user_id', '=', userId);
  if (only !== undefined) query = query.where('id', '=', only);
  if (except !== undefined) query = query.where('id', '<>', except);
  return Number((await query.executeTakeFirst()).numDeletedRows);
}

/** Removes those that have expired; answers how many. */
export const purgeSessions = async (
  db: Kysely<Schema>,
  {now}: {readonly now: number},
): Promise<number> => purgeExpired(db, 'sessions', {now});
