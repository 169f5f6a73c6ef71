import {pathToFileURL} from 'node:url';
import path from 'node:path';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {sql} from 'kysely';
import type {Database} from '../../src/metadata/database.ts';
import {changing} from '../../src/metadata/revisions.ts';
import {SqliteThread} from '../../src/metadata/sqlite-thread.ts';
import {countPeople, listUsers} from '../../src/metadata/users.ts';
import {freshDatabase, freshFile, open, person} from './workbench.ts';

const program = pathToFileURL(path.join(import.meta.dirname, 'mortal-worker.ts'));
const mortal = async (t: ExecutionContext) =>
  (await open(t, {file: await freshFile(t), program})).db;

const die = async (db: Database['db']) => db.selectNoFrom(sql<string>`'die'`.as('word')).execute();

test('a thread that dies fails what was asked of it, and the next question starts another', async (t) => {
  const db = await mortal(t);
  await person(db, 'ada');
  const [death, ...answers] = await Promise.allSettled([die(db), countPeople(db), countPeople(db)]);
  t.like(death, {status: 'rejected', reason: {kind: 'thread-ended'}});
  for (const answer of answers) t.like(answer, {status: 'fulfilled', value: 1});
  await person(db, 'bob');
  t.is(await countPeople(db), 2);
});

test('what waits in a thread that dies is rejected with it', async (t) => {
  const file = await freshFile(t);
  await (await open(t, {file})).close();
  const thread = new SqliteThread({file, exclusive: false}, program);
  t.teardown(async () => thread.close());
  const ask = async (statement: string) =>
    thread.send({kind: 'query', sql: statement, parameters: [], within: false});
  const answers = await Promise.allSettled([ask("select 'die'"), ask('select 1'), ask('select 2')]);
  for (const answer of answers) {
    t.like(answer, {status: 'rejected', reason: {kind: 'thread-ended'}});
  }
  t.deepEqual((await ask('select 3 as number')).rows, [{number: 3}]);
});

test('a statement that comes after the end of its transaction is refused', async (t) => {
  const file = await freshFile(t);
  await (await open(t, {file})).close();
  const thread = new SqliteThread({file, exclusive: false});
  t.teardown(async () => thread.close());
  const ask = async (statement: string, within: boolean) =>
    thread.send({kind: 'query', sql: statement, parameters: [], within});
  await ask('begin immediate', false);
  await t.throwsAsync(ask('select 1', false), {message: 'a transaction is open'});
  await thread.send({kind: 'rollback'});
  await thread.send({kind: 'rollback'});
  await t.throwsAsync(ask('delete from users', true), {message: /has been ended/});
});

test('a transaction ends with its thread: nothing of it is committed, before or after', async (t) => {
  const db = await mortal(t);
  await person(db, 'ada');
  const error = await t.throwsAsync(
    changing(db, async (turn) => {
      await turn.updateTable('users').set({email: 'before'}).execute();
      await t.throwsAsync(die(turn));
      await turn.updateTable('users').set({email: 'after'}).execute();
      return true;
    }),
  );
  t.like(error, {kind: 'thread-ended'});
  t.is((await listUsers(db, {limit: 1}))[0]?.email, undefined);
});

test('a transaction that throws is undone, and what waited for it goes on', async (t) => {
  const db = await freshDatabase(t);
  const ada = await person(db, 'ada');
  const failed = changing(db, async (turn) => {
    await turn.deleteFrom('users').where('id', '=', ada.id).execute();
    throw new Error('no');
  });
  const count = countPeople(db);
  await t.throwsAsync(failed, {message: 'no'});
  t.is(await count, 1);
});

test('transactions of one process take turns', async (t) => {
  const db = await freshDatabase(t);
  const ada = await person(db, 'ada');
  await Promise.all(
    Array.from({length: 50}, async () =>
      db.transaction().execute(async (turn) => {
        const {generation} = await turn
          .selectFrom('users')
          .select('generation')
          .where('id', '=', ada.id)
          .executeTakeFirstOrThrow();
        await turn
          .updateTable('users')
          .set({generation: generation + 1})
          .execute();
      }),
    ),
  );
  t.is((await listUsers(db, {limit: 1}))[0]?.generation, ada.generation + 50);
});

test('a closed database says so', async (t) => {
  const {db, close} = await open(t, {file: await freshFile(t)});
  await close();
  await t.throwsAsync(countPeople(db), {message: /destroyed|is closed/});
});
