/** A manifest is accepted when all that it names can be pulled. */
import test from 'ava';
import {
  codesOf,
  config,
  contentOf,
  type Content,
  errorsOf,
  imageOf,
  indexOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  sendBytes,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';

const digestsOf = (answer: {readonly body: unknown}) =>
  errorsOf({body: answer.body}).map(({detail}) => detail?.['digest']);

test('PUT of a manifest with missing layers answers 404 MANIFEST_BLOB_UNKNOWN naming each', async (t) => {
  const {api} = await startInProcess(t);
  const [present, first, second] = [randomContent(), randomContent(), randomContent()];
  for (const blob of [config, present]) await pushBlob(api, 'a', blob);
  const image = imageOf([first, present, second, first]);
  const answer = await putManifest(api, 'a', 'v1', image).expect(404);
  t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN']);
  t.deepEqual(digestsOf(answer), [first.digest, second.digest]);
  await api.get('/v2/a/manifests/v1').expect(404);
  await api.get(`/v2/a/manifests/${image.digest}`).expect(404);
});

test('PUT of a manifest with a missing config answers 404 MANIFEST_BLOB_UNKNOWN naming it', async (t) => {
  const {api} = await startInProcess(t);
  const answer = await putManifest(api, 'a', 'v1', imageOf([])).expect(404);
  t.deepEqual(digestsOf(answer), [config.digest]);
});

test('a layer that only another repository holds is missing', async (t) => {
  const {api} = await startInProcess(t);
  const layer = randomContent();
  await pushBlob(api, 'b', layer);
  await pushBlob(api, 'a', config);
  const answer = await putManifest(api, 'a', 'v1', imageOf([layer])).expect(404);
  t.deepEqual(digestsOf(answer), [layer.digest]);
});

test('a layer that was deleted from the repository is missing', async (t) => {
  const {api} = await startInProcess(t);
  const layer = randomContent();
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [layer]});
  await api.delete(`/v2/a/blobs/${layer.digest}`).expect(202);
  const answer = await putManifest(api, 'a', 'v2', image).expect(404);
  t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN']);
});

test('PUT of an index with missing manifests answers 404 MANIFEST_BLOB_UNKNOWN naming each', async (t) => {
  const {api} = await startInProcess(t);
  const present = await pushImage(api, 'a');
  const missing = imageOf([randomContent()]);
  const answer = await putManifest(api, 'a', 'v1', indexOf([present, missing])).expect(404);
  t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN']);
  t.deepEqual(digestsOf(answer), [missing.digest]);
});

test('a blob is no manifest: an index that names one as its child is refused', async (t) => {
  const {api} = await startInProcess(t);
  const blob = randomContent();
  await pushBlob(api, 'a', blob);
  const answer = await putManifest(api, 'a', 'v1', indexOf([blob])).expect(404);
  t.deepEqual(digestsOf(answer), [blob.digest]);
});

test('manifests.allowMissingChildren accepts an index whose manifests are not there', async (t) => {
  const {api} = await startInProcess(t, {manifests: {allowMissingChildren: true}});
  const index = indexOf([imageOf([randomContent()])]);
  await putManifest(api, 'a', 'v1', index).expect(201);
  const answer = await putManifest(api, 'a', 'v2', imageOf([randomContent()]));
  t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN']);
});

test('an index of nothing and an image of no layers are accepted', async (t) => {
  const {api} = await startInProcess(t);
  await putManifest(api, 'a', 'index', indexOf([])).expect(201);
  await pushBlob(api, 'a', config);
  const answer = await putManifest(api, 'a', 'image', imageOf([]));
  t.is(answer.status, 201);
});

