/** The database fails under a running registry: what is pushed is there whole or refused whole, pulls go on, and the index catches up. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import Sqlite from 'better-sqlite3';
import {sql} from 'kysely';
import {run} from '../support/command.ts';
import {
  codesOf,
  errorsOf,
  getBytes,
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {openChanges, openIndexOf, requireAgreement} from '../support/content-index.ts';
import {layoutFiles} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';

const notRoot = process.getuid?.() === 0 ? [] : ['only root may mount'];

/** While the database can't be written nothing becomes visible, and all that is there is served. */
async function requireRefusals(
  t: ExecutionContext,
  server: InProcess,
  during: (work: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const {api} = server;
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [randomContent()]});
  const layer = randomContent();
  const next = imageOf([layer]);
  await pushBlob(api, 'a', layer);
  await pushBlob(api, 'b', layer);
  await api.get('/v2/_catalog').expect(200);
  await during(async () => {
    const before = await layoutFiles(server);
    const changes = [
      async () => putManifest(api, 'a', 'v1', next),
      async () => api.delete('/v2/a/manifests/v1'),
      async () => api.delete(`/v2/a/manifests/${image.digest}`),
    ];
    for (const change of changes) {
      const answer = await change();
      t.is(answer.status, 503);
      t.deepEqual(codesOf(answer), ['UNAVAILABLE']);
      t.regex(errorsOf(answer)[0]?.message ?? '', /nothing was changed; try again/);
      t.is(answer.get('Retry-After'), '5');
    }
    t.deepEqual(await layoutFiles(server), before);
    const answer = await getBytes(api, '/v2/a/manifests/v1').expect(200);
    sameBytes(t, answer.body, image.bytes);
    await api.get('/v2/a/tags/list').expect(200);
    t.deepEqual((await api.get('/v2/_catalog').expect(200)).body, {repositories: ['a']});
    // A blob is no news before a manifest names it.
    await pushBlob(api, 'a', randomContent());
  });
  await until(async () => (await putManifest(api, 'a', 'v1', next)).status === 201);
  await api.delete(`/v2/a/manifests/${image.digest}`).expect(202);
  await requireAgreement(t, server, await openIndexOf(t, server));
}

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
    await server.stop();
  },
);

test('a change that could not be brought into the index is found by the next start', async (t) => {
  const server = await startInProcess(t);
  const db = await openIndexOf(t, server);
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
  const db = await openIndexOf(t, server);
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
