/** What is no manifest is refused with a reason, and leaves nothing behind. */
import test from 'ava';
import {
  codesOf,
  config,
  contentOf,
  errorsOf,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {layoutFiles} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';

const good = imageOf([]).bytes.toString();
const withConfig = (fields: object) =>
  imageOf([], {config: {...config.descriptor, ...fields}}).bytes.toString();
const duplicated = (key: string) => good.replace('{', `{"${key}":1,`);

const bad: Readonly<Record<string, string | Buffer>> = {
  'of no bytes': '',
  'that is not JSON': 'FROM scratch',
  'that is JSON cut short': good.slice(0, -1),
  'with something behind it': `${good}x`,
  'that is a list': '[]',
  'that is null': 'null',
  'that is a string': '"manifest"',
  'that is a number': '2',
  'in invalid UTF-8': Buffer.concat([
    Buffer.from(good.slice(0, -1)),
    Buffer.from(',"a":"\xff"}', 'latin1'),
  ]),
  'in UTF-16': Buffer.from(good, 'utf16le'),
  'with a byte order mark': `\ufeff${good}`,
  'nested 10,000 deep': good.replace('{', `{"x":${'['.repeat(10_000)}${']'.repeat(10_000)},`),
  'nested 65 deep': good.replace('{', `{"x":${'['.repeat(64)}${']'.repeat(64)},`),
  'with a key twice': duplicated('layers'),
  'with a key twice, once in escapes': duplicated('lay\\u0065rs'),
  'with a comment': `/* hello */ ${good}`,
  'with a comma at the end': good.replace(/}$/, ',}'),
  'with NaN': good.replace('"schemaVersion":2', '"schemaVersion":NaN'),
  'without schemaVersion': imageOf([], {schemaVersion: undefined}).bytes,
  'of schemaVersion 3': imageOf([], {schemaVersion: 3}).bytes,
  'of schemaVersion "2"': imageOf([], {schemaVersion: '2'}).bytes,
  'of schemaVersion 1': imageOf([], {schemaVersion: 1, mediaType: undefined}).bytes,
  'without a config': imageOf([], {config: undefined}).bytes,
  'without layers': imageOf([], {layers: undefined}).bytes,
  'whose layers are no list': imageOf([], {layers: {}}).bytes,
  'whose layer is a string': imageOf([], {layers: ['sha256:abc']}).bytes,
  'whose config has a negative size': withConfig({size: -1}),
  'whose config has a fractional size': withConfig({size: 1.5}),
  'whose config has a size in a string': withConfig({size: '2'}),
  'whose config has a size beyond 2^53': withConfig({size: 2 ** 60}),
  'whose config has no size': withConfig({size: undefined}),
  'whose config has no digest': withConfig({digest: undefined}),
  'whose config has a short digest': withConfig({digest: 'sha256:abc'}),
  'whose config has a digest of another algorithm': withConfig({digest: 'md5:' + '0'.repeat(32)}),
  'whose config has no mediaType': withConfig({mediaType: undefined}),
  'whose config has an empty mediaType': withConfig({mediaType: ''}),
  'whose annotations are numbers': imageOf([], {annotations: {a: 1}}).bytes,
  'whose annotations are a list': imageOf([], {annotations: ['a']}).bytes,
  'whose subject has no digest': imageOf([], {subject: {mediaType: 'a/b', size: 1}}).bytes,
  'whose artifactType is a number': imageOf([], {artifactType: 5}).bytes,
  'whose mediaType is a number': imageOf([], {mediaType: 5}).bytes,
  'whose mediaType is another than the Content-Type': imageOf([], {mediaType: mediaTypes.index})
    .bytes,
};

