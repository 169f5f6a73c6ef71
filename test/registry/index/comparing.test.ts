/** A comparison finds what others have added to the storage or taken away, and touches nothing there. */
import {cp, rm} from 'node:fs/promises';
import test from 'ava';
import {pushImage, putManifest, randomContent, strangeDigest} from '../../support/content.ts';
import {
  compareNow,
  inIndex,
  openIndexOf,
  operate,
  requireAgreement,
} from '../../support/content-index.ts';
import {diskPath, keys, layoutFiles, readKey, writeKey} from '../../support/disk.ts';
import {startInProcess} from '../../support/in-process.ts';
import {until} from '../../support/raw-request.ts';
import {memoryDirectory} from '../../support/temporary-directory.ts';

test('what another registry has pushed, moved and deleted on the same directory is found, and the storage stays as it is', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  for (const name of ['a', 'a/b', 'a-b', 'c']) {
    await pushImage(api, name, {tag: 'v1', layers: [randomContent()]});
  }
  const moved = await pushImage(api, 'c', {tag: 'v2', layers: [randomContent()]});
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);

  await cp(diskPath(server, keys.repository('c')), diskPath(server, keys.repository('b/new')), {
    recursive: true,
  });
  await rm(diskPath(server, `${keys.repository('a-b')}/_manifests`), {recursive: true});
  await rm(diskPath(server, keys.tag('c', 'v1')), {recursive: true});
  await rm(diskPath(server, `${keys.repository('a')}/_manifests/tags/v1`), {recursive: true});
  await writeKey(server, keys.tag('c', 'v3'), moved.digest);
  const before = await layoutFiles(server);

  const {last} = await compareNow(server);
  t.like(last, {repositories: 4, tags: 5, manifests: 2});
  t.deepEqual(await layoutFiles(server), before);
  await requireAgreement(t, server, db);
  t.deepEqual((await api.get('/v2/_catalog').expect(200)).body, {
    repositories: ['a', 'a/b', 'b/new', 'c'],
  });
  t.like((await compareNow(server)).last, {repositories: 4, tags: 0, manifests: 0});
});

test('a directory with images and no database is served at once, and its index made meanwhile', async (t) => {
  const former = await startInProcess(t);
  for (const name of ['a', 'b', 'c']) {
    await pushImage(former.api, name, {tag: 'v1', layers: [randomContent()]});
  }
  await former.stop();
  await rm(`${former.dataDir}/database`, {recursive: true});

  const server = await startInProcess(t, {dataDir: former.dataDir});
  t.deepEqual((await server.api.get('/v2/_catalog').expect(200)).body, {
    repositories: ['a', 'b', 'c'],
  });
  await until(async () => (await operate(server, 'index status')).state === 'complete');
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  // When it came there is known from the files.
  const rows = await db.selectFrom('tags').select('pushed_at').execute();
  for (const {pushed_at: at} of rows) t.true(Math.abs(at - Date.now()) < 120_000);
});

test('a stop does not wait for a comparison', async (t) => {
  const dataDir = await memoryDirectory(t);
  const names = Array.from({length: 2400}, (_, at) => `g${at % 50}/r${at}`);
  for (const name of names) await writeKey({dataDir}, keys.tag(name, 'v1'), strangeDigest);
  const first = await startInProcess(t, {dataDir});
  await until(async () => ((await operate(first, 'index status')).running?.repositories ?? 0) > 0);
  await first.stop();
  t.false(first.log.some(({msg}) => msg === 'index compared with the storage'));
});

test('pushes and deletes that go on during comparisons are not undone by them', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const db = openIndexOf(t, server);
  const names = Array.from({length: 4}, (_, at) => `team/r${at}`);
  let isOver = false;
  const change = async (name: string): Promise<void> => {
    for (let round = 0; !isOver; round += 1) {
      const image = await pushImage(api, name, {tag: 'v1', layers: [randomContent()]});
      await putManifest(api, name, `t${round % 5}`, image).expect(201);
      if (round % 3 === 2) await api.delete(`/v2/${name}/manifests/${image.digest}`).expect(202);
      const answer = await api.get('/v2/_catalog').expect(200);
      const listed = (answer.body as {repositories: readonly string[]}).repositories;
      const isThere = (await api.get(`/v2/${name}/tags/list`)).status === 200;
      t.is(listed.includes(name), isThere, `${name} in round ${round}`);
    }
  };
  const changing = Promise.all(names.map(change));
  for (let count = 0; count < 5; count += 1) await compareNow(server);
  isOver = true;
  await changing;
  await requireAgreement(t, server, db);
});

test('lists come out of the storage where the database does not answer', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1'});
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  await db.schema.alterTable('repositories').renameTo('hidden').execute();
  t.deepEqual((await server.api.get('/v2/_catalog').expect(200)).body, {repositories: ['a']});
  await db.schema.alterTable('hidden').renameTo('repositories').execute();
  t.true('a' in (await inIndex(db)));
});

test('a link that is damaged counts as a tag that is not there', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1', layers: [randomContent()]});
  const image = await pushImage(server.api, 'a', {tag: 'v2', layers: [randomContent()]});
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  await writeKey(server, keys.tag('a', 'v1'), 'nonsense');
  t.like((await compareNow(server)).last, {tags: 1});
  t.deepEqual((await inIndex(db))['a']?.tags, {v2: image.digest});
  t.is(String(await readKey(server, keys.tag('a', 'v1'))), 'nonsense');
});
