/** The database fails under a running registry: what is pushed is there whole or refused whole, pulls go on, and the index catches up. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import Sqlite from 'better-sqlite3';
import {sql} from 'kysely';
import {run} from '../support/command.ts';
import {pushImage} from '../support/content.ts';
import {openChanges, openIndexOf, requireAgreement} from '../support/content-index.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {requireRefusals} from './refusals.ts';

const notRoot = process.getuid?.() === 0 ? [] : ['only root may mount'];

test('while another program holds the database pushes and deletes are answered 503, and pulls go on', async (t) => {
  t.timeout(120_000);
  const server = await startInProcess(t);
  await requireRefusals(t, server, async (work) => {
    const other = new Sqlite(path.join(server.dataDir, 'database/holdfast.db'));
    other.exec('begin immediate');
    await work();
    other.exec('rollback');
    other.close();
  });
  await requireAgreement(t, server, openIndexOf(t, server));
});

testUnless(
  notRoot,
  'while the disk of the database is full pushes and deletes are answered 503, and pulls go on',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const disk = path.join(dataDir, 'database');
    await mkdir(disk, {mode: 0o700});
    await run('mount', ['-t', 'tmpfs', '-o', 'size=4m,mode=700', 'tmpfs', disk]);
    const server = await startInProcess(t, {dataDir});
    const filler = path.join(disk, 'filler');
    await requireRefusals(t, server, async (work) => {
      await t.throwsAsync(writeFile(filler, Buffer.alloc(8_000_000)), {code: 'ENOSPC'});
      await work();
      await rm(filler);
    });
    await requireAgreement(t, server, openIndexOf(t, server));
    await server.stop();
  },
);

test('a change that could not be brought into the index is found by the next start', async (t) => {
  const server = await startInProcess(t);
  const db = openIndexOf(t, server);
  await sql`create trigger broken before insert on tags begin select raise(abort, 'no'); end`.execute(
    db,
  );
  await pushImage(server.api, 'a', {tag: 'v1'});
  const isTold = () =>
    server.log.some(
      ({level, msg}) => level === 'error' && msg === 'change not brought into the index',
    );
  await until(isTold);
  t.is((await openChanges(db)).length, 1);
  await sql`drop trigger broken`.execute(db);
  await pushImage(server.api, 'b', {tag: 'v1'});
  await server.stop();

  const next = await startInProcess(t, {dataDir: server.dataDir});
  await requireAgreement(t, next, db);
});

test('a row of the outbox that nobody can read is as good as the whole repository', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1'});
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  await server.stop();
  await db.deleteFrom('tags').execute();
  const row = {id: 'x', path: 'a', actor: null, created_at: 1};
  await db
    .insertInto('outbox')
    .values({...row, digests: '{"no":', tags: '["../.."]'})
    .execute();
  const next = await startInProcess(t, {dataDir: server.dataDir});
  await until(async () => (await openChanges(db)).length === 0);
  t.is((await db.selectFrom('tags').selectAll().execute()).length, 1);
  await next.stop();
});