for (const [kind, source] of Object.entries(bad)) {
  test(`a manifest ${kind} answers 400 MANIFEST_INVALID with a reason, and leaves nothing`, async (t) => {
    const server = await startInProcess(t);
    await pushBlob(server.api, 'a', config);
    const before = await layoutFiles(server);
    const {status, body} = await rawRequest(server, {
      method: 'PUT',
      path: '/v2/a/manifests/v1',
      headers: {'Content-Type': mediaTypes.image},
      body: Buffer.from(source),
    });
    t.is(status, 400);
    for (const {code, message} of errorsOf({body})) {
      t.is(code, 'MANIFEST_INVALID');
      t.regex(message, /\w \w/);
    }
    t.deepEqual(await layoutFiles(server), before);
  });
}

for (const contentType of [
  'text/html',
  'application/octet-stream',
  'text/json',
  'image/svg+xml',
  'application/',
  'application/+json',
  '; charset=utf-8',
  'application/vnd.docker.distribution.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v1+prettyjws',
]) {
  test(`a manifest of Content-Type ${contentType} answers 400 MANIFEST_INVALID`, async (t) => {
    const server = await startInProcess(t);
    await pushBlob(server.api, 'a', config);
    const {status, body} = await rawRequest(server, {
      method: 'PUT',
      path: '/v2/a/manifests/v1',
      headers: {'Content-Type': contentType},
      body: imageOf([], {mediaType: undefined}).bytes,
    });
    t.is(status, 400);
    t.deepEqual(codesOf({body}), ['MANIFEST_INVALID']);
  });
}

test('a manifest without a Content-Type is what its JSON says', async (t) => {
  const server = await startInProcess(t);
  await pushBlob(server.api, 'a', config);
  for (const [tag, {bytes}, mediaType] of [
    ['said', imageOf([], {mediaType: mediaTypes.dockerImage}), mediaTypes.dockerImage],
    ['guessed', imageOf([], {mediaType: undefined}), mediaTypes.image],
    ['index', indexOf([], {mediaType: undefined}), mediaTypes.index],
    ['artifact', contentOf('{"a": 1}'), 'application/json'],
  ] as const) {
    const path = `/v2/a/manifests/${tag}`;
    t.is((await rawRequest(server, {method: 'PUT', path, body: bytes})).status, 201);
    t.is((await server.api.head(path)).get('Content-Type'), mediaType);
  }
});

test('every fault of a manifest is named by its place', async (t) => {
  const {api} = await startInProcess(t);
  const layers = [randomContent().descriptor, {digest: 'x', size: -1, mediaType: 'a/b'}];
  const answer = await putManifest(api, 'a', 'v1', imageOf([], {layers, annotations: {a: 1}}));
  t.is(answer.status, 400);
  t.deepEqual(
    errorsOf(answer).map(({detail}) => detail?.['path']),
    ['annotations.a', 'layers.1.digest', 'layers.1.size'],
  );
});

test('keys of the same name in different objects are no duplicates', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const image = imageOf([], {a: {b: 1, c: [{b: 1}, {b: 2}]}, b: {a: 'b', b: 'a:b'}});
  const answer = await putManifest(api, 'a', 'v1', image);
  t.is(answer.status, 201);
});

for (const [what, type, fields] of [
  ['signed', 'application/vnd.docker.distribution.manifest.v1+prettyjws', {signatures: []}],
  ['unsigned', 'application/vnd.docker.distribution.manifest.v1+json', {}],
  ['of no type', 'application/json', {}],
] as const) {
  test(`a manifest of schema 1, ${what}, is refused with what to do`, async (t) => {
    const server = await startInProcess(t);
    const manifest = {schemaVersion: 1, name: 'a', tag: 'v1', fsLayers: [], history: [], ...fields};
    const {bytes, descriptor} = contentOf(JSON.stringify(manifest), type);
    const answer = await putManifest(server.api, 'a', 'v1', {bytes, descriptor}).expect(400);
    t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
    t.regex(
      errorsOf(answer)[0]?.message ?? '',
      /schema 1 is not supported: push it again with a client of 2017 or later/,
    );
    t.deepEqual(await layoutFiles(server), []);
  });
}
