/** PUT of a manifest by its digest, with tags beside it. */
import test from 'ava';
import {codesOf, getBytes, pushImage, putManifest, randomContent} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';

test('PUT by digest with ?tag= sets every tag and names each in an OCI-Tag header', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest, descriptor} = await pushImage(server.api, 'a');
  const tags = Array.from({length: 12}, (_, index) => `v${index}`);
  const {status, headers} = await rawRequest(server, {
    method: 'PUT',
    path: `/v2/a/manifests/${digest}?${tags.map((tag) => `tag=${tag}`).join('&')}`,
    headers: {'Content-Type': descriptor.mediaType},
    body: bytes,
  });
  t.is(status, 201);
  t.is(headers['oci-tag'], tags.join(', '));
  for (const tag of tags) {
    sameBytes(t, (await getBytes(server.api, `/v2/a/manifests/${tag}`)).body, bytes);
  }
});

test('PUT by digest without tags sets none and sends no OCI-Tag', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest, descriptor} = await pushImage(api, 'a');
  const answer = await putManifest(api, 'a', digest, {bytes, descriptor}).expect(201);
  t.is(answer.get('OCI-Tag'), undefined);
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: []});
});

test('100 tags in one request are accepted, 101 answer 414 and set none', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest, descriptor} = await pushImage(api, 'a');
  const query = (count: number) =>
    Array.from({length: count}, (_, index) => `tag=v${index}`).join('&');
  const answer = await putManifest(api, 'a', `${digest}?${query(101)}`, {bytes, descriptor});
  t.is(answer.status, 414);
  t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: []});
  await putManifest(api, 'a', `${digest}?${query(100)}`, {bytes, descriptor}).expect(201);
});

test('one bad tag among several answers 400 MANIFEST_INVALID and sets none', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest, descriptor} = await pushImage(api, 'a');
  for (const bad of ['.x', '', 'a'.repeat(129)]) {
    const path = `${digest}?tag=v1&tag=${bad}`;
    const answer = await putManifest(api, 'a', path, {bytes, descriptor}).expect(400);
    t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
  }
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: []});
});

test('?tag= beside a tag answers 400 MANIFEST_INVALID', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a');
  const answer = await putManifest(api, 'a', 'v1?tag=v2', image).expect(400);
  t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
});

test('PUT by another digest than that of the bytes answers 400 DIGEST_INVALID and sets no tag', async (t) => {
  const {api} = await startInProcess(t);
  const image = await pushImage(api, 'a');
  const {digest, sha512} = randomContent();
  for (const wrong of [digest, sha512]) {
    const answer = await putManifest(api, 'a', `${wrong}?tag=v1`, image).expect(400);
    t.deepEqual(codesOf(answer), ['DIGEST_INVALID']);
    await api.get(`/v2/a/manifests/${wrong}`).expect(404);
  }
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: []});
});
