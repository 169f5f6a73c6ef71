/** A disk without room for another byte. */
import {mkdir, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {holdfast} from '../cli/holdfast.ts';
import {run} from '../support/command.ts';
import {
  getBytes,
  pushImage,
  randomContent,
  sendBytes,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {errorCode, exchange, openWire} from '../support/raw-http.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {sameBytes} from '../support/same-bytes.ts';

const notRoot = process.getuid?.() === 0 ? [] : ['only root may mount'];

testUnless(
  notRoot,
  'on a full disk every write is answered 507 and leaves nothing, and pulls go on; with room again all writes succeed',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const disk = path.join(dataDir, 'registry');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
    const server = await startInProcess(t, {dataDir});
    const {api} = server;
    const layer = randomContent(1_000_000);
    const image = await pushImage(api, 'a', {tag: 'v1', layers: [layer]});
    const location = await startUpload(api, 'a');
    const filler = path.join(disk, 'filler');
    await t.throwsAsync(writeFile(filler, Buffer.alloc(8_000_000)), {code: 'ENOSPC'});
    const before = await filesBelow(server, 'docker');
    const {bytes, digest} = randomContent(1_000_000);
    const type = [`Content-Type: ${image.descriptor.mediaType}`];
    const writes = [
      [`POST /v2/a/blobs/uploads/?digest=${digest}`, [], bytes],
      [`PATCH ${location}`, [], bytes],
      ['POST /v2/b/blobs/uploads/'],
      [`POST /v2/b/blobs/uploads/?mount=${layer.digest}&from=a`],
      ['PUT /v2/a/manifests/v2', type, image.bytes],
    ] as const;
    for (const [line, headers, body] of writes) {
      const answer = await exchange(t, server, line, headers ? [...headers] : [], body);
      t.is(answer?.status, 507, line);
      t.is(errorCode(answer), 'UNAVAILABLE');
      t.regex(String(answer?.body), /the storage is full/);
      t.is((await api.head(`/v2/a/blobs/${digest}`)).status, 404);
      sameBytes(t, (await getBytes(api, `/v2/a/blobs/${layer.digest}`)).body, layer.bytes);
      sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1')).body, image.bytes);
    }
    t.deepEqual(await filesBelow(server, 'docker'), before);
    t.deepEqual(await filesBelow(server, `_holdfast/epochs/1`), ['owner.json']);

    await rm(filler);
    for (const [line, headers, body] of writes) {
      const answer = await exchange(t, server, line, headers ? [...headers] : [], body);
      t.true((answer?.status ?? 500) < 300, `${line}: ${answer?.status ?? 0}`);
    }
    sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
    t.is((await filesBelow(server, keys.uploads('a'))).length, 2);
  },
);

testUnless(
  notRoot,
  'a disk that others fill while a blob comes ends its push with 507, and nothing is left of it',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const disk = path.join(dataDir, 'registry');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', disk]);
    const server = await startInProcess(t, {dataDir, http: {drainTimeout: '1s'}});
    const {bytes, digest} = randomContent(12_000_000);
    const location = await startUpload(server.api, 'a');
    const before = await filesBelow(server, 'docker');
    const wire = await openWire(t, server);
    const to = `POST /v2/a/blobs/uploads/?digest=${digest}`;
    await wire.send(to, [`Content-Length: ${bytes.length}`], bytes.subarray(0, 4_000_000));
    // It is on its way to the disk.
    while ((await filesBelow(server, '')).every((file) => !file.includes('.part')));
    const filler = path.join(disk, 'filler');
    await t.throwsAsync(writeFile(filler, Buffer.alloc(30_000_000)), {code: 'ENOSPC'});
    await wire.write(bytes.subarray(4_000_000)).catch(() => undefined);
    t.is((await wire.answer())?.status, 507);
    t.is((await server.api.head(`/v2/a/blobs/${digest}`)).status, 404);
    await rm(filler);
    t.deepEqual(await filesBelow(server, 'docker'), before);
    const next = await sendBytes(server.api, 'patch', location, bytes).expect(202);
    await server.api.put(withDigest(next.get('Location') ?? '', digest)).expect(201);
    sameBytes(t, (await getBytes(server.api, `/v2/a/blobs/${digest}`)).body, bytes);
  },
);

testUnless(
  notRoot,
  'a file system that grows under a server that found it full takes pushes again: no restart, and uploads go on where they were',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const disk = path.join(dataDir, 'registry');
    await mkdir(disk);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
    const {api} = await startInProcess(t, {dataDir});
    const {bytes, digest} = randomContent(4_000_000);
    const start = await startUpload(api, 'a');
    const half = await sendBytes(api, 'patch', start, bytes.subarray(0, 2_000_000)).expect(202);
    const next = half.get('Location') ?? '';
    const whole = randomContent(8_000_000);
    const to = `/v2/a/blobs/uploads/?digest=${whole.digest}`;
    t.is((await sendBytes(api, 'post', to, whole.bytes)).status, 507);
    await writeFile(path.join(disk, 'filler'), Buffer.alloc(3_500_000));
    t.is((await sendBytes(api, 'patch', next, bytes.subarray(2_000_000))).status, 507);
    await run('mount', ['-o', 'remount,size=64m', disk]);
    const status = await api.get(next).expect(204);
    const kept = Number(status.get('Range')?.split('-')[1]) + 1;
    t.true(kept >= 2_000_000);
    const rest = bytes.subarray(kept);
    const last = await sendBytes(api, 'patch', status.get('Location') ?? '', rest).expect(202);
    await api.put(withDigest(last.get('Location') ?? '', digest)).expect(201);
    await sendBytes(api, 'post', to, whole.bytes).expect(201);
    const image = await pushImage(api, 'a', {tag: 'v1', layers: [whole]});
    sameBytes(t, (await getBytes(api, '/v2/a/manifests/v1')).body, image.bytes);
    sameBytes(t, (await getBytes(api, `/v2/a/blobs/${digest}`)).body, bytes);
  },
);

const starts: Readonly<Record<string, string>> = {
  'the storage': 'registry',
  'the database': 'database',
  everything: '.',
};

for (const [what, below] of Object.entries(starts)) {
  testUnless(notRoot, `a start on a full disk says which one is full: ${what}`, async (t) => {
    const cwd = await temporaryDirectory(t);
    const disk = path.join(cwd, 'data', below);
    await mkdir(disk, {recursive: true, mode: 0o700});
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', disk]);
    t.teardown(async () => run('umount', ['-l', disk]));
    const filler = path.join(disk, 'filler');
    await t.throwsAsync(writeFile(filler, Buffer.alloc(2_000_000)), {code: 'ENOSPC'});
    const args = ['serve', '--tls', 'off', '--listen', '127.0.0.1:0'];
    const {code, stderr} = await holdfast(args, {cwd});
    t.is(code, 1);
    t.is(
      stderr,
      `holdfast: the file system of ${path.join(disk)} is full: make room, then start again\n` +
        `  see how full:         df -h ${path.join(disk)}\n`,
    );
  });
}
