/** The exact files that a push leaves: Distribution has to be able to read them. */
import {stat} from 'node:fs/promises';
import test from 'ava';
import {
  config,
  emptyContent,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
} from '../support/content.ts';
import {diskPath, filesBelow, keys, layoutFiles, readKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

const layout = 'docker/registry/v2';
const hex = (digest: string): string => digest.slice(digest.indexOf(':') + 1);
const blobFile = (digest: string) =>
  `${layout}/blobs/sha256/${hex(digest).slice(0, 2)}/${hex(digest)}/data`;

test('after the push of an image the tree holds exactly these files', async (t) => {
  const server = await startInProcess(t);
  const layer = randomContent();
  const image = await pushImage(server.api, 'a/b', {tag: 'v1', layers: [layer]});
  const repository = `${layout}/repositories/a/b`;
  const manifests = `${repository}/_manifests`;
  const files = await layoutFiles(server);
  const history = files.filter((file) => file.includes('/_history/'));
  t.is(history.length, 1);
  t.regex(
    history[0] ?? '',
    new RegExp(
      `^${repository}/_history/v1/\\d{4}-\\d\\d-\\d\\dT\\d{6}\\.\\d{3}Z-sha256-${hex(image.digest)}$`,
    ),
  );
  t.deepEqual(
    files.filter((file) => !history.includes(file)),
    [
      ...[image, layer, config].map(({digest}) => blobFile(digest)),
      ...[layer, config].map(({digest}) => `${repository}/_layers/sha256/${hex(digest)}/link`),
      `${manifests}/revisions/sha256/${hex(image.digest)}/link`,
      `${manifests}/tags/v1/current/link`,
      `${manifests}/tags/v1/index/sha256/${hex(image.digest)}/link`,
    ].sort(),
  );
});

test('every link holds the 71 bytes of a sha256 digest, without a newline', async (t) => {
  const server = await startInProcess(t);
  const layer = randomContent();
  const image = await pushImage(server.api, 'a', {tag: 'v1', layers: [layer]});
  for (const [key, digest] of [
    [keys.layer('a', layer.digest), layer.digest],
    [keys.revision('a', image.digest), image.digest],
    [keys.tag('a', 'v1'), image.digest],
    [keys.tagIndex('a', 'v1', image.digest), image.digest],
  ] as const) {
    const text = await readKey(server, key);
    t.is(text.length, 71);
    t.is(text.toString(), digest);
  }
  sameBytes(t, await readKey(server, blobFile(layer.digest)), layer.bytes);
  sameBytes(t, await readKey(server, blobFile(image.digest)), image.bytes);
});

test('a tag that moved has one current link, and an index link for each manifest it pointed at', async (t) => {
  const server = await startInProcess(t);
  const old = await pushImage(server.api, 'a', {tag: 'v1', annotations: {version: 'old'}});
  const young = await pushImage(server.api, 'a', {tag: 'v1', annotations: {version: 'young'}});
  t.is((await readKey(server, keys.tag('a', 'v1'))).toString(), young.digest);
  t.deepEqual(await filesBelow(server, `${keys.repository('a')}/_manifests/tags/v1`), [
    'current/link',
    ...[old, young].map(({digest}) => `index/sha256/${hex(digest)}/link`).sort(),
  ]);
  const history = await filesBelow(server, `${keys.repository('a')}/_history/v1`);
  t.deepEqual(
    history.map((file) => file.slice(-64)),
    [hex(old.digest), hex(young.digest)],
  );
});

test('a deleted tag leaves no directory that Distribution would list, but its history', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1'});
  await server.api.delete('/v2/a/manifests/v1').expect(202);
  const tags = diskPath(server, `${keys.repository('a')}/_manifests/tags/v1`);
  await t.throwsAsync(stat(tags), {code: 'ENOENT'});
  t.is((await filesBelow(server, `${keys.repository('a')}/_history/v1`)).length, 2);
});

test('a blob pushed by sha512 lies under its sha256, with links of both that hold the sha256', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest, sha512} = randomContent();
  const path = `/v2/a/blobs/uploads/?digest=${sha512}`;
  await sendBytes(server.api, 'post', path, bytes).expect(201);
  t.deepEqual(
    await layoutFiles(server),
    [blobFile(digest), keys.layer('a', digest), keys.layer('a', sha512)].sort(),
  );
  for (const each of [digest, sha512]) {
    t.is((await readKey(server, keys.layer('a', each))).toString(), digest);
  }
});

test('a manifest pushed by sha512 has revision links of both, and both hold the sha256', async (t) => {
  const server = await startInProcess(t);
  await pushBlob(server.api, 'a', config);
  const image = imageOf([]);
  await putManifest(server.api, 'a', image.sha512, image).expect(201);
  for (const each of [image.digest, image.sha512]) {
    t.is((await readKey(server, keys.revision('a', each))).toString(), image.digest);
  }
});

