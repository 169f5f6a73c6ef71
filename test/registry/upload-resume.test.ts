/** Uploads outlive connections and servers. */
import {stat} from 'node:fs/promises';
import test from 'ava';
import {
  type Api,
  getBytes,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {diskPath, filesBelow, keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {rawRequest, sendPart, until} from '../support/raw-request.ts';

const MiB = 1024 * 1024;

/** Asks how far the upload is. */
async function statusOf(api: Api, location: string) {
  const answer = await api.get(location).expect(204);
  const end = Number(answer.get('Range')?.split('-')[1]) + 1;
  return {size: end, location: answer.get('Location') ?? ''};
}

/** Some bytes of a request that still runs have reached the disk. */
const isWriting = (server: InProcess) => async (): Promise<boolean> => {
  const directory = keys.uploads('a');
  const part = (await filesBelow(server, directory)).find((file) => file.endsWith('.part'));
  return part !== undefined && (await stat(diskPath(server, `${directory}/${part}`))).size > 0;
};

const hasLogged =
  ({log}: InProcess, route: string) =>
  () =>
    log.some((line) => line['msg'] === 'request' && line['route'] === route);

for (const method of ['PATCH', 'PUT']) {
  test(`after a ${method} that was cut in the middle the status tells what was kept, and the upload goes on from there`, async (t) => {
    const server = await startInProcess(t);
    const {bytes, digest} = randomContent(5 * MiB);
    const start = await startUpload(server.api, 'a');
    const path = method === 'PUT' ? withDigest(start, digest) : start;
    const part = bytes.subarray(0, 3 * MiB);
    const {socket} = await sendPart(t, server, {method, path, length: bytes.length, part});
    await until(isWriting(server));
    socket.end();
    await until(hasLogged(server, method === 'PUT' ? 'upload-finish' : 'upload-append'));
    const {size, location} = await statusOf(server.api, start);
    t.true(size > 0 && size <= part.length);
    const rest = await sendChunk(server.api, location, bytes.subarray(size), size).expect(202);
    await server.api.put(withDigest(rest.get('Location') ?? '', digest)).expect(201);
    t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
    t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
  });
}

test('a connection that was reset in the middle of a second chunk loses at most that chunk', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest} = randomContent(3 * MiB);
  const start = await startUpload(server.api, 'a');
  const first = await sendChunk(server.api, start, bytes.subarray(0, MiB), 0).expect(202);
  const {socket} = await sendPart(t, server, {
    path: first.get('Location') ?? '',
    length: 2 * MiB,
    part: bytes.subarray(MiB, 2 * MiB),
    headers: {'Content-Range': `${MiB}-${3 * MiB - 1}`},
  });
  await until(isWriting(server));
  socket.resetAndDestroy();
  await until(() => server.log.filter(({route}) => route === 'upload-append').length === 2);
  const {size, location} = await statusOf(server.api, start);
  t.true(size >= MiB && size <= 2 * MiB);
  await sendBytes(server.api, 'put', withDigest(location, digest), bytes.subarray(size))
    .set('Content-Range', `${size}-${bytes.length - 1}`)
    .expect(201);
  t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
});

test('a retry is served at once while the former connection is half-dead', async (t) => {
  const server = await startInProcess(t, {http: {bodyIdleTimeout: '10m'}});
  const {bytes, digest} = randomContent(3 * MiB);
  const start = await startUpload(server.api, 'a');
  const half = bytes.subarray(0, MiB);
  const {answer} = await sendPart(t, server, {path: start, length: bytes.length, part: half});
  await until(isWriting(server));
  const {size, location} = await statusOf(server.api, start);
  t.true(size <= MiB);
  await sendBytes(server.api, 'put', withDigest(location, digest), bytes.subarray(size)).expect(
    201,
  );
  t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
  t.regex(await answer, /^HTTP\/1\.1 416 /);
});

test('a retry of a whole chunk is told where to go on, when a half-dead connection has delivered a part of it', async (t) => {
  const server = await startInProcess(t, {http: {bodyIdleTimeout: '10m'}});
  const {bytes, digest} = randomContent(4 * MiB);
  const start = await startUpload(server.api, 'a');
  const part = bytes.subarray(0, 3 * MiB);
  await sendPart(t, server, {path: start, length: bytes.length, part});
  await until(isWriting(server));
  const refused = await sendChunk(server.api, start, bytes, 0).expect(416);
  const size = Number(refused.get('Range')?.split('-')[1]) + 1;
  t.true(size > 1 && size <= part.length);
  await sendChunk(server.api, start, bytes.subarray(size), size).expect(202);
  await server.api.put(withDigest(start, digest)).expect(201);
  t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
});

