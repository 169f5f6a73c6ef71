/** Manifests: what is kept, and how it is given back. */
import test from 'ava';
import {
  codesOf,
  config,
  contentOf,
  getBytes,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  strangeDigest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

test('a manifest comes back byte for byte, spaces and unknown fields and all', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const json = JSON.stringify(
    {schemaVersion: 2, 'org.example': [1.0, '\u2028é'], config: config.descriptor, layers: []},
    undefined,
    3,
  );
  const image = contentOf(`\r\n ${json}\n\n`, mediaTypes.image);
  await putManifest(api, 'a', 'v1', image).expect(201);
  for (const reference of ['v1', image.digest]) {
    const answer = await getBytes(api, `/v2/a/manifests/${reference}`).expect(200);
    sameBytes(t, answer.body, image.bytes);
    t.is(answer.get('Docker-Content-Digest'), image.digest);
  }
});

test('PUT of a manifest answers 201 with its Location and digest, by tag and by digest', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest, descriptor} = await pushImage(api, 'a/b');
  for (const reference of ['v1', digest]) {
    const answer = await putManifest(api, 'a/b', reference, {bytes, descriptor}).expect(201);
    t.is(answer.get('Location'), `/v2/a/b/manifests/${digest}`);
    t.is(answer.get('Docker-Content-Digest'), digest);
    t.is(answer.get('OCI-Subject'), undefined);
  }
});

const artifactType = 'application/vnd.example.thing.v1+json';
const noMediaType = {mediaType: undefined};

interface Kind {
  readonly contentType: string;
  readonly fields: object;
  readonly isIndex?: boolean;
}

const kinds: Readonly<Record<string, Kind>> = {
  'an OCI image': {contentType: mediaTypes.image, fields: {}},
  'an OCI image without mediaType': {contentType: mediaTypes.image, fields: noMediaType},
  'an OCI index': {contentType: mediaTypes.index, fields: {}, isIndex: true},
  'an OCI index without mediaType': {
    contentType: mediaTypes.index,
    fields: noMediaType,
    isIndex: true,
  },
  'a Docker image': {
    contentType: mediaTypes.dockerImage,
    fields: {mediaType: mediaTypes.dockerImage},
  },
  'a Docker image without mediaType': {contentType: mediaTypes.dockerImage, fields: noMediaType},
  'a Docker manifest list': {
    contentType: mediaTypes.dockerList,
    fields: {mediaType: mediaTypes.dockerList},
    isIndex: true,
  },
  'a Docker manifest list without mediaType': {
    contentType: mediaTypes.dockerList,
    fields: noMediaType,
    isIndex: true,
  },
  'an artifact': {contentType: artifactType, fields: {mediaType: artifactType}},
  'an artifact without mediaType': {contentType: artifactType, fields: noMediaType},
  'plain JSON': {contentType: 'application/json', fields: noMediaType},
};

for (const [kind, {contentType, fields, isIndex = false}] of Object.entries(kinds)) {
  test(`${kind} comes back with the Content-Type it was pushed with, by tag and by digest`, async (t) => {
    const server = await startInProcess(t);
    const {api} = server;
    const child = await pushImage(api, 'a');
    const {bytes, digest} = isIndex ? indexOf([child], fields) : imageOf([], fields);
    const descriptor = {mediaType: contentType, digest, size: bytes.length};
    await putManifest(api, 'a', 'v1', {bytes, descriptor}).expect(201);
    for (const reference of ['v1', digest]) {
      for (const accept of ['*/*', mediaTypes.dockerImage]) {
        const path = `/v2/a/manifests/${reference}`;
        const answer = await getBytes(api, path).set('Accept', accept).expect(200);
        t.is(answer.get('Content-Type'), contentType);
        sameBytes(t, answer.body, bytes);
      }
    }
    await server.stop();
    const after = await startInProcess(t, {dataDir: server.dataDir});
    t.is((await after.api.head('/v2/a/manifests/v1')).get('Content-Type'), contentType);
  });
}

test('parameters of the Content-Type are ignored, and not given back', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes} = await pushImage(api, 'a');
  await api
    .put('/v2/a/manifests/v1')
    .set('Content-Type', `${mediaTypes.image}; charset=utf-8`)
    .send(bytes.toString())
    .expect(201);
  t.is((await api.head('/v2/a/manifests/v1')).get('Content-Type'), mediaTypes.image);
});

test('of the same bytes pushed as two media types the last Content-Type holds', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const {bytes, descriptor} = imageOf([], noMediaType);
  for (const mediaType of [mediaTypes.dockerImage, mediaTypes.image, mediaTypes.dockerImage]) {
    await putManifest(api, 'a', 'v1', {bytes, descriptor: {...descriptor, mediaType}}).expect(201);
    t.is((await api.head('/v2/a/manifests/v1')).get('Content-Type'), mediaType);
  }
});

