/** Deleting tags and manifests. */
import test from 'ava';
import {
  codesOf,
  config,
  getBytes,
  imageOf,
  pushBlob,
  pushImage,
  putManifest,
  strangeDigest,
} from '../support/content.ts';
import {filesBelow, keys, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {countOpenings} from '../support/openings.ts';
import {sameBytes} from '../support/same-bytes.ts';

test('DELETE of a tag answers 202 and takes that tag alone: its siblings and the manifest stay', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a', {tag: 'v1'});
  await putManifest(api, 'a', 'v2', image).expect(201);
  await api.delete('/v2/a/manifests/v1').expect(202);
  t.deepEqual(codesOf(await api.get('/v2/a/manifests/v1').expect(404)), ['MANIFEST_UNKNOWN']);
  for (const reference of ['v2', image.digest]) {
    sameBytes(t, (await getBytes(api, `/v2/a/manifests/${reference}`)).body, image.bytes);
  }
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: ['v2']});
});

test('DELETE of a repository’s last tag leaves an empty list of tags', async (t) => {
  const {api} = await startInProcess(t);
  await pushImage(api, 'a', {tag: 'v1'});
  await api.delete('/v2/a/manifests/v1').expect(202);
  t.deepEqual((await api.get('/v2/a/tags/list').expect(200)).body, {name: 'a', tags: []});
});

test('a deleted tag can be set again', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a', {tag: 'v1'});
  await api.delete('/v2/a/manifests/v1').expect(202);
  await putManifest(api, 'a', 'v1', image).expect(201);
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1').expect(200)).body, image.bytes);
});

test('DELETE by digest answers 202 and takes the manifest with all its tags, and no others', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a', {tag: 'v1'});
  await putManifest(api, 'a', 'v2', image).expect(201);
  const other = await pushImage(api, 'a', {tag: 'v3', annotations: {is: 'another'}});
  await api.delete(`/v2/a/manifests/${image.digest}`).expect(202);
  for (const reference of ['v1', 'v2', image.digest]) {
    const answer = await api.get(`/v2/a/manifests/${reference}`).expect(404);
    t.deepEqual(codesOf(answer), ['MANIFEST_UNKNOWN']);
  }
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v3')).body, other.bytes);
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: ['v3']});
});

test('a manifest deleted from one repository stays in another', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a', {tag: 'v1'});
  await pushImage(api, 'b', {tag: 'v1'});
  await api.delete(`/v2/a/manifests/${image.digest}`).expect(202);
  sameBytes(t, (await getBytes(api, '/v2/b/manifests/v1').expect(200)).body, image.bytes);
});

for (const by of ['digest', 'sha512'] as const) {
  test(`a manifest pushed by both digests is gone under both when it is deleted by its ${by}`, async (t) => {
    const server = await startInProcess(t);
    const {api} = server;
    await pushBlob(api, 'a', config);
    const image = imageOf([]);
    await putManifest(api, 'a', `${image.sha512}?tag=long`, image).expect(201);
    await putManifest(api, 'a', `${image.digest}?tag=short`, image).expect(201);
    await api.delete(`/v2/a/manifests/${image[by]}`).expect(202);
    for (const reference of [image.digest, image.sha512, 'long', 'short']) {
      t.is((await api.head(`/v2/a/manifests/${reference}`)).status, 404, reference);
    }
    t.deepEqual(await filesBelow(server, `${keys.repository('a')}/_manifests`), []);
  });
}

test('DELETE of what is not there answers 404: MANIFEST_UNKNOWN, or NAME_UNKNOWN without the repository', async (t) => {
  const {api} = await startInProcess(t);
  await pushImage(api, 'a', {tag: 'v1'});
  for (const [name, code] of [
    ['a', 'MANIFEST_UNKNOWN'],
    ['no/where', 'NAME_UNKNOWN'],
  ] as const) {
    for (const reference of ['v2', strangeDigest]) {
      const answer = await api.delete(`/v2/${name}/manifests/${reference}`).expect(404);
      t.deepEqual(codesOf(answer), [code]);
    }
  }
});

test('a second DELETE of a manifest answers 404', async (t) => {
  const {api} = await startInProcess(t);
  const {digest} = await pushImage(api, 'a');
  await pushImage(api, 'a', {tag: 'stays', annotations: {is: 'another'}});
  await api.delete(`/v2/a/manifests/${digest}`).expect(202);
  const answer = await api.delete(`/v2/a/manifests/${digest}`).expect(404);
  t.deepEqual(codesOf(answer), ['MANIFEST_UNKNOWN']);
});

test('the last manifest takes its repository with it: no tags list, no place in the catalogue', async (t) => {
  const {api} = await startInProcess(t);
  const {digest} = await pushImage(api, 'a/b', {tag: 'v1'});
  await pushImage(api, 'a', {tag: 'v1'});
  await api.delete(`/v2/a/b/manifests/${digest}`).expect(202);
  t.deepEqual(codesOf(await api.get('/v2/a/b/tags/list').expect(404)), ['NAME_UNKNOWN']);
  t.deepEqual((await api.get('/v2/_catalog')).body, {repositories: ['a']});
});

test('DELETE of a manifest looks at many tags at once', async (t) => {
  const openings = countOpenings((path) => path.endsWith('/current/link'));
  const server = await startInProcess(t, {system: openings.system});
  const {api} = server;
  const image = await pushImage(api, 'a', {tag: 'v1'});
  const other = await pushImage(api, 'a', {tag: 'other', annotations: {other: 'x'}});
  for (let count = 0; count < 100; count += 1)
    await writeKey(server, keys.tag('a', `t${count}`), other.digest);
  await writeKey(server, keys.tag('a', 'v2'), image.digest);
  openings.forget();
  await api.delete(`/v2/a/manifests/${image.digest}`).expect(202);
  t.true(openings.most() >= 50, `${openings.most()}`);
  const {tags} = (await api.get('/v2/a/tags/list').expect(200)).body as {tags: readonly string[]};
  t.is(tags.length, 101);
  t.false(tags.includes('v1') || tags.includes('v2'));
});
