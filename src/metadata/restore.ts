/** Puts a backup in place of what there is but the index, while it is used: in one transaction, all or nothing. */
import type {Kysely} from 'kysely';
import type {Row} from './batches.ts';
import {clearTables, copyTables, type Counted, type Passage} from './copy-tables.ts';
import {withCopy} from './database-file.ts';
import {type DatabasePlace, openDatabase, patiently} from './database.ts';
import {MetadataError} from './metadata-error.ts';
import {readRevision, setRevision} from './revisions.ts';
import type {Schema} from './schema.ts';
import {SqliteThread} from './sqlite-thread.ts';
import {tables} from './tables.ts';
import {transact} from './transact.ts';

/** The index stays: it tells of the storage as it is, and the backup of the storage as it was. */
const restored = tables.filter(({isOfIndex}) => !isOfIndex);

/** Of an account that is gone how far its generation had come is not known: farther than this no one comes. */
const farAhead = 1_000_000;

/** What is told of an account at most once a minute, and changes nothing of what it may. */
const passing = new Set(['last_login_at', 'updated_at', 'generation']);

const essence = (row: Row): string =>
  JSON.stringify(
    Object.entries(row)
      .filter(([column]) => !passing.has(column))
      .toSorted(),
  );

interface Present {
  readonly users: ReadonlyMap<string, {readonly generation: number; readonly essence: string}>;
  readonly memberships: ReadonlyMap<string, string>;
  readonly sessions: ReadonlySet<string>;
  readonly refreshTokens: ReadonlySet<string>;
  readonly revision: number;
}

async function membershipsIn(db: Kysely<Schema>): Promise<ReadonlyMap<string, string>> {
  const rows = await db
    .selectFrom('memberships')
    .select(['user_id', 'team_id', 'role'])
    .orderBy('user_id')
    .orderBy('team_id')
    .execute();
  const found = new Map<string, string>();
  for (const {user_id: user, team_id: team, role} of rows) {
    found.set(user, `${found.get(user) ?? ''} ${team}:${role}`);
  }
  return found;
}

async function presentIn(db: Kysely<Schema>): Promise<Present> {
  const users = await db.selectFrom('users').selectAll().execute();
  const sessions = await db.selectFrom('sessions').select('id').execute();
  const refreshTokens = await db.selectFrom('refresh_tokens').select('id').execute();
  return {
    users: new Map(
      users.map((user) => [user.id, {generation: user.generation, essence: essence({...user})}]),
    ),
    memberships: await membershipsIn(db),
    sessions: new Set(sessions.map(({id}) => id)),
    refreshTokens: new Set(refreshTokens.map(({id}) => id)),
    revision: await readRevision(db),
  };
}

/**
 * What was issued to an account that is not as it was counts no more. A session or a refresh token that has been ended since then stays ended;
 * into an empty database all of them come back.
 */
function passageOf(present: Present, then: ReadonlyMap<string, string>): Passage {
  const isEmpty = present.users.size === 0;
  return (table, row) => {
    const id = String(row['id']);
    if (isEmpty) return row;
    if (table === 'sessions') return present.sessions.has(id) ? row : undefined;
    if (table === 'refresh_tokens') return present.refreshTokens.has(id) ? row : undefined;
    if (table !== 'users') return row;
    const generation = Number(row['generation']);
    const now = present.users.get(id);
    if (!now) return {...row, generation: generation + farAhead};
    const isSame =
      now.generation === generation &&
      now.essence === essence(row) &&
      present.memberships.get(id) === then.get(id);
    return isSame ? row : {...row, generation: Math.max(now.generation, generation) + 1};
  };
}

/** Whether it is whole, and ours: before anything is done to it. */
async function requireOurs(copy: string): Promise<void> {
  const thread = new SqliteThread({file: copy, exclusive: true});
  const ask = async (query: string) =>
    (await thread.send({kind: 'query', sql: query, parameters: [], within: false})).rows;
  try {
    const [finding] = await ask('pragma integrity_check(1)');
    const isWhole = JSON.stringify(finding) === '{"integrity_check":"ok"}';
    const orphans = isWhole ? await ask('pragma foreign_key_check') : [];
    if (!isWhole || orphans.length > 0) {
      throw new MetadataError('damaged', `${copy} is damaged: take another backup`);
    }
    const found = await ask(
      "select name from sqlite_master where type = 'table' and name in ('kysely_migration', 'users', 'revisions')",
    );
    if (found.length === 3) return;
    throw new MetadataError('refused', `${copy} is a database of another program`);
  } finally {
    await thread.close();
  }
}

async function replaceAll(
  db: Kysely<Schema>,
  place: DatabasePlace,
  copy: string,
): Promise<readonly Counted[]> {
  await requireOurs(copy);
  const {db: from, close} = await openDatabase({file: copy, allowNetworkFileSystem: true});
  try {
    const then = await membershipsIn(from);
    const thenRevision = await readRevision(from);
    const replace = async (turn: Kysely<Schema>): Promise<readonly Counted[]> => {
      // Whoever changes something waits here, as in any change.
      await setRevision(turn, (await readRevision(turn)) + 1);
      const present = await presentIn(turn);
      await clearTables(turn, restored);
      const pass = passageOf(present, then);
      const counted = await copyTables(from, turn, {copied: restored, pass});
      await setRevision(turn, Math.max(present.revision, thenRevision) + 1);
      return counted;
    };
    return await patiently(db, place, async (slow) => transact(slow, replace));
  } finally {
    await close();
  }
}

/**
 * `file`: absolute. `directory`: for a copy, which is brought to the state of this version. Rejects with a MetadataError, and nothing was
 * changed: where the file is damaged, newer than this version, or none of ours.
 */
export async function restore(
  db: Kysely<Schema>,
  place: DatabasePlace,
  {file, directory}: {readonly file: string; readonly directory: string},
): Promise<readonly Counted[]> {
  return withCopy(file, directory, async (copy) => {
    try {
      return await replaceAll(db, place, copy);
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      const {kind, code, message} = error;
      // The copy is ours; the file is what they know.
      const text = message.replaceAll(copy, file);
      throw new MetadataError(kind, text, code === undefined ? {} : {code});
    }
  });
}
