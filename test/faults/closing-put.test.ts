/** The request that closes an upload is answered by what became of the blob, not of the upload. */
import test from 'ava';
import {
  errorsOf,
  getBytes,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {until} from '../support/raw-request.ts';
import {faultySystem} from './faulty-system.ts';
import {sameBytes} from '../support/same-bytes.ts';

test('chunks whose joining failed while the disk did are joined by the closing PUT', async (t) => {
  const {system, arm, disarm, count} = faultySystem();
  const {api} = await startInProcess(t, {system});
  const {bytes, digest} = randomContent(300);
  const start = await startUpload(api, 'a');
  disarm();
  // Without a Content-Range each is a segment of its own.
  const send = async (location: string | undefined, from: number) =>
    sendBytes(api, 'patch', location ?? '', bytes.subarray(from, from + 100)).expect(202);
  const first = await send(start, 0);
  const second = await send(first.get('Location'), 100);
  // Now the join has taken two chunks, and waits; reading the third back fails.
  await until(() => count('read') === 2);
  const struck = arm({call: 'read', code: 'EIO', nth: 1});
  const third = await send(second.get('Location'), 200);
  await until(() => struck() > 0);
  disarm();
  await api.put(withDigest(third.get('Location') ?? '', digest)).expect(201);
  sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
});

test('a blob that is published is answered 201 although its upload can’t be removed', async (t) => {
  const {system, arm, disarm} = faultySystem();
  const {api} = await startInProcess(t, {system});
  const {bytes, digest} = randomContent(300);
  const start = await startUpload(api, 'a');
  const first = await sendChunk(api, start, bytes, 0).expect(202);
  const path = withDigest(first.get('Location') ?? '', digest);
  // The first finds no directory for the blob, the second gives it its key.
  const struck = arm({call: 'rename', code: 'EIO', nth: 3});
  t.is((await api.put(path)).status, 201);
  t.is(struck(), 1);
  disarm();
  sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
});

test('bytes of another digest are told so although their upload can’t be removed', async (t) => {
  const {system, arm, disarm} = faultySystem();
  const {api} = await startInProcess(t, {system});
  t.teardown(disarm);
  const path = withDigest(await startUpload(api, 'a'), randomContent().digest);
  arm({call: 'rename', code: 'EIO'});
  const answer = await sendBytes(api, 'put', path, randomContent().bytes);
  t.is(answer.status, 400);
  t.is(errorsOf(answer)[0]?.code, 'DIGEST_INVALID');
});

test('what a writer could not remove beside a chunk is removed with the upload', async (t) => {
  const {system, arm, disarm} = faultySystem();
  const server = await startInProcess(t, {system});
  const {bytes, digest} = randomContent(300);
  const start = await startUpload(server.api, 'a');
  arm({call: 'unlink', code: 'EIO'});
  const first = await sendChunk(server.api, start, bytes.subarray(0, 100), 0).expect(202);
  disarm();
  t.is((await filesBelow(server, keys.uploads('a'))).filter(isPart).length, 1);
  const next = first.get('Location') ?? '';
  const second = await sendChunk(server.api, next, bytes.subarray(100), 100).expect(202);
  await server.api.put(withDigest(second.get('Location') ?? '', digest)).expect(201);
  t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
});

const isPart = (file: string): boolean => file.endsWith('.part');
