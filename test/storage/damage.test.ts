/** What is broken on the disk is answered as absent, never as something else, and mended by the next push. */
import {rm} from 'node:fs/promises';
import test from 'ava';
import {
  codesOf,
  type Content,
  errorsOf,
  getBytes,
  imageOf,
  indexOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {diskPath, filesBelow, keys, readKey, writeKey} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

interface Pushed {
  readonly layer: Content;
  readonly image: Content;
  readonly other: Content;
}

async function pushAll({api}: InProcess, {layer, image}: Pushed): Promise<void> {
  await pushImage(api, 'a', {tag: 'v1', layers: [layer]});
  await putManifest(api, 'a', image.digest, image).expect(201);
}

async function pushed(server: InProcess): Promise<Pushed> {
  const [layer, other] = [randomContent(1000), randomContent(1000)];
  const all = {layer, image: imageOf([layer]), other};
  await pushBlob(server.api, 'a', other);
  await pushAll(server, all);
  return all;
}

const places = {
  'the link of a blob': {
    key: ({layer}: Pushed) => keys.layer('a', layer.digest),
    path: ({layer}: Pushed) => `/v2/a/blobs/${layer.digest}`,
  },
  'the link of a revision': {
    key: ({image}: Pushed) => keys.revision('a', image.digest),
    path: ({image}: Pushed) => `/v2/a/manifests/${image.digest}`,
  },
  'the link of a tag': {
    key: () => keys.tag('a', 'v1'),
    path: () => '/v2/a/manifests/v1',
  },
  'the data of a blob': {
    key: ({layer}: Pushed) => keys.blob(layer.digest),
    path: ({layer}: Pushed) => `/v2/a/blobs/${layer.digest}`,
  },
  'the data of a manifest': {
    key: ({image}: Pushed) => keys.blob(image.digest),
    path: ({image}: Pushed) => `/v2/a/manifests/v1`.replace('v1', image.digest),
  },
} as const;
type Place = keyof typeof places;

const contents: Readonly<Record<string, (all: Pushed) => string | Buffer | undefined>> = {
  'is gone': () => undefined,
  'is empty': () => '',
  'is garbage': () => 'garbage',
  'ends in a newline': ({layer}) => `${layer.digest}\n`,
  'was cut': ({layer}) => layer.digest.slice(0, 70),
  'holds zeros': () => Buffer.alloc(71),
  'leads to another blob': ({other}) => other.digest,
  'leads nowhere': () => randomContent().digest,
  'is garbage of the same length': ({image}) => Buffer.alloc(image.bytes.length, 'x'),
  'is another manifest': () => imageOf([]).bytes,
};

const links = Object.keys(contents).slice(0, 8);
const damages: readonly (readonly [Place, readonly string[]])[] = [
  ['the link of a blob', links],
  ['the link of a revision', links],
  ['the link of a tag', links],
  ['the data of a blob', ['is gone', 'is empty']],
  [
    'the data of a manifest',
    ['is gone', 'is empty', 'is garbage', 'is garbage of the same length', 'is another manifest'],
  ],
];

const heals = test.macro({
  title: (_, place: Place, damage: string) =>
    `where ${place} ${damage} the answer is 404, and the next push mends it`,
  async exec(t, place: Place, damage: string) {
    const server = await startInProcess(t);
    const all = await pushed(server);
    const {key, path} = places[place];
    const content = contents[damage]?.(all);
    const good = await readKey(server, key(all));
    if (content === undefined) await rm(diskPath(server, key(all)));
    else await writeKey(server, key(all), content);

    t.is((await server.api.get(path(all))).status, 404);
    t.is((await server.api.head(path(all))).status, 404);
    const tells =
      damage !== 'is gone' && damage !== 'leads nowhere' && place !== 'the link of a tag';
    if (tells) t.true(server.log.some((line) => line['finding'] && line['key'] === key(all)));

    await pushAll(server, all);
    t.deepEqual(await readKey(server, key(all)), good);
    const answer = await getBytes(server.api, path(all)).expect(200);
    t.deepEqual(answer.body, place.includes('blob') ? all.layer.bytes : all.image.bytes);
  },
});

for (const [place, kinds] of damages) {
  for (const damage of kinds) test(heals, place, damage);
}

const trash = async (server: InProcess) => filesBelow(server, '_holdfast/trash');

test('a truncated blob is found by its size in a manifest: MANIFEST_BLOB_UNKNOWN, put aside, mended by a push', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const {layer, image} = await pushed(server);
  await writeKey(server, keys.blob(layer.digest), layer.bytes.subarray(0, 500));

  const refused = await putManifest(api, 'a', 'v2', image).expect(404);
  t.deepEqual(codesOf(refused), ['MANIFEST_BLOB_UNKNOWN']);
  t.is(errorsOf(refused)[0]?.detail?.['digest'], layer.digest);
  await api.head(`/v2/a/blobs/${layer.digest}`).expect(404);
  const [aside = ''] = await trash(server);
  t.regex(
    aside,
    new RegExp(`^\\d{4}-\\d\\d-\\d\\d/sha256-${layer.digest.slice(7)}-[0-9a-f-]{36}$`),
  );
  t.deepEqual(await readKey(server, `_holdfast/trash/${aside}`), layer.bytes.subarray(0, 500));

  await pushBlob(api, 'a', layer);
  await putManifest(api, 'a', 'v2', image).expect(201);
  const answer = await getBytes(api, `/v2/a/blobs/${layer.digest}`).expect(200);
  sameBytes(t, answer.body, layer.bytes);
});

