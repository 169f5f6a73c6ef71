/** What others have pushed, or laid on the disk, does no harm to the index. */
import {truncate} from 'node:fs/promises';
import test from 'ava';
import {
  config,
  contentOf,
  imageOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  strangeDigest,
} from '../../support/content.ts';
import {compareNow, openIndexOf, operate, requireAgreement} from '../../support/content-index.ts';
import {diskPath, keys, writeKey} from '../../support/disk.ts';
import {startInProcess} from '../../support/in-process.ts';

const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`;

const configurations: Readonly<Record<string, string>> = {
  'is cut off': '{"os":"linux","architecture":"amd64","config":{"Lab',
  'is empty': '',
  'is a list': '[1,2,3]',
  'has other types than it should': JSON.stringify({
    os: 1,
    architecture: [],
    created: {},
    config: 7,
  }),
  'has labels that are none': JSON.stringify({os: 'linux', config: {Labels: ['a', 'b']}}),
  'has NUL in its labels': '{"config":{"Labels":{"a\\u0000b":"c\\u0000d","\\ud800":"\\udfff"}}}',
  'has a time that is none': JSON.stringify({created: '9999999-99-99T99:99:99Z'}),
  'is deep': deep,
  'has labels without end': JSON.stringify({
    config: {
      Labels: Object.fromEntries(
        Array.from({length: 5000}, (_, at) => [`k${at}`, 'v'.repeat(100)]),
      ),
    },
  }),
  'has a label of half a megabyte': JSON.stringify({config: {Labels: {a: 'ä'.repeat(250_000)}}}),
  'names the prototype': '{"config":{"Labels":{"__proto__":"x","constructor":"y"}}}',
};

for (const [what, text] of Object.entries(configurations)) {
  test(`an image whose configuration ${what} is in the index`, async (t) => {
    const server = await startInProcess(t);
    const own = contentOf(text, mediaTypes.config);
    await pushBlob(server.api, 'a', own);
    const image = imageOf([], {config: own.descriptor});
    await putManifest(server.api, 'a', 'v1', image).expect(201);
    const db = openIndexOf(t, server);
    await requireAgreement(t, server, db);
    const rows = await db.selectFrom('manifests').select(['digest', 'labels']).execute();
    t.is(rows[0]?.digest, image.digest);
    t.true((rows[0]?.labels ?? '').length < 1_000_000);
    t.notRegex(rows[0]?.labels ?? '', /\\u0000/);
  });
}

test('annotations without end are cut', async (t) => {
  const server = await startInProcess(t);
  await pushBlob(server.api, 'a', config);
  const annotations = Object.fromEntries(
    Array.from({length: 2000}, (_, at) => [`k${at}`, 'v'.repeat(1000)]),
  );
  await putManifest(server.api, 'a', 'v1', imageOf([], {annotations})).expect(201);
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  const [row] = await db.selectFrom('manifests').select('annotations').execute();
  t.is(Object.keys(JSON.parse(row?.annotations ?? '{}') as object).length, 200);
});

test('types with NUL in them are in the index without it', async (t) => {
  const server = await startInProcess(t);
  const layer = randomContent();
  for (const blob of [config, layer]) await pushBlob(server.api, 'a', blob);
  const layers = [{...layer.descriptor, mediaType: 'odd/\u0000layer'}];
  const image = imageOf([], {artifactType: 'odd/\u0000type', layers});
  await putManifest(server.api, 'a', 'v1', image).expect(201);
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  const row = await db.selectFrom('manifests').select('artifact_type').executeTakeFirst();
  t.is(row?.artifact_type, 'odd/type');
  const contents = await db.selectFrom('manifest_contents').select('media_type').execute();
  t.true(contents.some(({media_type: type}) => type === 'odd/layer'));
});

test('garbage where a manifest should be is told once, and keeps nothing else from the index', async (t) => {
  const first = await startInProcess(t);
  const {dataDir} = first;
  await pushImage(first.api, 'good', {tag: 'v1', layers: [randomContent()]});
  await first.stop();
  for (const [name, bytes] of [
    ['bad/none', '\u0000\u0001'],
    ['bad/deep', deep],
    ['bad/other', '{"schemaVersion":1}'],
  ] as const) {
    const garbage = contentOf(bytes);
    await writeKey(first, keys.blob(garbage.digest), garbage.bytes);
    await writeKey(first, keys.revision(name, garbage.digest), garbage.digest);
    await writeKey(first, keys.tag(name, 'v1'), garbage.digest);
  }
  const server = await startInProcess(t, {dataDir});
  const db = openIndexOf(t, server);
  await compareNow(server);
  await compareNow(server);
  const told = server.log.filter(({msg}) => String(msg).startsWith('manifest can not be read'));
  t.deepEqual(told.map(({repository}) => repository).sort(), ['bad/deep', 'bad/none', 'bad/other']);
  const names = await db.selectFrom('repositories').select('path').orderBy('path').execute();
  t.deepEqual(
    names.map(({path}) => path),
    ['bad!deep', 'bad!none', 'bad!other', 'good'],
  );
  const held = await db.selectFrom('revisions_held').select('path').execute();
  t.deepEqual(held, [{path: 'good'}]);
});

test('files that are far too large for what they should be are as damaged ones, and keep nothing else from the index', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const image = await pushImage(api, 'good', {tag: 'v1', layers: [randomContent()]});
  const own = contentOf('{"os":"linux","architecture":"arm64"}', mediaTypes.config);
  await pushBlob(api, 'z/config', own);
  await putManifest(api, 'z/config', 'v1', imageOf([], {config: own.descriptor})).expect(201);
  const db = openIndexOf(t, server);
  await requireAgreement(t, server, db);
  await writeKey(server, keys.revision('bad', strangeDigest), strangeDigest);
  await writeKey(server, keys.tag('bad', 'v1'), strangeDigest);
  await writeKey(server, keys.tag('bad', 'v2'), image.digest);
  await writeKey(server, keys.blob(strangeDigest), '');
  for (const key of [keys.blob(strangeDigest), keys.tag('bad', 'v2'), keys.blob(own.digest)])
    await truncate(diskPath(server, key), 17 * 1024 * 1024);
  await db.deleteFrom('manifests').execute();
  const {problem} = await compareNow(server);
  t.is(problem, undefined);
  t.is((await operate(server, 'index status')).state, 'complete');
  await api.get(`/v2/bad/manifests/${strangeDigest}`).expect(404);
  await api.get('/v2/bad/manifests/v2').expect(404);
  await putManifest(api, 'good', 'v2', image).expect(201);
});
