/** What a manifest that says wrong things has the disk read. */
import test, {type ExecutionContext} from 'ava';
import {
  codesOf,
  config,
  contentOf,
  imageOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  type Content,
} from '../support/content.ts';
import {keys, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {countOpenings} from '../support/openings.ts';
import {nextFileTime} from '../storage-drivers/settled-system.ts';
import {sameBytes} from '../support/same-bytes.ts';

/** A registry that counts how often files are opened, and how many at once. */
async function startCounting(t: ExecutionContext) {
  const opened: string[] = [];
  const openings = countOpenings((path) => {
    opened.push(path);
    return path.includes('/_layers/');
  });
  const server = await startInProcess(t, {system: openings.system});
  const count = (part: string): number => opened.filter((path) => path.includes(part)).length;
  return {
    ...server,
    opens: ({digest}: Content) => count(keys.blob(digest)),
    looks: () => count('/_layers/'),
    mostLooks: () => openings.most(),
  };
}

/** A layer whose descriptor says another size than it has. */
const missized = ({descriptor, ...content}: Content): Content => ({
  ...content,
  descriptor: {...descriptor, size: descriptor.size + 1},
});

test('a blob whose size is said wrong is read once, however often that is said', async (t) => {
  const server = await startCounting(t);
  const layer = randomContent(1000);
  for (const blob of [config, layer]) await pushBlob(server.api, 'a', blob);
  const wrong = imageOf([missized(layer)]);
  const before = server.opens(layer);
  for (const reference of ['v1', 'v2', wrong.digest]) {
    const answer = await putManifest(server.api, 'a', reference, wrong).expect(400);
    t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
    t.is(server.opens(layer), before + 1);
  }
  await putManifest(server.api, 'a', 'v1', imageOf([layer])).expect(201);
});

test('a list of referrers reads each of them once', async (t) => {
  const server = await startCounting(t);
  const {digest: subject} = await pushImage(server.api, 'a', {tag: 'v1'});
  const referrers = Array.from({length: 3}, (_, at) =>
    contentOf(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: mediaTypes.image,
        artifactType: 'application/vnd.example',
        config: config.descriptor,
        layers: [],
        subject: {mediaType: mediaTypes.image, digest: subject, size: imageOf([]).bytes.length},
        // Too large to be kept with its bytes.
        annotations: {at: String(at), text: 'x'.repeat(1_100_000)},
      }),
      mediaTypes.image,
    ),
  );
  for (const each of referrers) await putManifest(server.api, 'a', each.digest, each).expect(201);
  const listed = async (): Promise<readonly string[]> => {
    const answer = await server.api.get(`/v2/a/referrers/${subject}`).expect(200);
    return (answer.body as {manifests: {digest: string}[]}).manifests.map((each) => each.digest);
  };
  const expected = referrers.map(({digest}) => digest).toSorted();
  t.deepEqual(await listed(), expected);
  const before = referrers.map((each) => server.opens(each));
  t.deepEqual(await listed(), expected);
  t.deepEqual(
    referrers.map((each) => server.opens(each)),
    before,
  );
  const [gone] = referrers;
  await server.api.delete(`/v2/a/manifests/${gone?.digest ?? ''}`).expect(202);
  t.deepEqual(
    await listed(),
    expected.filter((digest) => digest !== gone?.digest),
  );
});

test('of a manifest that names very much no more than 16 things are looked at once, and all of them where they are there', async (t) => {
  const server = await startCounting(t);
  const layers = Array.from({length: 60}, () => randomContent(10));
  for (const blob of [config, ...layers]) await pushBlob(server.api, 'a', blob);
  const strange = randomContent();
  const answer = await putManifest(server.api, 'a', 'v1', imageOf([...layers, strange]));
  t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN']);
  t.true(server.looks() > 60);
  t.true(server.mostLooks() <= 16, String(server.mostLooks()));
  await putManifest(server.api, 'a', 'v1', imageOf(layers)).expect(201);
});

test('what a manifest names is looked at until 100 faults are found', async (t) => {
  const server = await startCounting(t);
  const layers = Array.from({length: 5000}, (_, index) => contentOf(String(index)));
  const answer = await putManifest(server.api, 'a', 'v1', imageOf(layers));
  t.is(codesOf(answer).length, 100);
  t.true(server.looks() < 120, String(server.looks()));
});

test('a size that no check has found true is not believed: a blob is not read for it', async (t) => {
  const server = await startCounting(t);
  const layer = randomContent(1000);
  for (const blob of [config, layer]) await pushBlob(server.api, 'a', blob);
  const liar = imageOf([missized(layer)], {mediaType: undefined});
  const descriptor = {...liar.descriptor, mediaType: 'application/vnd.test+json'};
  await putManifest(server.api, 'b', 'v1', {...liar, descriptor}).expect(201);
  await server.api.get('/v2/b/manifests/v1').expect(200);
  await server.api.head('/v2/b/manifests/v1').expect(200);
  const before = server.opens(layer);
  await server.api.head(`/v2/a/blobs/${layer.digest}`).expect(200);
  t.is(server.opens(layer), before);
});

test('a size that only the Content-Type makes one is believed: a blob that was cut is found', async (t) => {
  const server = await startCounting(t);
  const layer = randomContent(1000);
  for (const blob of [config, layer]) await pushBlob(server.api, 'a', blob);
  const image = imageOf([layer], {mediaType: undefined});
  const descriptor = {...image.descriptor, mediaType: mediaTypes.dockerImage};
  await putManifest(server.api, 'a', 'v1', {...image, descriptor}).expect(201);
  const {dataDir} = server;
  await server.stop();
  await writeKey(server, keys.blob(layer.digest), layer.bytes.subarray(0, 500));
  const {api} = await startInProcess(t, {dataDir});
  await api.get('/v2/a/manifests/v1').expect(200);
  t.is((await api.head(`/v2/a/blobs/${layer.digest}`)).status, 404);
});

test('a manifest that was looked at is not read for another look, and one that was damaged since is not there', async (t) => {
  const server = await startCounting(t);
  const {api, dataDir} = server;
  const image = await pushImage(api, 'a', {tag: 'v1'});
  const path = '/v2/a/manifests/v1';
  // By then the index has read it, too.
  await api.get('/v2/_catalog').expect(200);
  const before = server.opens(image);
  for (let count = 0; count < 3; count += 1) {
    const answer = await api.head(path).expect(200);
    t.is(answer.get('Content-Length'), String(image.bytes.length));
    t.is(answer.get('Docker-Content-Digest'), image.digest);
    await api.get(path).set('If-None-Match', `"${image.digest}"`).expect(304);
  }
  t.is(server.opens(image), before + 1);
  const other = await api.get(path).set('If-None-Match', '"another"').responseType('blob');
  sameBytes(t, other.body, image.bytes);
  await nextFileTime(dataDir);
  await writeKey(server, keys.blob(image.digest), Buffer.alloc(image.bytes.length, 'x'));
  for (const method of ['head', 'get'] as const) t.is((await api[method](path)).status, 404);
  await putManifest(api, 'a', 'v1', image).expect(201);
  await api.head(path).expect(200);
});