for (const size of [0, 500, 2000]) {
  test(`a blob of 1000 bytes that lies there with ${size} is mended by a push alone, and put aside`, async (t) => {
    const server = await startInProcess(t);
    const {layer} = await pushed(server);
    const damaged = Buffer.alloc(size, 'x');
    await writeKey(server, keys.blob(layer.digest), damaged);
    await pushBlob(server.api, 'a', layer);
    const answer = await getBytes(server.api, `/v2/a/blobs/${layer.digest}`).expect(200);
    sameBytes(t, answer.body, layer.bytes);
    const aside = await trash(server);
    t.is(aside.length, 1);
    t.deepEqual(await readKey(server, `_holdfast/trash/${aside[0] ?? ''}`), damaged);
  });
}

for (const isChunked of [false, true]) {
  test(`a blob whose bytes have rotten, and are as many as ever, is mended by a push${isChunked ? ' in chunks' : ''}`, async (t) => {
    const server = await startInProcess(t);
    const {layer} = await pushed(server);
    await writeKey(server, keys.blob(layer.digest), Buffer.alloc(layer.bytes.length, 'x'));
    if (isChunked) {
      const location = await startUpload(server.api, 'a');
      await sendChunk(server.api, location, layer.bytes, 0).expect(202);
      await server.api.put(withDigest(location, layer.digest)).expect(201);
    } else await pushBlob(server.api, 'a', layer);
    const answer = await getBytes(server.api, `/v2/a/blobs/${layer.digest}`).expect(200);
    sameBytes(t, answer.body, layer.bytes);
    t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
  });
}

test('a manifest pushed twice at once, of which a truncated layer is found, answers 404 to both', async (t) => {
  const server = await startInProcess(t);
  const {layer, image} = await pushed(server);
  await writeKey(server, keys.blob(layer.digest), layer.bytes.subarray(0, 500));
  const answers = await Promise.all(
    ['v1', 'v2', 'v3', 'v4'].map(async (tag) => putManifest(server.api, 'a', tag, image)),
  );
  t.deepEqual(
    answers.map(({status}) => status),
    [404, 404, 404, 404],
  );
  t.is((await trash(server)).length, 1);
});

