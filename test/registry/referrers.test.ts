/** `GET /v2/<name>/referrers/<digest>`. */
import test from 'ava';
import {
  type Api,
  codesOf,
  config,
  type Content,
  contentOf,
  imageOf,
  indexOf,
  mediaTypes,
  pushBlob,
  pushImage,
  putManifest,
  strangeDigest,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';

const signature = 'application/vnd.example.signature.v1+json';
const sbom = 'application/vnd.example.sbom.v1+json';

async function put(api: Api, manifest: Content, name = 'a'): Promise<Content> {
  await pushBlob(api, name, config);
  await putManifest(api, name, manifest.digest, manifest).expect(201);
  return manifest;
}

interface Item {
  readonly digest: string;
  readonly artifactType?: string;
}
const listOf = async (api: Api, digest: string, query = '') => {
  const answer = await api.get(`/v2/a/referrers/${digest}${query}`).expect(200);
  return (answer.body as {manifests: readonly Item[]}).manifests;
};

const bytesOf = ({digest}: Pick<Item, 'digest'>) => digest;
const byDigest = (items: readonly Content[]) => items.map(bytesOf).sort();

test('the list is an image index of descriptors with media type, digest, size, artifact type and annotations', async (t) => {
  const {api} = await startInProcess(t);
  const subject = await pushImage(api, 'a');
  const annotations = {'org.example.a': 'b', 'org.example.c': ''};
  const fields = {subject: subject.descriptor, artifactType: signature, annotations};
  const referrer = await put(api, imageOf([], fields));
  const answer = await api.get(`/v2/a/referrers/${subject.digest}`).expect(200);
  t.is(answer.get('Content-Type'), mediaTypes.index);
  t.is(answer.get('OCI-Filters-Applied'), undefined);
  t.deepEqual(answer.body, {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [{...referrer.descriptor, artifactType: signature, annotations}],
  });
});

const artifactTypes: Readonly<Record<string, {referrer: (of: object) => Content; type?: string}>> =
  {
    'an image with an artifactType shows it': {
      referrer: (fields) => imageOf([], {...fields, artifactType: signature}),
      type: signature,
    },
    'an image without one shows the media type of its config': {
      referrer: (fields) => imageOf([], fields),
      type: mediaTypes.config,
    },
    'an image with an empty one shows the media type of its config': {
      referrer: (fields) => imageOf([], {...fields, artifactType: ''}),
      type: mediaTypes.config,
    },
    'an index with an artifactType shows it': {
      referrer: (fields) => indexOf([], {...fields, artifactType: sbom}),
      type: sbom,
    },
    'an index without one shows none': {referrer: (fields) => indexOf([], fields)},
    'an index with an empty one shows none': {
      referrer: (fields) => indexOf([], {...fields, artifactType: ''}),
    },
    'an artifact of a media type of its own shows its artifactType': {
      referrer: (fields) =>
        contentOf(JSON.stringify({mediaType: sbom, artifactType: signature, ...fields}), sbom),
      type: signature,
    },
  };

for (const [title, {referrer, type}] of Object.entries(artifactTypes)) {
  test(`among the referrers ${title}`, async (t) => {
    const {api} = await startInProcess(t);
    const subject = await pushImage(api, 'a');
    const {descriptor} = await put(api, referrer({subject: subject.descriptor}));
    t.deepEqual(await listOf(api, subject.digest), [
      {...descriptor, ...(type === undefined ? {} : {artifactType: type})},
    ]);
  });
}

test('?artifactType= keeps those of that type and says so in OCI-Filters-Applied', async (t) => {
  const {api} = await startInProcess(t);
  const {digest, descriptor: subject} = await pushImage(api, 'a');
  const signatures = [
    await put(api, imageOf([], {subject, artifactType: signature})),
    await put(api, indexOf([], {subject, artifactType: signature})),
  ];
  await put(api, imageOf([], {subject, artifactType: sbom}));
  await put(api, indexOf([], {subject}));
  const query = `?artifactType=${encodeURIComponent(signature)}`;
  const answer = await api.get(`/v2/a/referrers/${digest}${query}`).expect(200);
  t.is(answer.get('OCI-Filters-Applied'), 'artifactType');
  t.deepEqual((await listOf(api, digest, query)).map(bytesOf), byDigest(signatures));
  const none = await api.get(`/v2/a/referrers/${digest}?artifactType=no/such`).expect(200);
  t.is(none.get('OCI-Filters-Applied'), 'artifactType');
  t.deepEqual((none.body as {manifests: unknown}).manifests, []);
  t.is((await listOf(api, digest)).length, 4);
});

test('?artifactType= finds images by the media type of their config', async (t) => {
  const {api} = await startInProcess(t);
  const {digest, descriptor: subject} = await pushImage(api, 'a');
  const image = await put(api, imageOf([], {subject}));
  const query = `?artifactType=${encodeURIComponent(mediaTypes.config)}`;
  t.deepEqual((await listOf(api, digest, query)).map(bytesOf), [image.digest]);
});

test('a subject that nobody has pushed, or a repository, has an empty list, not a 404', async (t) => {
  const {api} = await startInProcess(t);
  await pushImage(api, 'a');
  t.deepEqual(await listOf(api, strangeDigest), []);
  const answer = await api.get(`/v2/no/where/referrers/${strangeDigest}`).expect(200);
  t.deepEqual((answer.body as {manifests: unknown}).manifests, []);
});

test('referrers that were pushed before their subject are listed', async (t) => {
  const {api} = await startInProcess(t);
  const subject = imageOf([]);
  const referrer = await put(api, imageOf([], {subject: subject.descriptor}));
  t.deepEqual((await listOf(api, subject.digest)).map(bytesOf), [referrer.digest]);
});

for (const digest of ['sha256:abc', 'md5:d41d8cd98f00b204e9800998ecf8427e', 'latest', '%zz']) {
  test(`referrers of ${digest} answer 400 DIGEST_INVALID`, async (t) => {
    const {api} = await startInProcess(t);
    const answer = await api.get(`/v2/a/referrers/${digest}`).expect(400);
    t.deepEqual(codesOf(answer), ['DIGEST_INVALID']);
  });
}

test('referrers of one repository are not another’s', async (t) => {
  const {api} = await startInProcess(t);
  const subject = await pushImage(api, 'a');
  await put(api, imageOf([], {subject: subject.descriptor}), 'b');
  t.deepEqual(await listOf(api, subject.digest), []);
});

test('a referrer that is deleted leaves the list, and the disk; the others stay', async (t) => {
  const holdfast = await startInProcess(t);
  const {api} = holdfast;
  const {digest, descriptor: subject} = await pushImage(api, 'a');
  const gone = await put(api, imageOf([], {subject, artifactType: signature}));
  const stays = await put(api, imageOf([], {subject, artifactType: sbom}));
  await api.delete(`/v2/a/manifests/${gone.digest}`).expect(202);
  t.deepEqual((await listOf(api, digest)).map(bytesOf), [stays.digest]);
  const left = await filesBelow(holdfast, `${keys.repository('a')}/_referrers`);
  t.is(left.length, 1);
  t.true(left[0]?.includes(stays.digest.replace('sha256:', '')));
});

test('a subject that is deleted keeps its referrers', async (t) => {
  const {api} = await startInProcess(t);
  const {digest, descriptor: subject} = await pushImage(api, 'a');
  const referrer = await put(api, imageOf([], {subject}));
  await api.delete(`/v2/a/manifests/${digest}`).expect(202);
  t.deepEqual((await listOf(api, digest)).map(bytesOf), [referrer.digest]);
});

test('a referrer that is pushed twice is listed once', async (t) => {
  const {api} = await startInProcess(t);
  const {digest, descriptor: subject} = await pushImage(api, 'a');
  const referrer = await put(api, imageOf([], {subject}));
  await put(api, referrer);
  await putManifest(api, 'a', 'a-tag', referrer).expect(201);
  t.deepEqual((await listOf(api, digest)).map(bytesOf), [referrer.digest]);
});

test('a referrer pushed by sha512 is listed by it, to a subject named by sha512', async (t) => {
  const {api} = await startInProcess(t);
  const {sha512, descriptor} = await pushImage(api, 'a');
  const referrer = imageOf([], {subject: {...descriptor, digest: sha512}});
  const answer = await putManifest(api, 'a', referrer.sha512, referrer).expect(201);
  t.is(answer.get('OCI-Subject'), sha512);
  t.deepEqual((await listOf(api, sha512)).map(bytesOf), [referrer.sha512]);
  await api.delete(`/v2/a/manifests/${referrer.digest}`).expect(202);
  t.deepEqual(await listOf(api, sha512), []);
});
