import test from 'ava';
import fc from 'fast-check';
import {RegistryError} from '../../src/oci/errors.ts';
import {inherentMediaType, parseManifest, readManifest} from '../../src/oci/manifest.ts';
import {config, imageOf, indexOf, mediaTypes, randomContent} from '../support/content.ts';

const layer = randomContent();
const subject = randomContent().descriptor;

test('an image names its config and its layers', (t) => {
  const manifest = parseManifest(imageOf([layer]).bytes);
  t.is(manifest.kind, 'image');
  t.is(manifest.mediaType, mediaTypes.image);
  t.deepEqual<unknown, unknown>(manifest.blobs, [config.descriptor, layer.descriptor]);
  t.deepEqual(manifest.children, []);
  t.is(manifest.artifactType, mediaTypes.config);
  t.is(manifest.subject, undefined);
});

test('an index names its manifests', (t) => {
  const child = imageOf([]);
  const manifest = parseManifest(indexOf([child], {subject}).bytes);
  t.is(manifest.kind, 'index');
  t.deepEqual(manifest.blobs, []);
  t.deepEqual<unknown, unknown>(manifest.children, [child.descriptor]);
  t.is(manifest.artifactType, undefined);
  t.deepEqual<unknown, unknown>(manifest.subject, subject);
});

test('null is as good as absent for subject and annotations, which Go programs write', (t) => {
  const manifest = parseManifest(imageOf([], {subject: null, annotations: null}).bytes);
  t.is(manifest.subject, undefined);
  t.is(manifest.annotations, undefined);
});

test('fields that nobody knows are no fault', (t) => {
  const descriptor = {...layer.descriptor, platform: {os: 'linux'}, data: 'e30=', 'x-y': [1]};
  const {bytes} = imageOf([], {layers: [descriptor], 'org.example': {a: null}});
  t.deepEqual<unknown, unknown>(parseManifest(bytes).blobs[1], descriptor);
});

/** JSON leaves out what is undefined. */
const said = (fields: object): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`.slice(0, 60))
    .join(', ') || 'the usual fields';

const mediaTypesOf: readonly (readonly [fields: object, header: string | undefined, is: string])[] =
  [
    [{}, undefined, mediaTypes.image],
    [{}, mediaTypes.image, mediaTypes.image],
    [{}, `${mediaTypes.image}; charset=utf-8`, mediaTypes.image],
    [{mediaType: undefined}, undefined, mediaTypes.image],
    [{mediaType: undefined}, mediaTypes.dockerImage, mediaTypes.dockerImage],
    [{mediaType: undefined}, 'application/json', 'application/json'],
    [{mediaType: mediaTypes.dockerImage}, undefined, mediaTypes.dockerImage],
    [{mediaType: undefined, manifests: []}, undefined, mediaTypes.index],
    [{mediaType: 'application/vnd.x+json'}, undefined, 'application/vnd.x+json'],
  ];

for (const [fields, header, is] of mediaTypesOf) {
  test(`an image with ${said(fields)} and Content-Type ${String(header)} is ${is}`, (t) => {
    t.is(parseManifest(imageOf([], fields).bytes, header).mediaType, is);
  });
}

const refused: readonly (readonly [fields: object, header: string | undefined, message: RegExp])[] =
  [
    [{}, mediaTypes.index, /says mediaType .*image\.manifest.*Content-Type is .*image\.index/],
    [{mediaType: undefined}, 'text/html', /application\/\*\+json/],
    [{mediaType: 'text/html'}, undefined, /application\/\*\+json/],
    [{mediaType: undefined, schemaVersion: 1}, undefined, /schema 1 is not supported/],
    [
      {mediaType: undefined},
      'application/vnd.docker.distribution.manifest.v1+prettyjws',
      /schema 1 is not supported/,
    ],
    [{layers: [{...layer.descriptor, size: -1}]}, undefined, /^layers\.0\.size: /],
    [{config: undefined}, undefined, /^config: /],
  ];

for (const [fields, header, message] of refused) {
  test(`an image with ${said(fields)} and Content-Type ${String(header)} is refused: ${message.source}`, (t) => {
    const {bytes} = imageOf([], fields);
    const error = t.throws(() => parseManifest(bytes, header), {instanceOf: RegistryError});
    t.is(error.errors[0]?.code, 'MANIFEST_INVALID');
    t.regex(error.message, message);
  });
}

test('at most 20 faults are told', (t) => {
  const {bytes} = imageOf([], {layers: Array.from({length: 500}, () => 5)});
  const error = t.throws(() => parseManifest(bytes), {instanceOf: RegistryError});
  t.is(error.errors.length, 20);
});

test('a manifest of another registry that would not pass is read as none, not as an error', (t) => {
  for (const text of ['', '[]', '{"schemaVersion":1}', '{"a":1,"a":2}', '{"config":{}}']) {
    t.is(readManifest(Buffer.from(text), mediaTypes.image), undefined);
  }
});

test('whatever bytes come, reading them is a manifest, none, or MANIFEST_INVALID', (t) => {
  const anything = fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array(),
    fc
      .record({config: fc.jsonValue(), layers: fc.jsonValue(), subject: fc.jsonValue()})
      .map((value) => Buffer.from(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(
      anything,
      fc.constantFrom(undefined, ...Object.values(mediaTypes)),
      (bytes, type) => {
        t.notThrows(() => [readManifest(bytes, type), inherentMediaType(bytes)]);
      },
    ),
    {numRuns: 1000},
  );
});
