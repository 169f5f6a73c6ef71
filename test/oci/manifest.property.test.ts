import test from 'ava';
import fc from 'fast-check';
import {digestOf} from '../../src/oci/digest.ts';
import {RegistryError} from '../../src/oci/errors.ts';
import {inherentMediaType, parseManifest, readManifest} from '../../src/oci/manifest.ts';
import {mediaTypes} from '../../src/oci/media-types.ts';
import {tries} from '../support/properties.ts';

const annotations = fc.dictionary(
  fc.string({maxLength: 10}).filter((key) => key !== '__proto__'),
  fc.string({maxLength: 10}),
  {maxKeys: 3, noNullPrototype: true},
);
const descriptor = fc.record(
  {
    mediaType: fc.string({minLength: 1, maxLength: 40}).map((text) => `application/${text}`),
    digest: fc
      .tuple(fc.uint8Array({maxLength: 4}), fc.constantFrom('sha256' as const, 'sha512' as const))
      .map(([bytes, algorithm]) => digestOf(bytes, algorithm)),
    size: fc.maxSafeNat(),
    annotations,
    urls: fc.array(fc.webUrl(), {maxLength: 2}),
    extension: fc.jsonValue({maxDepth: 1}),
  },
  {requiredKeys: ['mediaType', 'digest', 'size']},
);
const image = fc.record(
  {
    schemaVersion: fc.constant(2),
    mediaType: fc.constantFrom(mediaTypes.ociManifest, mediaTypes.dockerManifest),
    config: descriptor,
    layers: fc.array(descriptor, {maxLength: 4}),
    subject: descriptor,
    artifactType: fc.string({maxLength: 20}),
    annotations,
    extension: fc.jsonValue({maxDepth: 1}),
  },
  {requiredKeys: ['schemaVersion', 'mediaType', 'config', 'layers']},
);
const bytesOf = (json: unknown): Buffer => Buffer.from(JSON.stringify(json));

test('an image names its config and its layers in their order, whatever else it says', (t) => {
  fc.assert(
    fc.property(image, (json) => {
      const manifest = parseManifest(bytesOf(json), json.mediaType);
      t.is(manifest.kind, 'image');
      t.deepEqual(
        manifest.blobs.map(({digest, size}) => [digest, size]),
        [json.config, ...json.layers].map(({digest, size}) => [digest, size]),
      );
      t.is(manifest.subject?.digest, json.subject?.digest);
      const {artifactType = ''} = json;
      t.is(manifest.artifactType, artifactType === '' ? json.config.mediaType : artifactType);
      t.deepEqual(manifest.annotations, json.annotations);
      t.is(inherentMediaType(bytesOf(json))?.mediaType, json.mediaType);
    }),
    tries(500),
  );
});

test('an index names its manifests in their order', (t) => {
  fc.assert(
    fc.property(fc.array(descriptor, {maxLength: 5}), (manifests) => {
      const json = {schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests};
      const {children, blobs} = parseManifest(bytesOf(json));
      t.deepEqual(
        children.map(({digest}) => digest),
        manifests.map(({digest}) => digest),
      );
      t.deepEqual(blobs, []);
    }),
    tries(300),
  );
});

test('a manifest with any value in any place is read or refused with MANIFEST_INVALID, in few words', (t) => {
  const place = fc.constantFrom(
    ...['schemaVersion', 'mediaType', 'config', 'layers', 'subject', 'artifactType', 'annotations'],
    ...['config.digest', 'config.size', 'config.mediaType', 'config.urls', 'config.annotations'],
  );
  const value = fc.oneof(fc.jsonValue(), fc.constantFrom(-0, -1, 1.5, 1e308, 2 ** 53, '', null));
  fc.assert(
    fc.property(image, place, value, (json, where, odd) => {
      const [outer = '', inner] = where.split('.');
      const spoiled = inner === undefined ? odd : {...json.config, [inner]: odd};
      const content = bytesOf({...json, [outer]: spoiled});
      try {
        t.truthy(parseManifest(content));
        t.truthy(readManifest(content));
      } catch (error) {
        t.true(error instanceof RegistryError, String(error));
        if (!(error instanceof RegistryError)) return;
        t.true(error.errors.length > 0 && error.errors.length <= 20);
        t.true(error.errors.every(({code}) => code === 'MANIFEST_INVALID'));
        t.is(readManifest(content), undefined);
      }
    }),
    tries(1500),
  );
});