test('an upload can be given up while a half-dead connection holds it', async (t) => {
  const server = await startInProcess(t, {http: {bodyIdleTimeout: '10m'}});
  const start = await startUpload(server.api, 'a');
  const part = randomContent(MiB).bytes;
  await sendPart(t, server, {path: start, length: 2 * MiB, part});
  await until(isWriting(server));
  await server.api.delete(start).expect(204);
  await server.api.get(start).expect(404);
  t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
});

const beforeTheRestart: Readonly<Record<string, (location: string, next: string) => string>> = {
  'the last Location': (_, next) => next,
  'an earlier Location, which does not know the digest': (first) => first,
};

for (const [which, choose] of Object.entries(beforeTheRestart)) {
  for (const algorithm of ['sha256', 'sha512'] as const) {
    test(`after a restart an upload of ${algorithm} goes on and closes at ${which}`, async (t) => {
      const server = await startInProcess(t);
      const content = randomContent(300_000);
      const digest = algorithm === 'sha256' ? content.digest : content.sha512;
      const {bytes} = content;
      const first = await startUpload(server.api, 'a', `?digest-algorithm=${algorithm}`);
      const chunk = bytes.subarray(0, 100_000);
      const next = (await sendChunk(server.api, first, chunk, 0).expect(202)).get('Location') ?? '';
      await server.stop();

      const {api} = await startInProcess(t, {dataDir: server.dataDir});
      const location = choose(first, next);
      t.is((await statusOf(api, location)).size, 100_000);
      await sendChunk(api, location, bytes.subarray(100_000, 200_000), 100_000).expect(202);
      await sendBytes(api, 'put', withDigest(location, digest), bytes.subarray(200_000))
        .set('Content-Range', '200000-299999')
        .expect(201);
      t.true(bytes.equals((await getBytes(api, `/v2/a/blobs/${digest}`)).body as Buffer));
    });

    test(`after a restart an upload of ${algorithm} whose bytes have all come closes at ${which}`, async (t) => {
      const server = await startInProcess(t);
      const content = randomContent(200_000);
      const digest = algorithm === 'sha256' ? content.digest : content.sha512;
      const {bytes} = content;
      const first = await startUpload(server.api, 'a');
      await sendChunk(server.api, first, bytes.subarray(0, 100_000), 0).expect(202);
      const rest = await sendChunk(server.api, first, bytes.subarray(100_000), 100_000).expect(202);
      await server.stop();

      const {api} = await startInProcess(t, {dataDir: server.dataDir});
      const location = choose(first, rest.get('Location') ?? '');
      await api.put(withDigest(location, digest)).expect(201);
      t.true(bytes.equals((await getBytes(api, `/v2/a/blobs/${digest}`)).body as Buffer));
    });
  }
}

test('after a restart a wrong digest is still found out', async (t) => {
  const server = await startInProcess(t);
  const {bytes} = randomContent();
  const {digest} = randomContent();
  const first = await startUpload(server.api, 'a');
  const next = await sendBytes(server.api, 'patch', first, bytes).expect(202);
  await server.stop();
  const {api} = await startInProcess(t, {dataDir: server.dataDir});
  const answer = await api.put(withDigest(next.get('Location') ?? '', digest));
  t.is(answer.status, 400);
});

test('what a server that is stopped in the middle of a chunk had received is there after its start', async (t) => {
  const server = await startInProcess(t, {http: {drainTimeout: '1ms'}});
  const {bytes, digest} = randomContent(4 * MiB);
  const start = await startUpload(server.api, 'a');
  const part = bytes.subarray(0, 3 * MiB);
  await sendPart(t, server, {path: start, length: bytes.length, part});
  await until(isWriting(server));
  await server.stop();

  const after = await startInProcess(t, {dataDir: server.dataDir});
  const {size, location} = await statusOf(after.api, start);
  t.true(size > 0 && size <= part.length);
  const path = withDigest(location, digest);
  const answer = await rawRequest(after, {method: 'PUT', path, body: bytes.subarray(size)});
  t.is(answer.status, 201);
  t.true(bytes.equals((await getBytes(after.api, `/v2/a/blobs/${digest}`)).body as Buffer));
});
