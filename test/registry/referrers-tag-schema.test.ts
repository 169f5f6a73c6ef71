/** Referrers from before the referrers API: an index under a tag made of the subject's digest. */
import test from 'ava';
import {
  type Api,
  config,
  type Content,
  imageOf,
  indexOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
} from '../support/content.ts';
import {keys, writeKey} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';

const tagOf = (digest: string): string => digest.replace(':', '-').slice(0, 7 + 64);

async function digestsOf(api: Api, subject: string): Promise<readonly string[]> {
  const answer = await api.get(`/v2/a/referrers/${subject}`).expect(200);
  return (answer.body as {manifests: readonly {digest: string}[]}).manifests.map(
    ({digest}) => digest,
  );
}

/** Writes a manifest as Distribution does, which knows nothing of referrers. */
async function store(server: InProcess, manifest: Content, tag?: string): Promise<void> {
  const {bytes, digest} = manifest;
  await writeKey(server, keys.blob(digest), bytes);
  await writeKey(server, keys.revision('a', digest), digest);
  if (tag === undefined) return;
  await writeKey(server, keys.tag('a', tag), digest);
  await writeKey(server, keys.tagIndex('a', tag, digest), digest);
}

test('referrers that Distribution stored are listed, with those pushed since', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const subject = await pushImage(api, 'a', {tag: 'v1'});
  const fields = {subject: subject.descriptor};
  const old = [
    imageOf([], {...fields, artifactType: 'application/vnd.one'}),
    indexOf([], {...fields, annotations: {a: 'b'}}),
  ];
  for (const referrer of old) await store(server, referrer);
  await store(server, indexOf(old), tagOf(subject.digest));
  t.deepEqual(await digestsOf(api, subject.digest), old.map(({digest}) => digest).sort());

  const young = imageOf([], {...fields, artifactType: 'application/vnd.two'});
  await putManifest(api, 'a', young.digest, young).expect(201);
  const all = [...old, young].map(({digest}) => digest).sort();
  t.deepEqual(await digestsOf(api, subject.digest), all);
});

test('what a list under the tag says falsely is not believed', async (t) => {
  const server = await startInProcess(t);
  const subject = await pushImage(server.api, 'a', {tag: 'v1'});
  const truly = imageOf([], {subject: subject.descriptor});
  const ofNothing = imageOf([], {annotations: {has: 'no subject'}});
  const ofAnother = imageOf([], {subject: randomContent().descriptor});
  for (const manifest of [truly, ofNothing, ofAnother]) await store(server, manifest);
  const absent = imageOf([], {subject: subject.descriptor, annotations: {is: 'absent'}});
  const listed = [truly, ofNothing, ofAnother, absent, randomContent()];
  await store(server, indexOf(listed), tagOf(subject.digest));
  t.deepEqual(await digestsOf(server.api, subject.digest), [truly.digest]);
});

test('a client that keeps the list under the tag itself does not double what it pushes', async (t) => {
  const {api} = await startInProcess(t);
  await pushBlob(api, 'a', config);
  const subject = await pushImage(api, 'a', {tag: 'v1'});
  const referrer = imageOf([], {subject: subject.descriptor});
  await putManifest(api, 'a', referrer.digest, referrer).expect(201);
  await putManifest(api, 'a', tagOf(subject.digest), indexOf([referrer])).expect(201);
  t.deepEqual(await digestsOf(api, subject.digest), [referrer.digest]);
  await api.delete(`/v2/a/manifests/${referrer.digest}`).expect(202);
  t.deepEqual(await digestsOf(api, subject.digest), []);
});

test('the tag of a sha512 subject is cut to 64 digits', async (t) => {
  const server = await startInProcess(t);
  const {descriptor, sha512} = await pushImage(server.api, 'a', {tag: 'v1'});
  const referrer = imageOf([], {subject: {...descriptor, digest: sha512}});
  await store(server, referrer);
  await store(server, indexOf([referrer]), tagOf(sha512));
  t.deepEqual(await digestsOf(server.api, sha512), [referrer.digest]);
});

test('a tag of that form that holds an image, or garbage, gives an empty list', async (t) => {
  const server = await startInProcess(t);
  const subject = await pushImage(server.api, 'a', {tag: 'v1'});
  await putManifest(server.api, 'a', tagOf(subject.digest), subject).expect(201);
  t.deepEqual(await digestsOf(server.api, subject.digest), []);
  await store(server, randomContent(), tagOf(subject.digest));
  t.deepEqual(await digestsOf(server.api, subject.digest), []);
});
