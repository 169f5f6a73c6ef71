/** What happens before a disk is full: some space is kept from blobs, and what can't fit is refused before it comes. */
import {mkdir, statfs} from 'node:fs/promises';
import path from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {
  config,
  errorsOf,
  getBytes,
  pushBlob,
  pushImage,
  randomContent,
  sendBytes,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {errorCode, openWire} from '../support/raw-http.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {sameBytes} from '../support/same-bytes.ts';

const MiB = 1024 * 1024;
const notRoot = process.getuid?.() === 0 ? [] : ['only root may mount'];

/** The storage root is a file system of its own; a size is as mount takes it. */
async function startOnDisk(
  t: ExecutionContext,
  {size, reserve}: {readonly size: string; readonly reserve: string},
): Promise<InProcess & {readonly disk: string}> {
  const dataDir = await temporaryDirectory(t);
  const disk = path.join(dataDir, 'registry');
  await mkdir(disk);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk]);
  t.teardown(async () => run('umount', ['-l', disk]));
  return {...(await startInProcess(t, {dataDir, storage: {reserve}})), disk};
}

testUnless(
  notRoot,
  'a body that is announced and would not fit is refused before a byte of it comes',
  async (t) => {
    const holdfast = await startOnDisk(t, {size: '8m', reserve: '4MiB'});
    const location = await startUpload(holdfast.api, 'a');
    for (const request of [
      `PATCH ${location}`,
      `POST /v2/a/blobs/uploads/?digest=${config.digest}`,
    ]) {
      const wire = await openWire(t, holdfast);
      await wire.send(request, [`Content-Length: ${5 * MiB}`, 'Expect: 100-continue']);
      const answer = await wire.answer();
      t.is(answer?.status, 507);
      t.is(errorCode(answer), 'UNAVAILABLE');
      t.regex(
        String(answer?.body),
        /the storage is full: 5242880 bytes are announced, and there is no room for so many"/,
      );
    }
    const small = randomContent(MiB);
    const next = await sendBytes(holdfast.api, 'patch', location, small.bytes).expect(202);
    await holdfast.api.put(withDigest(next.get('Location') ?? '', small.digest)).expect(201);
    sameBytes(t, (await getBytes(holdfast.api, `/v2/a/blobs/${small.digest}`)).body, small.bytes);
  },
);

testUnless(
  notRoot,
  'where only the reserve is left uploads are refused at their start, pulls and deletes go on, and room makes pushes work again',
  async (t) => {
    const holdfast = await startOnDisk(t, {size: '8m', reserve: '50%'});
    const layer = randomContent(3 * MiB);
    const image = await pushImage(holdfast.api, 'a', {tag: 'v1', layers: [layer]});
    await run('mount', ['-o', 'remount,size=6m', holdfast.disk]);

    const refused = await holdfast.api.post('/v2/a/blobs/uploads/').expect(507);
    t.is(errorsOf(refused)[0]?.message, 'the storage is full: what is left of it is reserved');
    sameBytes(t, (await getBytes(holdfast.api, `/v2/a/blobs/${layer.digest}`)).body, layer.bytes);
    await holdfast.api.delete('/v2/a/manifests/v1').expect(202);
    await holdfast.api.get(`/v2/a/manifests/${image.digest}`).expect(200);

    await run('mount', ['-o', 'remount,size=16m', holdfast.disk]);
    await pushBlob(holdfast.api, 'a', randomContent(MiB));
  },
);

testUnless(
  notRoot,
  'a body of unknown length is stopped at the reserve, and leaves nothing on the disk',
  async (t) => {
    const holdfast = await startOnDisk(t, {size: '256m', reserve: '100MiB'});
    const location = await startUpload(holdfast.api, 'a');
    const wire = await openWire(t, holdfast);
    await wire.send(`PATCH ${location}`, ['Transfer-Encoding: chunked']);
    const chunk = randomContent(MiB).bytes;
    let sent = 0;
    while (sent < 256 && (await wire.sendChunk(chunk))) sent += 1;
    const answer = await wire.answer();
    t.is(answer?.status, 507);
    t.regex(String(answer?.body), /there is no more room for what is coming/);
    const left = await filesBelow(holdfast, 'docker/registry/v2/repositories/a/_uploads');
    t.true(left.every((file) => file.endsWith('/startedat')));
    await pushBlob(holdfast.api, 'a', randomContent(8 * MiB));
  },
);

testUnless(
  notRoot,
  'what is announced and still coming is counted: the second of two that fit only alone is refused, and accepted later',
  async (t) => {
    const holdfast = await startOnDisk(t, {size: '16m', reserve: '4MiB'});
    const [first, second] = [randomContent(8 * MiB), randomContent(8 * MiB)];
    const wire = await openWire(t, holdfast);
    const length = `Content-Length: ${first.bytes.length}`;
    await wire.send(`PATCH ${await startUpload(holdfast.api, 'a')}`, [
      length,
      'Expect: 100-continue',
    ]);
    t.is((await wire.answer())?.status, 100);

    const push = async () =>
      sendBytes(holdfast.api, 'post', `/v2/a/blobs/uploads/?digest=${second.digest}`, second.bytes);
    t.is((await push()).status, 507);
    wire.socket.destroy();
    for (;;) {
      const {status} = await push();
      if (status === 201) break;
      t.is(status, 507);
    }
  },
);

testUnless(
  notRoot,
  'an announcement of all the room whose bytes do not come keeps no small push out',
  async (t) => {
    const holdfast = await startOnDisk(t, {size: '16m', reserve: '4MiB'});
    const location = await startUpload(holdfast.api, 'a');
    const {bavail, bsize} = await statfs(holdfast.disk);
    const wire = await openWire(t, holdfast);
    const all = bavail * bsize - 4 * MiB;
    await wire.send(`PATCH ${location}`, [`Content-Length: ${all}`, 'Expect: 100-continue']);
    t.is((await wire.answer())?.status, 100);
    await wire.write('x');
    const small = randomContent(1_000_000);
    await pushBlob(holdfast.api, 'b', small);
    sameBytes(t, (await getBytes(holdfast.api, `/v2/b/blobs/${small.digest}`)).body, small.bytes);
    const large = randomContent(9 * MiB);
    const path = `/v2/b/blobs/uploads/?digest=${large.digest}`;
    t.is((await sendBytes(holdfast.api, 'post', path, large.bytes)).status, 507);
  },
);