test('an empty blob is an empty file', async (t) => {
  const server = await startInProcess(t);
  await pushBlob(server.api, 'a', emptyContent);
  t.is((await readKey(server, blobFile(emptyContent.digest))).length, 0);
});

test('a blob of three repositories lies on the disk once', async (t) => {
  const server = await startInProcess(t);
  const blob = randomContent();
  for (const name of ['a', 'b', 'c']) await pushBlob(server.api, name, blob);
  const data = (await layoutFiles(server)).filter((file) => file.endsWith('/data'));
  t.deepEqual(data, [blobFile(blob.digest)]);
});

test('the Content-Type of a manifest is kept only where its JSON does not tell it', async (t) => {
  const server = await startInProcess(t);
  await pushBlob(server.api, 'a', config);
  const plain = imageOf([]);
  const {bytes, digest, descriptor} = imageOf([], {mediaType: undefined});
  await putManifest(server.api, 'a', 'plain', plain).expect(201);
  const docker = {bytes, descriptor: {...descriptor, mediaType: mediaTypes.dockerImage}};
  await putManifest(server.api, 'a', 'docker', docker).expect(201);
  const revision = (each: string) =>
    `${keys.repository('a')}/_manifests/revisions/sha256/${hex(each)}`;
  t.deepEqual(await filesBelow(server, revision(plain.digest)), ['link']);
  t.deepEqual(await filesBelow(server, revision(digest)), ['_mediatype', 'link']);
  const kept = await readKey(server, `${revision(digest)}/_mediatype`);
  t.is(kept.toString(), mediaTypes.dockerImage);
});

test('an upload has startedat as Distribution writes it, and one segment for each chunk that does not say where it belongs', async (t) => {
  const server = await startInProcess(t);
  const location = await startUpload(server.api, 'a');
  const id = /uploads\/([0-9a-f-]{36})\?/.exec(location)?.[1] ?? '';
  const first = await sendBytes(server.api, 'patch', location, Buffer.from('first')).expect(202);
  const next = first.get('Location') ?? '';
  await sendBytes(server.api, 'patch', next, Buffer.from('second')).expect(202);
  const upload = `${keys.uploads('a')}/${id}`;
  const startedAt = (await readKey(server, `${upload}/startedat`)).toString();
  t.regex(startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  t.true(Math.abs(Date.now() - Date.parse(startedAt)) < 60_000);
  const segment = `${upload}/000000000000005.segment`;
  t.is((await readKey(server, segment)).toString(), 'second');
});

test('chunks that say where they belong grow one segment, which is whole when the server has stopped', async (t) => {
  const server = await startInProcess(t);
  const location = await startUpload(server.api, 'a');
  const id = /uploads\/([0-9a-f-]{36})\?/.exec(location)?.[1] ?? '';
  await sendChunk(server.api, location, Buffer.from('first'), 0).expect(202);
  await sendChunk(server.api, location, Buffer.from('second'), 5).expect(202);
  const upload = `${keys.uploads('a')}/${id}`;
  const growing = await filesBelow(server, upload);
  t.deepEqual(
    growing.map((file) => file.replace(/\d+-[0-9a-f-]{36}/, 'WRITER')),
    [
      '000000000000000.segment.WRITER.checkpoint',
      '000000000000000.segment.WRITER.part',
      'startedat',
    ],
  );
  await server.stop();
  t.deepEqual(await filesBelow(server, upload), ['000000000000000.segment', 'startedat']);
  t.is((await readKey(server, `${upload}/000000000000000.segment`)).toString(), 'firstsecond');
});

test('the entry of a referrer is a link below its subject, and goes with the referrer', async (t) => {
  const server = await startInProcess(t);
  const subject = await pushImage(server.api, 'a');
  const referrer = indexOf([], {subject: subject.descriptor});
  await putManifest(server.api, 'a', referrer.digest, referrer).expect(201);
  const link = await readKey(server, keys.referrer('a', subject.digest, referrer.digest));
  t.is(link.toString(), referrer.digest);
  await server.api.delete(`/v2/a/manifests/${referrer.digest}`).expect(202);
  t.deepEqual(await filesBelow(server, `${keys.repository('a')}/_referrers`), []);
});

test('nothing is staged or left behind by a push', async (t) => {
  const server = await startInProcess(t);
  await pushImage(server.api, 'a', {tag: 'v1', layers: [randomContent(100_000)]});
  const own = await filesBelow(server, '_holdfast');
  t.deepEqual(
    own.map((file) => file.replace(/\d+\/owner/, 'N/owner')),
    ['epochs/N/owner.json', 'epochs/highest', 'volume.json'],
  );
});
