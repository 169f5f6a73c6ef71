/** The request that closes an upload is answered by what became of the blob, not of the upload. */
import {cp, rm} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
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
import {memoryDirectory} from '../support/temporary-directory.ts';
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
  const closing = withDigest(first.get('Location') ?? '', digest);
  // The first finds no directory for the blob, the second gives it its key.
  const struck = arm({call: 'rename', code: 'EIO', nth: 3});
  t.is((await api.put(closing)).status, 201);
  t.is(struck(), 1);
  disarm();
  sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
});

test('bytes of another digest are told so although their upload can’t be removed', async (t) => {
  const {system, arm, disarm} = faultySystem();
  const {api} = await startInProcess(t, {system});
  t.teardown(disarm);
  const closing = withDigest(await startUpload(api, 'a'), randomContent().digest);
  arm({call: 'rename', code: 'EIO'});
  const answer = await sendBytes(api, 'put', closing, randomContent().bytes);
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

/** A server that makes no call of the disk any more once so many have been made since `dieAfter`. */
function mortalSystem() {
  let left = Infinity;
  const system = Object.fromEntries(
    Object.entries(realSystem).map(([name, real]) => [
      name,
      async (...args: readonly unknown[]) => {
        left -= 1;
        if (left < 0) throw Object.assign(new Error('EIO: it is dead'), {code: 'EIO'});
        return (real as (...all: readonly unknown[]) => Promise<unknown>)(...args);
      },
    ]),
  ) as unknown as System;
  return {
    system,
    dieAfter: (calls: number) => (left = calls),
    isDead: () => left < 0,
  };
}

/** What another host finds: it can't say whether the first still lives. */
async function foundElsewhere(t: ExecutionContext, dataDir: string): Promise<string> {
  const found = path.join(await memoryDirectory(t), 'data');
  await cp(dataDir, found, {recursive: true, filter: (file) => !file.endsWith('.sock')});
  await rm(path.join(found, 'registry/_holdfast/epochs/1/owner.json'));
  return found;
}

test('a closing PUT that is sent to the next server, since the first died during it, is answered 201, and no chunk is said to be lost', async (t) => {
  for (let calls = 0, isDead = true; isDead; calls += 7) {
    const mortal = mortalSystem();
    const first = await startInProcess(t, {system: mortal.system});
    t.teardown(() => mortal.dieAfter(Infinity));
    const {bytes, digest} = randomContent(300);
    const start = await startUpload(first.api, 'a');
    const sent = await sendChunk(first.api, start, bytes, 0).expect(202);
    const location = sent.get('Location') ?? '';
    mortal.dieAfter(calls);
    const answer = await first.api.put(withDigest(location, digest));
    isDead = mortal.isDead();
    const {api} = await startInProcess(t, {dataDir: await foundElsewhere(t, first.dataDir)});
    const when = `${answer.status}, after ${calls} calls`;
    const asked = await api.get(location);
    const {status} = await api.put(withDigest(location, digest));
    // Where the bytes have left it for the blob, the upload is over.
    if (asked.status === 204) t.is(asked.get('Range'), '0-299', when);
    else t.true(asked.status === 404 && calls > 20, `${asked.status}, ${when}`);
    // Where all was done but the answer, too.
    t.true(status === 201 || (asked.status === 404 && calls > 40), `${status}, ${when}`);
    sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`).expect(200)).body, bytes);
  }
});

const isPart = (file: string): boolean => file.endsWith('.part');
