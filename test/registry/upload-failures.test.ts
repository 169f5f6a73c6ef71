/** A storage that fails in the middle, or a server that dies there, leaves an upload that can go on. */
import {Readable} from 'node:stream';
import test from 'ava';
import {createMemoryDriver} from '../support/memory-driver/memory-driver.ts';
import {digestOf} from '../../src/oci/digest.ts';
import {parseRepositoryName} from '../../src/oci/name.ts';
import {Uploads} from '../../src/registry/uploads.ts';
import {DigestThread} from '../../src/storage/digest-thread.ts';
import {StorageError} from '../../src/storage/driver.ts';
import {createStores} from '../../src/storage/stores.ts';
import {
  getBytes,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys, writeKey} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {sendPart, until} from '../support/raw-request.ts';
import {sameBytes} from '../support/same-bytes.ts';

const name = parseRepositoryName('a');
const now = () => new Date();
const chunkOf = (text: string, start: number) => ({
  body: Readable.from([Buffer.from(text)], {objectMode: false}),
  start,
  length: text.length,
  signal: new AbortController().signal,
});

/** Uploads over a storage that has no room left when the first key of this kind is created. */
function failingOnce(kind: RegExp) {
  const driver = createMemoryDriver();
  const create = driver.create.bind(driver);
  let isFull = true;
  driver.create = async (key, content) => {
    if (isFull && kind.test(key)) {
      isFull = false;
      throw new StorageError('full', 'no space left');
    }
    return create(key, content);
  };
  const digestThread = new DigestThread();
  const stores = createStores(driver, {report: () => undefined, now, digestThread});
  const uploads = new Uploads(stores, digestThread, {expireAfter: 1e9, now});
  return {stores, uploads};
}

for (const chunks of [['one chunk'], ['two ', 'chunks']]) {
  test(`a closing PUT after ${chunks.join('')} that failed at the link can be repeated`, async (t) => {
    const {stores, uploads} = failingOnce(/_layers/);
    const text = chunks.join('');
    const digest = digestOf(Buffer.from(text));
    let state = await uploads.start(name);
    for (const chunk of chunks) state = await uploads.append(state, chunkOf(chunk, state.offset));
    await t.throwsAsync(uploads.finish(state, digest, undefined), {message: 'no space left'});
    t.is(await stores.layers.stat(name, digest), undefined);
    await uploads.finish(state, digest, undefined);
    t.is((await stores.layers.stat(name, digest))?.size, text.length);
  });
}

test('an empty segment that a dead server left does not block its upload', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest} = randomContent(20);
  const location = await startUpload(server.api, 'a');
  await sendChunk(server.api, location, bytes.subarray(0, 10), 0).expect(202);
  await server.stop();
  const id = /uploads\/([0-9a-f-]{36})\?/.exec(location)?.[1] ?? '';
  await writeKey(server, `${keys.uploads('a')}/${id}/000000000000010.segment`, '');
  const {api} = await startInProcess(t, {dataDir: server.dataDir});
  t.is((await api.get(location).expect(204)).get('Range'), '0-9');
  await sendChunk(api, location, bytes.subarray(10), 10).expect(202);
  await api.put(withDigest(location, digest)).expect(201);
  sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
});

test('segments behind a gap do not count', async (t) => {
  const server = await startInProcess(t);
  const location = await startUpload(server.api, 'a');
  await sendBytes(server.api, 'patch', location, Buffer.from('0123456789')).expect(202);
  await server.stop();
  const id = /uploads\/([0-9a-f-]{36})\?/.exec(location)?.[1] ?? '';
  await writeKey(server, `${keys.uploads('a')}/${id}/000000000000020.segment`, 'behind');
  await writeKey(server, `${keys.uploads('a')}/${id}/000000000000005.segment`, 'inside');
  await writeKey(server, `${keys.uploads('a')}/${id}/notes`, 'by hand');
  const {api} = await startInProcess(t, {dataDir: server.dataDir});
  t.is((await api.get(location).expect(204)).get('Range'), '0-9');
  await api.delete(location).expect(204);
  t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
});

test('a single POST that was cut publishes nothing and leaves no upload', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest} = randomContent(3_000_000);
  const path = `/v2/a/blobs/uploads/?digest=${digest}`;
  const part = bytes.subarray(0, 2_000_000);
  const {socket} = await sendPart(t, server, {method: 'POST', path, length: bytes.length, part});
  await until(async () => (await filesBelow(server, keys.uploads('a'))).length > 1);
  socket.resetAndDestroy();
  await until(() => server.log.some(({route}) => route === 'upload-start'));
  // Nobody was told its address, so nobody could go on.
  await until(async () => (await filesBelow(server, keys.uploads('a'))).length === 0);
  await server.api.get(`/v2/a/blobs/${digest}`).expect(404);
  await sendBytes(server.api, 'post', path, bytes).expect(201);
  t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
});
