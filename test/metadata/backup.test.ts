import {copyFile, open as openFile, readdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as pause} from 'node:timers/promises';
import {Worker} from 'node:worker_threads';
import test from 'ava';
import {sql} from 'kysely';
import {setAdmin} from '../../src/metadata/accounts.ts';
import {createApplicationToken} from '../../src/metadata/application-tokens.ts';
import {backUp} from '../../src/metadata/backup.ts';
import {readIndexState, writeIndexState} from '../../src/metadata/content/index-state.ts';
import {readDescription, writeDescription} from '../../src/metadata/content/notes.ts';
import {listRepositoryNames} from '../../src/metadata/content/repositories.ts';
import {copyDatabase} from '../../src/metadata/copy-database.ts';
import {clearTables, copyTables} from '../../src/metadata/copy-tables.ts';
import type {Database} from '../../src/metadata/database.ts';
import {migrateDatabase, openDatabase} from '../../src/metadata/database.ts';
import {allMigrations} from '../../src/metadata/migrations/all.ts';
import {removeMember} from '../../src/metadata/memberships.ts';
import {createRefreshToken, findRefreshToken} from '../../src/metadata/refresh-tokens.ts';
import {restore} from '../../src/metadata/restore.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {tables} from '../../src/metadata/tables.ts';
import {createTeam} from '../../src/metadata/teams.ts';
import {findUserByName, listUsers, setPassword} from '../../src/metadata/users.ts';
import {onEachEngine, onEachServer} from '../contract/engines.ts';
import {until} from '../support/raw-request.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {freshFile, made, now, open, person, repositoryName, teamName} from './workbench.ts';

type Db = Database['db'];

/** All rows of all tables, but for the counters. */
async function contentOf(db: Db): Promise<Readonly<Record<string, readonly string[]>>> {
  const found: Record<string, readonly string[]> = {};
  for (const {name} of tables) {
    if (name === 'revisions') continue;
    const rows: readonly object[] = await db.selectFrom(name).selectAll().execute();
    found[name] = rows.map((row) => JSON.stringify(Object.entries(row).toSorted())).toSorted();
  }
  return found;
}

const names = ['ada', 'bob', 'cyd'] as const;

/** People with odd facts, a team, tokens and enough rows for several statements. */
async function fill(db: Db): Promise<void> {
  for (const name of names) {
    await person(db, name, {displayName: `${name} 'ö"\\ 組 😀`, passwordHash: 'a hash'});
  }
  const user = await findUserByName(db, 'ada');
  const ownerId = user?.id ?? '';
  made(await createTeam(db, {name: teamName('The Crew! ö'), ownerId, now}));
  const token = {id: 'token', userId: ownerId, name: 'ci', hash: 'h', isPullOnly: true, now};
  made(await createApplicationToken(db, token));
  const refresh = {userId: ownerId, service: 's', clientId: 'c', hash: 'h', generation: 1, now};
  await createRefreshToken(db, {...refresh, id: 'refresh', expiresAt: now + 1e9});
  const leases = Array.from({length: 700}, (_, index) => ({
    token_id: `token-${index % 7}`,
    repository: `a/b-${index}`,
    expires_at: now + index,
  }));
  for (let start = 0; start < leases.length; start += 100) {
    await db
      .insertInto('upload_leases')
      .values(leases.slice(start, start + 100))
      .execute();
  }
}

onEachEngine('a backup holds everything, for its owner alone', async (t, engine) => {
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  await fill(db);
  const directory = await memoryDirectory(t);
  const file = join(directory, 'backup.db');
  const counted = await backUp(db, place, file);
  t.is(counted.find(({table}) => table === 'upload_leases')?.rows, 700);
  t.deepEqual(await readdir(directory), ['backup.db']);
  t.is((await stat(file)).mode & 0o777, 0o600);
  const before = await stat(file);
  await t.throwsAsync(backUp(db, place, file), {message: /is there already/});
  t.is((await stat(file)).ino, before.ino);
  const copy = await open(t, {file});
  t.deepEqual(await contentOf(copy.db), await contentOf(db));
});

/** Commits as often as it can, in a thread of its own. */
const committing = `
  const {workerData} = require('node:worker_threads');
  const Sqlite = require('better-sqlite3');
  const update = new Sqlite(workerData).prepare('update claims set created_at = created_at + 1 where name = 1');
  for (;;) update.run();
`;

