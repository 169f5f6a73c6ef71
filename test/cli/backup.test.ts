/** `holdfast backup` and `holdfast restore`, with servers that are used meanwhile. */
import {readFile, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {basic, bearer, startWithAccounts} from '../support/accounts.ts';
import {
  type Content,
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  sendBytes,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {requireAgreement, openIndexOf} from '../support/content-index.ts';
import {keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {backupBench, filesIn, type Pushed, requirePull} from './backup-workbench.ts';

async function push(
  {api}: Pick<InProcess, 'api'>,
  name: string,
  tag: string,
  layers: readonly Content[] = [randomContent(5000)],
): Promise<Pushed> {
  return {name, tag, layers, image: await pushImage(api, name, {tag, layers})};
}

/** Pushes and deletes as fast as it can until it is told to end; answers what was acknowledged. */
async function load(
  server: InProcess,
  place: string,
  signal: AbortSignal,
): Promise<readonly Pushed[]> {
  const all: Pushed[] = [];
  for (let round = 0; !signal.aborted; round++) {
    const pushed = await push(server, `${place}/${round % 5}`, `v${round}`);
    all.push(pushed);
    // Of others than those that have to be there.
    const {tag, image} = pushed;
    const gone = [tag, image.digest, undefined][round % 3];
    if (gone === undefined) continue;
    await server.api.delete(`/v2/${pushed.name}/manifests/${gone}`).expect(202);
  }
  return all;
}

test('what was acknowledged before a backup began is in it, whatever is pushed and deleted meanwhile, and is pulled byte for byte from what was put back', async (t) => {
  const server = await startInProcess(t);
  const before: Pushed[] = [];
  for (let count = 0; count < 12; count++) {
    before.push(await push(server, `kept/${count % 4}`, `v${count}`));
  }
  const [child] = before;
  const ending = new AbortController();
  const loading = ['one', 'two'].map(async (place) => load(server, place, ending.signal));
  const {backup, restore, fresh} = await backupBench(t, server.dataDir);
  const made = await backup();
  ending.abort();
  const meanwhile = (await Promise.all(loading)).flat();
  t.true(meanwhile.length > 0);
  t.is(made.found, 0);
  t.like(await restore(), {state: 'fresh', findings: []});
  const again = await startInProcess(t, {dataDir: fresh});
  for (const pushed of before) await requirePull(t, again.api, pushed);
  await requireAgreement(t, again, openIndexOf(t, again));
  const when = (each: InProcess) =>
    stat(join(each.dataDir, 'registry', keys.tag(child?.name ?? '', child?.tag ?? ''))).then(
      ({mtimeMs}) => mtimeMs,
    );
  t.true(Math.abs((await when(server)) - (await when(again))) < 2);
});

test('whoever had an account logs in with the former password and tokens, and uploads are signed by the former secret', async (t) => {
  const server = await startWithAccounts(t);
  await server.person('anna', {admin: 'yes'});
  const applicationToken = await server.applicationToken('anna');
  const token = await server.token('anna', 'repository:anna/app:pull,push');
  const pushed = await push({api: server.as(bearer(token))}, 'anna/app', 'v1');
  const {backup, restore, fresh, backups} = await backupBench(t, server.dataDir);
  const {directory} = await backup();
  t.is((await stat(backups)).mode & 0o777, 0o700);
  for (const file of await filesIn(backups)) {
    const {mode} = await stat(join(backups, file));
    if (!file.includes('/certs/')) t.is(mode & 0o777, 0o600, file);
  }
  t.true((await filesIn(directory)).includes('keys/upload-secret'));
  await server.stop();
  await restore();
  const again = await startWithAccounts(t, {dataDir: fresh});
  await requirePull(t, again.as(bearer(token)), pushed);
  for (const secret of [undefined, applicationToken]) {
    await again.api.get('/auth/token').set('Authorization', basic('anna', secret)).expect(200);
  }
  const former = await readFile(join(server.dataDir, 'keys/upload-secret'));
  t.deepEqual(await readFile(join(fresh, 'keys/upload-secret')), former);
  const next = await again.token('anna', 'repository:anna/app:pull,push');
  await push({api: again.as(bearer(next))}, 'anna/app', 'v2');
});

test('a second backup copies what is new and nothing else, and each of both can be put back', async (t) => {
  const server = await startInProcess(t);
  const shared = randomContent(100_000);
  const first = await push(server, 'a', 'v1', [shared]);
  const {backup, restore, fresh, run, backups} = await backupBench(t, server.dataDir);
  const one = await backup();
  const layer = randomContent(7000);
  const second = await push(server, 'b/c', 'v1', [shared, layer]);
  await server.api.delete('/v2/a/manifests/v1').expect(202);
  const two = await backup();
  t.is(one.figures['copiedBytes'], one.figures['bytes']);
  t.like(two.figures, {
    copiedBlobs: 2,
    copiedBytes: layer.bytes.length + second.image.bytes.length,
  });
  t.like(await backup(), {figures: {copiedBlobs: 0, copiedBytes: 0}});
  t.is((await run('backup', 'verify', backups)).code, 0);
  const {stdout} = await run('backup', 'list', backups);
  t.deepEqual(
    stdout
      .split('\n')
      .slice(1, 3)
      .map((line) => line.slice(0, 22)),
    [one.set, two.set],
  );
  await server.stop();
  await restore(['--set', one.set]);
  const again = await startInProcess(t, {dataDir: fresh});
  await requirePull(t, again.api, first);
  await again.api.get('/v2/b/c/manifests/v1').expect(404);
});

test('a backup where no server runs has blobs by sha512, referrers, and what was pushed without a manifest', async (t) => {
  const server = await startInProcess(t);
  const layer = randomContent(300);
  await sendBytes(
    server.api,
    'put',
    withDigest(await startUpload(server.api, 'lone'), layer.sha512),
    layer.bytes,
  ).expect(201);
  const {image} = await push(server, 'a', 'v1');
  const hanging = imageOf([], {subject: image.descriptor});
  await pushBlob(server.api, 'a', randomContent(10));
  await putManifest(server.api, 'a', hanging.digest, hanging).expect(201);
  await server.stop();
  const {backup, restore, fresh} = await backupBench(t, server.dataDir);
  t.is((await backup(['--verify'])).found, 0);
  await restore();
  const again = await startInProcess(t, {dataDir: fresh});
  await again.api.get(`/v2/lone/blobs/${layer.sha512}`).expect(200);
  const answer = await again.api.get(`/v2/a/referrers/${image.digest}`).expect(200);
  t.like(answer.body as object, {manifests: [{digest: hanging.digest}]});
});

test('--keep takes away old backups with what only they need, and the newest is whole', async (t) => {
  const server = await startInProcess(t);
  const old = await push(server, 'a', 'v1');
  const {backup, run, backups} = await backupBench(t, server.dataDir);
  const one = await backup();
  await rm(join(server.dataDir, 'registry', keys.repository('a')), {recursive: true});
  const {image} = await push(server, 'b', 'v1');
  const two = await backup(['--keep', '1']);
  t.deepEqual(two.removed.sets, [one.set]);
  t.is(two.removed.bytes, old.image.bytes.length + 5000);
  t.is((await run('backup', 'verify', backups)).code, 0);
  t.true((await filesIn(backups)).some((file) => file.endsWith(image.digest.slice(7))));
});

/** A backup of one image, of which somebody changes a byte. */
async function damaged(t: ExecutionContext, path: (made: {set: string; pushed: Pushed}) => string) {
  const server = await startInProcess(t);
  const pushed = await push(server, 'a', 'v1');
  const other = await push(server, 'b', 'v1');
  await server.stop();
  const bench = await backupBench(t, server.dataDir);
  const {set} = await bench.backup();
  const file = join(bench.backups, path({set, pushed}));
  const bytes = await readFile(file);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await writeFile(file, bytes);
  return {...bench, pushed, other, set};
}

const shelfPath = (digest: string): string =>
  `content/sha256/${digest.slice(7, 9)}/${digest.slice(7)}`;

test('a blob that is damaged in a backup is named by verify and by restore, which puts back all others', async (t) => {
  const {run, backups, restore, fresh, pushed, other} = await damaged(t, (made) =>
    shelfPath(made.pushed.layers[0]?.digest ?? ''),
  );
  const digest = pushed.layers[0]?.digest ?? '';
  const verified = await run('backup', 'verify', backups);
  t.is(verified.code, 3);
  t.true(verified.stdout.includes(`${digest} (of a) is damaged`), verified.stdout);
  t.like(await restore([], 3), {findings: [{kind: 'damaged', repository: 'a', digest}]});
  const again = await startInProcess(t, {dataDir: fresh});
  await requirePull(t, again.api, other);
  await again.api.get(`/v2/a/blobs/${digest}`).expect(404);
});

test('a database that is damaged in a backup is found by verify, and nothing of that backup is put back', async (t) => {
  const {run, backups, fresh} = await damaged(t, ({set}) => `sets/${set}/database.db`);
  const verified = await run('backup', 'verify', backups);
  t.is(verified.code, 3);
  t.regex(verified.stdout, /: database\.db is damaged/);
  const {code, stderr} = await run('restore', backups, '--data-dir', fresh);
  t.is(code, 1);
  t.regex(stderr, /database\.db is damaged\), and nothing was put back: name another set/);
  await t.throwsAsync(stat(fresh), {code: 'ENOENT'});
});

test('what is missing or damaged in the registry itself is told by its backup, which ends with 3', async (t) => {
  const server = await startInProcess(t);
  const {layers} = await push(server, 'a', 'v1', [randomContent(400), randomContent(500)]);
  const whole = await push(server, 'b', 'v1');
  await server.stop();
  const [gone = '', wrong = ''] = layers.map(({digest}) => digest);
  const path = (digest: string) => join(server.dataDir, 'registry', keys.blob(digest));
  await rm(path(gone));
  await writeFile(path(wrong), 'something else');
  const {backup, restore, fresh} = await backupBench(t, server.dataDir);
  const made = await backup([], 3);
  t.deepEqual(made.findings.map(({kind, digest}) => [kind, digest]).toSorted(), [
    ['damaged', wrong],
    ['missing', gone],
  ]);
  await restore([], 3);
  const again = await startInProcess(t, {dataDir: fresh});
  await requirePull(t, again.api, whole);
});
