/** A directory that another registry wrote, with all that lies about in it. */
import {mkdir} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {
  config,
  getBytes,
  imageOf,
  indexOf,
  mediaTypes,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {diskPath, filesBelow, keys, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {sameBytes} from '../support/same-bytes.ts';

const layer = randomContent();
const image = imageOf([layer]);
const list = indexOf([image], {mediaType: mediaTypes.dockerList});

/** Just what Distribution needs, written before Holdfast starts. */
async function distributionTree(t: ExecutionContext) {
  const place = {dataDir: await temporaryDirectory(t)};
  for (const {bytes, digest} of [layer, config, image, list]) {
    await writeKey(place, keys.blob(digest), bytes);
  }
  for (const {digest} of [layer, config]) {
    await writeKey(place, keys.layer('team/app', digest), digest);
  }
  for (const {digest} of [image, list]) {
    await writeKey(place, keys.revision('team/app', digest), digest);
  }
  await writeKey(place, keys.tag('team/app', 'v1'), list.digest);
  return place;
}

test('images that Distribution stored are served as they are, without a history or an index of tags', async (t) => {
  const {api} = await startInProcess(t, await distributionTree(t));
  const byTag = await getBytes(api, '/v2/team/app/manifests/v1').expect(200);
  sameBytes(t, byTag.body, list.bytes);
  t.is(byTag.get('Content-Type'), mediaTypes.dockerList);
  t.is(byTag.get('Docker-Content-Digest'), list.digest);
  const child = await getBytes(api, `/v2/team/app/manifests/${image.digest}`).expect(200);
  sameBytes(t, child.body, image.bytes);
  const blob = await getBytes(api, `/v2/team/app/blobs/${layer.digest}`).expect(200);
  sameBytes(t, blob.body, layer.bytes);
  t.deepEqual((await api.get('/v2/_catalog')).body, {repositories: ['team/app']});
  t.deepEqual((await api.get('/v2/team/app/tags/list')).body, {name: 'team/app', tags: ['v1']});
});

test('images that Distribution stored can be tagged, moved and deleted', async (t) => {
  const place = await distributionTree(t);
  const {api} = await startInProcess(t, place);
  await putManifest(api, 'team/app', 'v2', image).expect(201);
  await pushImage(api, 'team/app', {tag: 'v1'});
  await api.delete(`/v2/team/app/manifests/${list.digest}`).expect(202);
  const tags = ['v1', 'v2'];
  t.deepEqual((await api.get('/v2/team/app/tags/list')).body, {name: 'team/app', tags});
  await api.delete('/v2/team/app/manifests/v1').expect(202);
  const left = await filesBelow(place, `${keys.repository('team/app')}/_manifests/tags`);
  t.deepEqual([...new Set(left.map((file) => file.split('/')[0]))], ['v2']);
});

test('strange names on the disk are neither tags nor repositories, and stay', async (t) => {
  const place = await distributionTree(t);
  const repository = keys.repository('team/app');
  const strange = [
    `${repository}/_manifests/tags/a-file`,
    `${repository}/_manifests/tags/.hidden/current/link`,
    `${repository}/_manifests/tags/v1/current/link.5d3b.tmp`,
    `${repository}/_manifests/tags/-dash/current/link`,
    `${repository}/README`,
    `${keys.repository('UPPER')}/_manifests/revisions/sha256/x/link`,
    `${keys.repository('a--')}/_manifests/revisions/sha256/x/link`,
    `${keys.repository('lost+found')}/_manifests/revisions/sha256/x/link`,
    `${repository}/_manifests/revisions/sha256/${image.digest.slice(7)}/signatures/sha256/x/link`,
  ];
  for (const key of strange) await writeKey(place, key, list.digest);
  await mkdir(diskPath(place, `${repository}/_manifests/tags/untagged/current`), {recursive: true});
  const {api} = await startInProcess(t, place);
  t.deepEqual((await api.get('/v2/team/app/tags/list')).body, {name: 'team/app', tags: ['v1']});
  t.deepEqual((await api.get('/v2/_catalog')).body, {repositories: ['team/app']});
  await api.get('/v2/team/app/manifests/untagged').expect(404);
  await getBytes(api, '/v2/team/app/manifests/v1').expect(200);
  const files = await filesBelow(place, '');
  for (const key of strange) t.true(files.includes(key), key);
});

test('a repository whose manifests Distribution deleted has an empty list of tags', async (t) => {
  const place = await distributionTree(t);
  await mkdir(diskPath(place, `${keys.repository('old')}/_manifests/revisions`), {recursive: true});
  const {api} = await startInProcess(t, place);
  t.deepEqual((await api.get('/v2/old/tags/list').expect(200)).body, {name: 'old', tags: []});
  t.deepEqual((await api.get('/v2/_catalog')).body, {repositories: ['old', 'team/app']});
});

test('an upload that Distribution had begun is not ours, and is left alone until it expires', async (t) => {
  const place = await distributionTree(t);
  const upload = `${keys.uploads('team/app')}/11111111-2222-4333-8444-555555555555`;
  await writeKey(place, `${upload}/data`, 'bytes');
  await writeKey(place, `${upload}/startedat`, '2026-01-01T00:00:00Z');
  await writeKey(place, `${upload}/hashstates/sha256/0`, 'state');
  const {api} = await startInProcess(t, place);
  t.is(
    (await api.get('/v2/team/app/blobs/uploads/11111111-2222-4333-8444-555555555555')).status,
    404,
  );
  t.is((await filesBelow(place, upload)).length, 3);
});

for (const mediaType of ['application/x\r\nX-Evil: yes', 'größer', '', 'text/html']) {
  test(`a manifest that another registry stored with the media type ${JSON.stringify(mediaType)} is served, and as nothing that a browser would run`, async (t) => {
    const place = {dataDir: await temporaryDirectory(t)};
    const odd = imageOf([], {mediaType});
    await writeKey(place, keys.blob(odd.digest), odd.bytes);
    await writeKey(place, keys.revision('team/app', odd.digest), odd.digest);
    const {api, log} = await startInProcess(t, place);
    const answer = await getBytes(api, `/v2/team/app/manifests/${odd.digest}`).expect(200);
    t.true(odd.bytes.equals(answer.body as Buffer));
    t.is(answer.get('X-Evil'), undefined);
    t.regex(answer.get('Content-Type') ?? '', /^application\//);
    t.deepEqual(
      log.filter(({level}) => level === 'error'),
      [],
    );
  });
}