test('a backup of a file ends, however often something is committed meanwhile', async (t) => {
  const file = await freshFile(t);
  const {db} = await open(t, {file});
  // Small pages: a copy takes many steps.
  await sql`pragma journal_mode = delete`.execute(db);
  await sql`pragma page_size = 512`.execute(db);
  await sql`vacuum`.execute(db);
  await sql`pragma journal_mode = wal`.execute(db);
  await sql`
    insert into claims (name, user_id, created_at)
    with recursive count(n) as (select 1 union all select n + 1 from count where n < 300)
    select n, hex(zeroblob(50000)), 0 from count
  `.execute(db);
  const worker = new Worker(committing, {eval: true, workerData: file});
  t.teardown(async () => worker.terminate());
  const changed = db.selectFrom('claims').select('name').where('created_at', '>', 0);
  await until(async () => (await changed.executeTakeFirst()) !== undefined);
  const done = backUp(db, {file}, join(await memoryDirectory(t), 'backup.db')).then(() => 'done');
  t.is(await Promise.race([done, pause(60_000, 'not done', {ref: false})]), 'done');
});

onEachEngine(
  'a backup that is put back replaces everything, while it is used',
  async (t, engine) => {
    const place = await engine.fresh(t);
    const {db} = await open(t, place);
    await fill(db);
    const directory = await memoryDirectory(t);
    const file = join(directory, 'backup.db');
    await backUp(db, place, file);
    const [ada, bob, cyd] = await listUsers(db, {limit: 3});
    if (!ada || !bob || !cyd) throw new Error('somebody is missing');
    await setPassword(db, {id: bob.id, passwordHash: 'another', now});
    await setPassword(db, {id: bob.id, passwordHash: 'a third', now});
    await db.deleteFrom('users').where('id', '=', cyd.id).execute();
    await person(db, 'dan');
    const revision = await readRevision(db);
    await restore(db, place, {file, directory});
    t.deepEqual(await readdir(directory), ['backup.db']);
    const after = await listUsers(db, {limit: 9});
    t.deepEqual(
      after.map(({name}) => name),
      [...names],
    );
    t.true((await readRevision(db)) > revision);
    // Who is as he was keeps his tokens; what was issued to the others counts no more.
    t.is(after[0]?.generation, ada.generation);
    t.is(after[1]?.generation, bob.generation + 3);
    t.true((after[2]?.generation ?? 0) > cyd.generation);
    t.truthy(await findRefreshToken(db, {id: 'refresh', now}));
  },
);

onEachEngine('a refresh token that was ended since the backup stays ended', async (t, engine) => {
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  await fill(db);
  const directory = await memoryDirectory(t);
  const file = join(directory, 'backup.db');
  await backUp(db, place, file);
  await db.deleteFrom('refresh_tokens').execute();
  await restore(db, place, {file, directory});
  t.is(await findRefreshToken(db, {id: 'refresh', now}), undefined);
});

onEachEngine('the index stays as it is, whatever the backup has of it', async (t, engine) => {
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  const state = async (startedAt: number, path: string) => {
    await writeIndexState(db, {startedAt, isComplete: true, repositories: 1});
    await db.deleteFrom('repositories').execute();
    await db.insertInto('repositories').values({path, tag_count: 0}).execute();
  };
  await state(1, 'then');
  await writeDescription(db, repositoryName('then'), {text: 'a', by: 'ada', at: now});
  const directory = await memoryDirectory(t);
  const file = join(directory, 'backup.db');
  await backUp(db, place, file);
  await state(2, 'now');
  await db.deleteFrom('repository_descriptions').execute();
  const counted = await restore(db, place, {file, directory});
  t.false(counted.some(({table}) => table === 'repositories'));
  t.like(await readIndexState(db), {startedAt: 2});
  t.deepEqual(await listRepositoryNames(db, {limit: 2}), [repositoryName('now')]);
  t.like(await readDescription(db, repositoryName('then')), {text: 'a'});
});

onEachServer('what others count meanwhile keeps no rows from being copied', async (t, engine) => {
  const {db: from} = await open(t, {file: await freshFile(t)});
  await fill(from);
  const {db} = await open(t, await engine.fresh(t));
  let count = 0;
  const slow = from.withPlugin({
    transformQuery: ({node}) => node,
    transformResult: async ({result}) => {
      const reference = `v${(count += 1)}`;
      const pulls = {path: 'a', reference, pulls: 1, last_pulled_at: 1};
      await db.insertInto('pulls').values(pulls).execute();
      return result;
    },
  });
  const counted = await db.transaction().execute(async (turn) => {
    await clearTables(turn);
    return copyTables(slow, turn);
  });
  t.like(
    counted.find(({table}) => table === 'upload_leases'),
    {rows: 700},
  );
});

onEachEngine('a backup is put back into an empty database, with all tokens', async (t, engine) => {
  const file = await freshFile(t);
  const source = await open(t, {file});
  await fill(source.db);
  const directory = await memoryDirectory(t);
  await backUp(source.db, {file}, join(directory, 'backup.db'));
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  await restore(db, place, {file: join(directory, 'backup.db'), directory});
  t.deepEqual(await contentOf(db), await contentOf(source.db));
});