for (const [size, name] of [
  [500, 'digest'],
  [500, 'sha512'],
  [2000, 'digest'],
] as const) {
  test(`a blob of 1000 bytes that lies there with ${size} is not served by its ${name} after a restart, and mended by the next push`, async (t) => {
    const first = await startInProcess(t);
    const {layer} = await pushed(first);
    await pushBlob(first.api, 'a', {...layer, digest: layer[name]});
    await first.stop();
    await writeKey(first, keys.blob(layer.digest), Buffer.alloc(size, 'x'));

    const server = await startInProcess(t, {dataDir: first.dataDir});
    const path = `/v2/a/blobs/${layer[name]}`;
    const answers = await Promise.all([server.api.get(path), server.api.head(path)]);
    t.deepEqual(
      answers.map((answer) => answer.status),
      [404, 404],
    );
    const found = server.log.filter((line) => line['key'] === keys.blob(layer.digest));
    t.deepEqual(
      found.map(({finding}) => finding),
      [`the blob has ${size} bytes, and its digest is another`],
    );
    await pushBlob(server.api, 'a', layer);
    sameBytes(t, (await getBytes(server.api, path).expect(200)).body, layer.bytes);
    await server.api.get('/v2/a/manifests/v1').expect(200);
    t.is((await server.api.head(path)).status, 200);
  });
}

test('a manifest of another registry that tells a wrong size does not take a whole blob away', async (t) => {
  const server = await startInProcess(t);
  const {layer} = await pushed(server);
  const lie = imageOf([{...layer, descriptor: {...layer.descriptor, size: 7}}]);
  await writeKey(server, keys.blob(lie.digest), lie.bytes);
  await writeKey(server, keys.revision('b', lie.digest), lie.digest);
  await server.api.get(`/v2/b/manifests/${lie.digest}`).expect(200);
  const answer = await getBytes(server.api, `/v2/a/blobs/${layer.digest}`).expect(200);
  sameBytes(t, answer.body, layer.bytes);
  t.deepEqual(await trash(server), []);
});

test('an empty blob file can’t be mounted: the client is asked to push it', async (t) => {
  const server = await startInProcess(t);
  const {layer} = await pushed(server);
  await writeKey(server, keys.blob(layer.digest), '');
  for (const from of ['', '&from=a']) {
    const path = `/v2/b/blobs/uploads/?mount=${layer.digest}${from}`;
    t.is((await server.api.post(path)).status, 202);
  }
});

test('a child of an index that was truncated answers MANIFEST_BLOB_UNKNOWN, and pushed again it is whole', async (t) => {
  const server = await startInProcess(t);
  const {image} = await pushed(server);
  await writeKey(server, keys.blob(image.digest), image.bytes.subarray(0, 10));
  const refused = await putManifest(server.api, 'a', 'list', indexOf([image])).expect(404);
  t.deepEqual(codesOf(refused), ['MANIFEST_BLOB_UNKNOWN']);
  await putManifest(server.api, 'a', image.digest, image).expect(201);
  t.is((await putManifest(server.api, 'a', 'list', indexOf([image]))).status, 201);
});

test('a referrer whose bytes are damaged is left out of the list, the others stay', async (t) => {
  const server = await startInProcess(t);
  const {image} = await pushed(server);
  const fields = {subject: image.descriptor};
  const [broken, whole] = [indexOf([], fields), indexOf([], {...fields, annotations: {a: 'b'}})];
  for (const referrer of [broken, whole]) {
    await putManifest(server.api, 'a', referrer.digest, referrer).expect(201);
  }
  await writeKey(server, keys.blob(broken.digest), 'garbage');
  const answer = await server.api.get(`/v2/a/referrers/${image.digest}`).expect(200);
  const {manifests} = answer.body as {manifests: readonly {digest: string}[]};
  t.deepEqual(
    manifests.map(({digest}) => digest),
    [whole.digest],
  );
});

test('a damaged manifest can be deleted, with its tags', async (t) => {
  const server = await startInProcess(t);
  const {image} = await pushed(server);
  await writeKey(server, keys.blob(image.digest), 'garbage');
  await server.api.delete(`/v2/a/manifests/${image.digest}`).expect(202);
  t.is((await server.api.get('/v2/a/tags/list')).status, 404);
});

test('a sha512 link that leads nowhere answers 404 and is mended by a push', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest, sha512} = randomContent();
  const path = `/v2/a/blobs/uploads/?digest=${sha512}`;
  await sendBytes(server.api, 'post', path, bytes).expect(201);
  await writeKey(server, keys.layer('a', sha512), sha512);
  await server.api.get(`/v2/a/blobs/${sha512}`).expect(404);
  await sendBytes(server.api, 'post', path, bytes).expect(201);
  t.is((await readKey(server, keys.layer('a', sha512))).toString(), digest);
});
