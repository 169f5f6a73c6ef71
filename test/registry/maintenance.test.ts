/** Registries that refuse to be changed. */
import test from 'ava';
import {
  codesOf,
  getBytes,
  pushImage,
  randomContent,
  sendBytes,
  startUpload,
  strangeDigest,
  withDigest,
} from '../support/content.ts';
import {layoutFiles} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';

test('with maintenance.readonly every write answers 405 UNSUPPORTED, and nothing changes', async (t) => {
  const before = await startInProcess(t);
  const layer = randomContent();
  const image = await pushImage(before.api, 'a', {tag: 'v1', layers: [layer]});
  const location = await startUpload(before.api, 'a');
  await before.stop();
  const maintenance = {readonly: true};
  const server = await startInProcess(t, {dataDir: before.dataDir, maintenance});
  const files = await layoutFiles(server);
  const body = randomContent();
  const headers = {'Content-Type': image.descriptor.mediaType};
  for (const {status, body: answered} of [
    await rawRequest(server, {method: 'POST', path: '/v2/a/blobs/uploads/'}),
    await rawRequest(server, {
      method: 'POST',
      path: `/v2/a/blobs/uploads/?digest=${body.digest}`,
      body: body.bytes,
    }),
    await rawRequest(server, {
      method: 'POST',
      path: `/v2/b/blobs/uploads/?mount=${layer.digest}&from=a`,
    }),
    await rawRequest(server, {method: 'PATCH', path: location, body: body.bytes}),
    await rawRequest(server, {
      method: 'PUT',
      path: withDigest(location, body.digest),
      body: body.bytes,
    }),
    await rawRequest(server, {method: 'DELETE', path: location}),
    await rawRequest(server, {
      method: 'PUT',
      path: '/v2/a/manifests/v2',
      headers,
      body: image.bytes,
    }),
    await rawRequest(server, {method: 'DELETE', path: '/v2/a/manifests/v1'}),
    await rawRequest(server, {method: 'DELETE', path: `/v2/a/manifests/${image.digest}`}),
    await rawRequest(server, {method: 'DELETE', path: `/v2/a/blobs/${layer.digest}`}),
  ]) {
    t.is(status, 405);
    t.deepEqual(codesOf({body: answered}), ['UNSUPPORTED']);
  }
  t.deepEqual(await layoutFiles(server), files);
});

test('with maintenance.readonly reads go on', async (t) => {
  const before = await startInProcess(t);
  const layer = randomContent();
  const image = await pushImage(before.api, 'a', {tag: 'v1', layers: [layer]});
  const location = await startUpload(before.api, 'a');
  await before.stop();
  const maintenance = {readonly: true};
  const {api} = await startInProcess(t, {dataDir: before.dataDir, maintenance});
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1').expect(200)).body, image.bytes);
  sameBytes(t, (await getBytes(api, `/v2/a/blobs/${layer.digest}`).expect(200)).body, layer.bytes);
  for (const path of [
    '/v2/',
    '/v2/a/tags/list',
    '/v2/_catalog',
    `/v2/a/referrers/${image.digest}`,
  ]) {
    t.is((await api.get(path)).status, 200, path);
  }
  t.is((await api.get(location)).status, 204);
});

test('with storage.delete false deletions answer 405 UNSUPPORTED, and all stays', async (t) => {
  const {api} = await startInProcess(t, {storage: {delete: false}});
  const layer = randomContent();
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [layer]});
  for (const path of [
    '/v2/a/manifests/v1',
    `/v2/a/manifests/${image.digest}`,
    `/v2/a/manifests/${strangeDigest}`,
    `/v2/a/blobs/${layer.digest}`,
    '/v2/no/where/manifests/v1',
  ]) {
    const answer = await api.delete(path).expect(405);
    t.deepEqual(codesOf(answer), ['UNSUPPORTED'], path);
    t.regex(answer.text, /storage\.delete is false/);
  }
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1').expect(200)).body, image.bytes);
  await api.get(`/v2/a/blobs/${layer.digest}`).expect(200);
});

test('with storage.delete false pushes go on, tags can be moved and uploads given up', async (t) => {
  const {api} = await startInProcess(t, {storage: {delete: false}});
  await pushImage(api, 'a', {tag: 'v1'});
  const young = await pushImage(api, 'a', {tag: 'v1', annotations: {is: 'another'}});
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1')).body, young.bytes);
  const location = await startUpload(api, 'a');
  await sendBytes(api, 'patch', location, Buffer.from('x')).expect(202);
  await api.delete(location).expect(204);
});