for (const mediaType of [
  'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
]) {
  const foreign = (fields: object): Content => {
    const {descriptor, ...rest} = randomContent(10, mediaType);
    return {...rest, descriptor: {...descriptor, ...fields}};
  };

  test(`a layer of ${mediaType} with urls need not be there`, async (t) => {
    const {api} = await startInProcess(t);
    await pushBlob(api, 'a', config);
    const image = imageOf([foreign({urls: ['https://example.org/layer']})]);
    const answer = await putManifest(api, 'a', 'v1', image);
    t.is(answer.status, 201);
  });

  test(`a layer of ${mediaType} without urls has to be there`, async (t) => {
    const {api} = await startInProcess(t);
    await pushBlob(api, 'a', config);
    for (const fields of [{}, {urls: []}]) {
      const answer = await putManifest(api, 'a', 'v1', imageOf([foreign(fields)])).expect(404);
      t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN']);
    }
  });
}

test('a usual layer with urls has to be there all the same', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const {descriptor, ...rest} = randomContent();
  const layer = {...rest, descriptor: {...descriptor, urls: ['https://example.org/layer']}};
  const answer = await putManifest(api, 'a', 'v1', imageOf([layer])).expect(404);
  t.deepEqual(codesOf(answer), ['MANIFEST_BLOB_UNKNOWN']);
});

test('a size that is not the blob’s answers 400 MANIFEST_INVALID naming the blob, which stays', async (t) => {
  const {api} = await startInProcess(t);
  const layer = randomContent();
  for (const blob of [config, layer]) await pushBlob(api, 'a', blob);
  for (const size of [0, 99, 101]) {
    const wrong = {...layer, descriptor: {...layer.descriptor, size}};
    const answer = await putManifest(api, 'a', 'v1', imageOf([wrong])).expect(400);
    t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
    t.deepEqual(digestsOf(answer), [layer.digest]);
  }
  await api.get(`/v2/a/blobs/${layer.digest}`).expect(200);
});

test('a layer that is named with two sizes answers 400 MANIFEST_INVALID naming it', async (t) => {
  const {api} = await startInProcess(t);
  const layer = randomContent();
  for (const blob of [config, layer]) await pushBlob(api, 'a', blob);
  const wrong = {...layer, descriptor: {...layer.descriptor, size: 99}};
  const answer = await putManifest(api, 'a', 'v1', imageOf([layer, wrong, layer])).expect(400);
  t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
  t.deepEqual(digestsOf(answer), [layer.digest]);
});

test('a size that is not the child’s answers 400 MANIFEST_INVALID naming the child', async (t) => {
  const {api} = await startInProcess(t);
  const child = await pushImage(api, 'a');
  const wrong = {...child, descriptor: {...child.descriptor, size: 5}};
  const answer = await putManifest(api, 'a', 'v1', indexOf([wrong])).expect(400);
  t.deepEqual(codesOf(answer), ['MANIFEST_INVALID']);
  t.deepEqual(digestsOf(answer), [child.digest]);
});

test('layers may be named by sha512, once they were pushed by it', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const layer = randomContent();
  const {bytes, sha512} = layer;
  const image = imageOf([{...layer, descriptor: {...layer.descriptor, digest: sha512}}]);
  await putManifest(api, 'a', 'v1', image).expect(404);
  await sendBytes(api, 'post', `/v2/a/blobs/uploads/?digest=${sha512}`, bytes).expect(201);
  t.is((await putManifest(api, 'a', 'v1', image)).status, 201);
});

test('what an artifact of another media type calls layers is its own affair', async (t) => {
  const {api} = await startInProcess(t);
  const mediaType = 'application/vnd.example.v1+json';
  const artifact = contentOf(JSON.stringify({mediaType, layers: ['anything']}), mediaType);
  const answer = await putManifest(api, 'a', 'v1', artifact);
  t.is(answer.status, 201);
});

test('a subject that does not exist is no reason to refuse, and is named by OCI-Subject', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const subject = imageOf([randomContent()]);
  const artifactType = 'application/vnd.example.v1+json';
  const fields = {subject: subject.descriptor};
  for (const manifest of [
    imageOf([], fields),
    indexOf([], fields),
    contentOf(JSON.stringify({mediaType: artifactType, ...fields}), artifactType),
  ]) {
    const answer = await putManifest(api, 'a', manifest.digest, manifest).expect(201);
    t.is(answer.get('OCI-Subject'), subject.digest);
  }
});