onEachEngine('whose rights are others than in the backup gets new tokens', async (t, engine) => {
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  const [ada, bob] = [await person(db, 'ada'), await person(db, 'bob')];
  const {id: teamId} = made(await createTeam(db, {name: teamName('x'), ownerId: ada.id, now}));
  const row = {team_id: teamId, user_id: bob.id, role: 'viewer', created_at: now} as const;
  const directory = await memoryDirectory(t);
  const file = join(directory, 'backup.db');
  await backUp(db, place, file);
  await db.insertInto('memberships').values(row).execute();
  await restore(db, place, {file, directory});
  t.is((await findUserByName(db, 'bob'))?.generation, bob.generation + 1);
  t.is((await findUserByName(db, 'ada'))?.generation, ada.generation);
  t.is(await removeMember(db, {teamId, userId: bob.id}), 'unknown');
});

onEachEngine('what is no sound backup is refused, and nothing is changed', async (t, engine) => {
  const place = await engine.fresh(t);
  const {db} = await open(t, place);
  await fill(db);
  const content = await contentOf(db);
  const directory = await memoryDirectory(t);
  const at = (name: string): string => join(directory, name);
  await backUp(db, place, at('good.db'));
  await writeFile(at('text'), 'no database at all');
  await writeFile(at('empty'), '');
  await copyFile(at('good.db'), at('damaged'));
  const damaged = await openFile(at('damaged'), 'r+');
  // Behind the first page, which tells where the others are.
  for (let page = 2; page < 20; page += 1) await damaged.write('x'.repeat(2000), page * 4096);
  await damaged.close();
  const foreign = await open(t, {file: await freshFile(t)});
  await foreign.db.schema.dropTable('kysely_migration').execute();
  await foreign.db.schema.createTable('other').addColumn('x', 'text').execute();
  await backUpRaw(foreign.db, at('foreign'));
  const newer = {
    ...allMigrations({now: () => new Date(), rootVisibility: 'protected'}),
    '9999-next': {up: async () => Promise.resolve()},
  };
  await copyFile(at('good.db'), at('newer'));
  await migrateDatabase({file: at('newer'), migrations: newer});
  for (const [name, message] of [
    ['text', /is no backup/],
    ['empty', /is no backup/],
    ['damaged', /is damaged/],
    ['foreign', /is a database of another program/],
    ['newer', /newer version of Holdfast \(9999-next/],
    ['absent', /can't be used \(ENOENT\)/],
    ['', /is no backup/],
  ] as const) {
    const error = await t.throwsAsync(
      restore(db, place, {file: at(name), directory}),
      {message},
      name,
    );
    t.true(error.message.includes(at(name)) && !error.message.includes('restore-'), error.message);
  }
  t.deepEqual(await contentOf(db), content);
});

const backUpRaw = async (db: Db, file: string): Promise<void> => {
  await sql`vacuum into ${file}`.execute(db);
};

onEachEngine(
  'accounts are moved to another engine and back, each row as it was',
  async (t, engine) => {
    const file = await freshFile(t);
    const first = await openDatabase({file});
    await fill(first.db);
    const content = await contentOf(first.db);
    await first.close();
    const place = await engine.fresh(t);
    const steps: number[] = [];
    const onRows = (done: number, all: number): void => {
      steps.push(done / all);
    };
    const counted = await copyDatabase({from: {file}, to: place, replace: false, onRows});
    t.is(counted.find(({table}) => table === 'users')?.rows, 3);
    t.is(steps.at(-1), 1);
    const {db, close} = await openDatabase(place);
    t.deepEqual(await contentOf(db), content);
    const ada = await findUserByName(db, 'ada');
    t.is(await setAdmin(db, {id: ada?.id ?? '', isAdmin: true, now}), 'done');
    await close();
    await t.throwsAsync(copyDatabase({from: {file}, to: place, replace: false}), {
      message: /holds accounts: --replace/,
    });
    await t.throwsAsync(copyDatabase({from: place, to: place, replace: true}), {
      message: /is the source and the target/,
    });
    await copyDatabase({from: place, to: {file}, replace: true});
    const back = await open(t, {file});
    t.true((await findUserByName(back.db, 'ada'))?.isAdmin);
  },
);

test('a source that there is not is not made', async (t) => {
  const directory = await memoryDirectory(t);
  const from = {file: join(directory, 'absent.db')};
  const to = {file: join(directory, 'to.db')};
  await t.throwsAsync(copyDatabase({from, to, replace: false}), {message: /ENOENT/});
  t.deepEqual(await readdir(directory), []);
});
