/** A blob is what its digest says, or it is not at all. */
import test from 'ava';
import {
  type Api,
  codesOf,
  contentOf,
  emptyContent,
  errorsOf,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  strangeDigest,
  withDigest,
} from '../support/content.ts';
import {filesBelow, layoutFiles} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';

const MiB = 1024 * 1024;

type Attempt = (
  api: Api,
  bytes: Buffer,
  digest: string,
) => Promise<{status: number; body: unknown}>;

const attempts: Readonly<Record<string, Attempt>> = {
  'PUT with the bytes': async (api, bytes, digest) =>
    sendBytes(api, 'put', withDigest(await startUpload(api, 'a'), digest), bytes),
  'PUT after a chunk': async (api, bytes, digest) => {
    const location = await startUpload(api, 'a');
    await sendChunk(api, location, bytes, 0).expect(202);
    return api.put(withDigest(location, digest));
  },
  'PUT after two chunks': async (api, bytes, digest) => {
    const location = await startUpload(api, 'a');
    await sendChunk(api, location, bytes.subarray(0, 50), 0).expect(202);
    await sendChunk(api, location, bytes.subarray(50), 50).expect(202);
    return api.put(withDigest(location, digest));
  },
  'PUT of no bytes': async (api, _bytes, digest) =>
    api.put(withDigest(await startUpload(api, 'a'), digest)),
  'single POST': async (api, bytes, digest) =>
    sendBytes(api, 'post', `/v2/a/blobs/uploads/?digest=${digest}`, bytes),
};

const mismatch = test.macro({
  title: (_, form: string, algorithm: string) =>
    `a ${form} with another ${algorithm} digest answers 400 DIGEST_INVALID and publishes nothing`,
  async exec(t, form: string, algorithm: 'sha256' | 'sha512') {
    const server = await startInProcess(t);
    const {bytes} = randomContent();
    const other = randomContent();
    const announced = algorithm === 'sha256' ? other.digest : other.sha512;
    const answer = await attempts[form]?.(server.api, bytes, announced);
    t.is(answer?.status, 400);
    t.deepEqual(codesOf({body: answer?.body}), ['DIGEST_INVALID']);
    t.is(errorsOf({body: answer?.body})[0]?.detail?.['announced'], announced);
    t.deepEqual(await layoutFiles(server), []);
    t.deepEqual(await filesBelow(server, '_holdfast/digests'), []);
    await server.api.get(`/v2/a/blobs/${announced}`).expect(404);
  },
});

for (const form of Object.keys(attempts)) {
  test(mismatch, form, 'sha256');
  test(mismatch, form, 'sha512');
}

const badDigests: Readonly<Record<string, string>> = {
  'of the unsupported algorithm md5': 'md5:d41d8cd98f00b204e9800998ecf8427e',
  'of the unsupported algorithm sha384': `sha384:${'0'.repeat(96)}`,
  'that is too short': 'sha256:abc',
  'that is too long': `${strangeDigest}0`,
  'with upper-case digits': strangeDigest.toUpperCase().replace('SHA', 'sha'),
  'with digits that are not hexadecimal': `sha256:${'g'.repeat(64)}`,
  'without an algorithm': '0'.repeat(64),
  'that is empty': '',
  'named after a property of every object': 'constructor:abc',
};

const badDigest = test.macro({
  title: (_, kind: string) => `a digest ${kind} answers 400 DIGEST_INVALID wherever it is given`,
  async exec(t, kind: string) {
    const {api} = await startInProcess(t);
    const digest = encodeURIComponent(badDigests[kind] ?? '');
    const {bytes} = randomContent();
    const location = await startUpload(api, 'a');
    const answers = [
      await sendBytes(api, 'put', withDigest(location, digest), bytes),
      await sendBytes(api, 'post', `/v2/a/blobs/uploads/?digest=${digest}`, bytes),
      await api.post(`/v2/a/blobs/uploads/?mount=${digest}&from=b`),
      ...(digest === '' ? [] : [await api.get(`/v2/a/blobs/${digest}`)]),
      ...(digest === '' ? [] : [await api.delete(`/v2/a/blobs/${digest}`)]),
    ];
    for (const answer of answers) {
      t.is(answer.status, 400);
      t.deepEqual(codesOf(answer), ['DIGEST_INVALID']);
    }
    t.is((await api.get(location).expect(204)).get('Range'), '0-0');
  },
});

for (const kind of Object.keys(badDigests)) test(badDigest, kind);

test('a closing PUT without a digest answers 400 DIGEST_INVALID, and the upload goes on', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = randomContent();
  const location = await startUpload(api, 'a');
  const answer = await sendBytes(api, 'put', location, bytes).expect(400);
  t.deepEqual(codesOf(answer), ['DIGEST_INVALID']);
  await sendBytes(api, 'put', withDigest(location, digest), bytes).expect(201);
});

for (const algorithm of ['md5', 'sha384', 'SHA512', '']) {
  test(`digest-algorithm=${algorithm} on the POST answers 400 DIGEST_INVALID`, async (t) => {
    const {api} = await startInProcess(t);
    const path = `/v2/a/blobs/uploads/?digest-algorithm=${algorithm}`;
    t.deepEqual(codesOf(await api.post(path).expect(400)), ['DIGEST_INVALID']);
  });
}

test('a blob that was announced as sha512 can be closed by its sha256, and the other way round', async (t) => {
  const {api} = await startInProcess(t);
  for (const [announced, kind] of [
    ['sha512', 'digest'],
    ['sha256', 'sha512'],
  ] as const) {
    const content = randomContent();
    const location = await startUpload(api, 'a', `?digest-algorithm=${announced}`);
    const path = withDigest(location, content[kind]);
    const answer = await sendBytes(api, 'put', path, content.bytes).expect(201);
    t.is(answer.get('Docker-Content-Digest'), content[kind]);
  }
});

test('a single POST of no bytes for a blob that is not empty opens a session instead', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = randomContent();
  const location = await startUpload(api, 'a', `?digest=${digest}`);
  await sendBytes(api, 'put', withDigest(location, digest), bytes).expect(201);
  const empty = await api.post(`/v2/a/blobs/uploads/?digest=${emptyContent.digest}`);
  t.is(empty.status, 201);
});

test('a blob that is read once more, for a digest that nobody had announced, takes no more memory the larger it is', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, sha512} = contentOf(Buffer.alloc(128 * MiB, 'x'));
  const location = await startUpload(api, 'a');
  const moved = await sendChunk(api, location, bytes, 0).expect(202);
  // Of this file alone: others run in the same process.
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const watching = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers);
  }, 2);
  t.teardown(() => {
    clearInterval(watching);
  });
  await api.put(withDigest(moved.get('Location') ?? '', sha512)).expect(201);
  t.true(peak - before < 32 * MiB, `${Math.round((peak - before) / MiB)} MiB more`);
});