test('the same bytes may be of two media types in two repositories', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, descriptor} = imageOf([], noMediaType);
  const pairs = {a: mediaTypes.dockerImage, b: mediaTypes.image, c: artifactType};
  for (const [name, mediaType] of Object.entries(pairs)) {
    await pushBlob(api, name, config);
    await putManifest(api, name, 'v1', {bytes, descriptor: {...descriptor, mediaType}}).expect(201);
  }
  for (const [name, mediaType] of Object.entries(pairs)) {
    t.is((await api.head(`/v2/${name}/manifests/v1`)).get('Content-Type'), mediaType);
  }
});

test('HEAD of a manifest answers the headers of GET', async (t) => {
  const {api} = await startInProcess(t);
  const {digest, bytes} = await pushImage(api, 'a', {tag: 'v1'});
  for (const reference of ['v1', digest]) {
    const path = `/v2/a/manifests/${reference}`;
    const [get, head] = [await getBytes(api, path), await api.head(path).expect(200)];
    for (const name of ['Content-Length', 'Content-Type', 'ETag', 'Docker-Content-Digest']) {
      t.is(head.get(name), get.get(name), name);
    }
    t.is(head.get('Content-Length'), String(bytes.length));
    t.is(head.get('ETag'), `"${digest}"`);
  }
});

test('If-None-Match with the ETag answers 304, until the tag points elsewhere', async (t) => {
  const {api} = await startInProcess(t);
  const {digest} = await pushImage(api, 'a', {tag: 'v1'});
  const ask = async () => api.get('/v2/a/manifests/v1').set('If-None-Match', `"${digest}"`);
  t.is((await ask()).status, 304);
  await pushImage(api, 'a', {tag: 'v1', annotations: {is: 'another'}});
  t.is((await ask()).status, 200);
});

test('a tag that is pushed again points at the new manifest; the old one stays by its digest', async (t) => {
  const {api} = await startInProcess(t);
  const old = await pushImage(api, 'a', {tag: 'v1', annotations: {version: 'old'}});
  const young = await pushImage(api, 'a', {tag: 'v1', annotations: {version: 'young'}});
  sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1')).body, young.bytes);
  sameBytes(t, (await getBytes(api, `/v2/a/manifests/${old.digest}`)).body, old.bytes);
  t.deepEqual((await api.get('/v2/a/tags/list')).body, {name: 'a', tags: ['v1']});
});

test('a manifest pushed by sha512 is answered by sha512, by its tags, and by sha256', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, descriptor, digest, sha512} = imageOf([randomContent()], {layers: []});
  await pushBlob(api, 'a', config);
  const put = await putManifest(api, 'a', `${sha512}?tag=v1&tag=v2`, {bytes, descriptor});
  t.is(put.status, 201);
  t.is(put.get('Docker-Content-Digest'), sha512);
  t.is(put.get('Location'), `/v2/a/manifests/${sha512}`);
  for (const [reference, answered] of [
    [sha512, sha512],
    ['v1', sha512],
    ['v2', sha512],
    [digest, digest],
  ] as const) {
    const answer = await getBytes(api, `/v2/a/manifests/${reference}`).expect(200);
    sameBytes(t, answer.body, bytes);
    t.is(answer.get('Docker-Content-Digest'), answered);
  }
});

test('a manifest that is not there answers 404 MANIFEST_UNKNOWN, whether its repository is or not', async (t) => {
  const {api} = await startInProcess(t);
  await pushImage(api, 'a', {tag: 'v1'});
  for (const name of ['a', 'no/where']) {
    for (const reference of ['v2', strangeDigest]) {
      const path = `/v2/${name}/manifests/${reference}`;
      t.deepEqual(codesOf(await api.get(path).expect(404)), ['MANIFEST_UNKNOWN']);
      await api.head(path).expect(404);
    }
  }
});

test('a manifest of one repository can’t be read through another', async (t) => {
  const {api} = await startInProcess(t);
  const {digest} = await pushImage(api, 'a/b', {tag: 'v1'});
  for (const name of ['a', 'a/b/c', 'c']) {
    const answer = await api.get(`/v2/${name}/manifests/${digest}`).expect(404);
    t.deepEqual(codesOf(answer), ['MANIFEST_UNKNOWN']);
  }
});

test('a blob that is no manifest of the repository is not answered as one', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = imageOf([]);
  await pushBlob(api, 'a', contentOf(bytes));
  t.deepEqual(codesOf(await api.get(`/v2/a/manifests/${digest}`).expect(404)), [
    'MANIFEST_UNKNOWN',
  ]);
});
