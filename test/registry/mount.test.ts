/** Blobs that another repository has already need not be pushed again. */
import test from 'ava';
import {
  codesOf,
  getBytes,
  pushBlob,
  randomContent,
  sendBytes,
  startUpload,
  strangeDigest,
  withDigest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';

test('mount with from answers 201 with the Location of the blob, and the blob can be pulled', async (t) => {
  const {api} = await startInProcess(t);
  const blob = randomContent();
  await pushBlob(api, 'a/b', blob);
  const path = `/v2/c/d/blobs/uploads/?mount=${blob.digest}&from=a%2Fb`;
  const answer = await api.post(path).expect(201);
  t.is(answer.get('Location'), `/v2/c/d/blobs/${blob.digest}`);
  t.is(answer.get('Docker-Content-Digest'), blob.digest);
  const pulled = await getBytes(api, answer.get('Location') ?? '').expect(200);
  t.true(blob.bytes.equals(pulled.body as Buffer));
});

for (const from of ['', '&from=']) {
  test(`mount without from ("${from}") takes the blob from whatever repository has it`, async (t) => {
    const {api} = await startInProcess(t);
    const blob = randomContent();
    await pushBlob(api, 'a/b', blob);
    await api.post(`/v2/c/d/blobs/uploads/?mount=${blob.digest}${from}`).expect(201);
    const answer = await api.head(`/v2/c/d/blobs/${blob.digest}`);
    t.is(answer.status, 200);
  });
}

test('mount by sha512 finds a blob that was pushed by it, with and without from', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, sha512, digest} = randomContent();
  await sendBytes(api, 'post', `/v2/a/blobs/uploads/?digest=${sha512}`, bytes).expect(201);
  await api.post(`/v2/b/blobs/uploads/?mount=${sha512}&from=a`).expect(201);
  await api.post(`/v2/c/blobs/uploads/?mount=${sha512}`).expect(201);
  for (const name of ['b', 'c']) {
    for (const each of [sha512, digest]) {
      const answer = await getBytes(api, `/v2/${name}/blobs/${each}`).expect(200);
      t.true(bytes.equals(answer.body as Buffer));
    }
  }
});

const missing: Readonly<Record<string, (digest: string) => string>> = {
  'a blob that nobody has': () => `mount=${strangeDigest}`,
  'a blob that the source does not have': (digest) => `mount=${digest}&from=other`,
  'a source that does not exist': (digest) => `mount=${digest}&from=no/where`,
};

for (const [what, query] of Object.entries(missing)) {
  test(`mount of ${what} answers 202 and opens a session that takes the blob`, async (t) => {
    const {api} = await startInProcess(t);
    const blob = randomContent();
    await pushBlob(api, 'a', blob);
    await pushBlob(api, 'other', randomContent());
    const location = await startUpload(api, 'b', `?${query(blob.digest)}`);
    const path = withDigest(location, blob.digest);
    const answer = await sendBytes(api, 'put', path, blob.bytes).expect(201);
    t.is(answer.get('Location'), `/v2/b/blobs/${blob.digest}`);
  });
}

test('mount from a name that is none answers 400 NAME_INVALID', async (t) => {
  const {api} = await startInProcess(t);
  const path = `/v2/b/blobs/uploads/?mount=${strangeDigest}&from=..%2Fa`;
  t.deepEqual(codesOf(await api.post(path).expect(400)), ['NAME_INVALID']);
});

test('a blob deleted from its source stays in the repository that mounted it', async (t) => {
  const {api} = await startInProcess(t);
  const blob = randomContent();
  await pushBlob(api, 'a', blob);
  await api.post(`/v2/b/blobs/uploads/?mount=${blob.digest}&from=a`).expect(201);
  await api.delete(`/v2/a/blobs/${blob.digest}`).expect(202);
  await api.get(`/v2/a/blobs/${blob.digest}`).expect(404);
  const answer = await getBytes(api, `/v2/b/blobs/${blob.digest}`).expect(200);
  t.true(blob.bytes.equals(answer.body as Buffer));
});

test('a blob of one repository can’t be read, asked for or deleted through another', async (t) => {
  const {api} = await startInProcess(t);
  const blob = randomContent();
  await pushBlob(api, 'a/b', blob);
  for (const name of ['c/d', 'a', 'a/b/c', 'b']) {
    const path = `/v2/${name}/blobs/${blob.digest}`;
    t.deepEqual(codesOf(await api.get(path).expect(404)), ['BLOB_UNKNOWN']);
    t.is((await api.head(path)).status, 404);
    t.deepEqual(codesOf(await api.delete(path).expect(404)), ['BLOB_UNKNOWN']);
  }
  await api.get(`/v2/a/b/blobs/${blob.digest}`).expect(200);
});
