/** A storage root that is not there is not an empty registry. */
import {once} from 'node:events';
import {mkdir, readdir, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {
  getBytes,
  pushImage,
  randomContent,
  sendBytes,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {compareNow, openIndexOf, requireAgreement} from '../support/content-index.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {errorCode, exchange} from '../support/raw-http.ts';
import {sendPart, until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {sameBytes} from '../support/same-bytes.ts';

const notRoot = process.getuid?.() === 0 ? [] : ['only root may mount'];

interface Ways {
  readonly holdfast: InProcess;
  readonly takeAway: () => Promise<void>;
  readonly bringBack: () => Promise<void>;
}

/** The requests of all clients, of what is there and what is not. */
async function requestsOf({api}: InProcess) {
  const layer = randomContent();
  const image = await pushImage(api, 'a', {tag: 'v1', layers: [layer]});
  const location = await startUpload(api, 'a');
  const type = [`Content-Type: ${image.descriptor.mediaType}`];
  const {bytes, digest} = randomContent();
  return [
    [`GET /v2/a/blobs/${layer.digest}`],
    [`HEAD /v2/a/blobs/${layer.digest}`],
    ['GET /v2/a/manifests/v1'],
    [`GET /v2/a/manifests/${image.digest}`],
    ['GET /v2/a/tags/list'],
    [`GET /v2/a/referrers/${image.digest}`],
    [`POST /v2/b/blobs/uploads/?mount=${layer.digest}&from=a`],
    ['POST /v2/a/blobs/uploads/'],
    [`POST /v2/a/blobs/uploads/?digest=${digest}`, [], bytes],
    [`GET ${location}`],
    [`PATCH ${location}`, [], bytes],
    [`PUT ${withDigest(location, digest)}`],
    ['PUT /v2/a/manifests/v2', type, image.bytes],
    [`DELETE ${location}`],
    ['DELETE /v2/a/manifests/v1'],
    [`DELETE /v2/a/manifests/${image.digest}`],
    [`DELETE /v2/a/blobs/${layer.digest}`],
  ] as const;
}

async function isUnavailable(t: ExecutionContext, {holdfast, takeAway, bringBack}: Ways) {
  const requests = await requestsOf(holdfast);
  await takeAway();
  for (const [line, headers, body] of requests) {
    const answer = await exchange(t, holdfast, line, headers ? [...headers] : [], body);
    t.is(answer?.status, 503, line);
    t.is(answer?.headers['retry-after'], '5');
    if (!line.startsWith('HEAD')) t.is(errorCode(answer), 'UNAVAILABLE');
  }
  t.is((await holdfast.api.get('/v2/')).status, 200);
  await bringBack();
  for (const [line, headers, body] of requests) {
    const answer = await exchange(t, holdfast, line, headers ? [...headers] : [], body);
    const isClosingPut = line.startsWith('PUT') && line.includes('uploads');
    // What had come is one chunk, and its digest is right: then the upload is over.
    const isOver = line.startsWith('DELETE') && line.includes('uploads');
    t.true((answer?.status ?? 500) < 300 || isOver, `${line}: ${answer?.status ?? 0}`);
    if (isClosingPut) t.is(answer?.status, 201);
  }
}

test('a storage root that was renamed away is answered 503, and nothing is made in its place; once it is back all goes on', async (t) => {
  const holdfast = await startInProcess(t);
  const root = path.join(holdfast.dataDir, 'registry');
  const away = path.join(holdfast.dataDir, 'away');
  await isUnavailable(t, {
    holdfast,
    takeAway: async () => rename(root, away),
    bringBack: async () => {
      t.false((await readdir(holdfast.dataDir)).includes('registry'));
      await rename(away, root);
    },
  });
});

testUnless(
  notRoot,
  'an unmounted volume is answered 503, and nothing is made in its mount point; mounted again it goes on',
  async (t) => {
    const dataDir = await temporaryDirectory(t);
    const root = path.join(dataDir, 'registry');
    const volume = path.join(dataDir, 'volume');
    await mkdir(root);
    await mkdir(volume);
    const mount = async () => {
      await run('mount', ['--bind', volume, root]);
    };
    await mount();
    await isUnavailable(t, {
      holdfast: await startInProcess(t, {dataDir}),
      takeAway: async () => {
        // The index may be reading in it.
        await run('umount', ['--lazy', root]);
      },
      bringBack: async () => {
        t.deepEqual(await readdir(root), []);
        await mount();
      },
    });
  },
);

test('a push under which the storage was renamed away is answered 503, and goes on once it is back', async (t) => {
  const holdfast = await startInProcess(t);
  const root = path.join(holdfast.dataDir, 'registry');
  const away = path.join(holdfast.dataDir, 'away');
  const {bytes, digest} = randomContent(3_000_000);
  const location = await startUpload(holdfast.api, 'a');
  const part = bytes.subarray(0, 2_000_000);
  const {socket, answer} = await sendPart(t, holdfast, {
    path: location,
    length: bytes.length,
    part,
  });
  const isWriting = async () =>
    (await readdir(root, {recursive: true})).some((file) => file.endsWith('.part'));
  await until(isWriting);
  await rename(root, away);
  socket.write(bytes.subarray(2_000_000));
  await once(socket, 'data');
  socket.end();
  t.regex(await answer, /^HTTP\/1\.1 503 /);
  await rename(away, root);
  const status = await holdfast.api.get(location).expect(204);
  t.is(status.get('Range'), '0-0');
  await sendBytes(holdfast.api, 'put', withDigest(location, digest), bytes).expect(201);
  sameBytes(t, (await getBytes(holdfast.api, `/v2/a/blobs/${digest}`)).body, bytes);
});

/** Of a registry with one image, of which its index knows. */
async function takenAway(t: ExecutionContext) {
  const holdfast = await startInProcess(t);
  const root = path.join(holdfast.dataDir, 'registry');
  const away = path.join(holdfast.dataDir, 'away');
  await pushImage(holdfast.api, 'a', {tag: 'v1'});
  const db = openIndexOf(t, holdfast);
  await requireAgreement(t, holdfast, db);
  await rename(root, away);
  return {holdfast, root, away, db};
}

for (const [what, leave] of [
  ['renamed away', async () => Promise.resolve()],
  ['unmounted', async (root: string) => mkdir(root)],
] as const)
  test(`a comparison with a storage that was ${what} fails, makes nothing in its place and leaves the index as it is`, async (t) => {
    const {holdfast, root, away, db} = await takenAway(t);
    await leave(root);
    const before = await readdir(holdfast.dataDir, {recursive: true});
    const {problem} = await compareNow(holdfast);
    t.regex(problem ?? '', /volume\.json is gone: is the volume mounted\?/);
    t.deepEqual(await readdir(holdfast.dataDir, {recursive: true}), before);
    await holdfast.api.get('/v2/a/manifests/v1').expect(503);
    await rm(root, {recursive: true, force: true});
    await rename(away, root);
    await requireAgreement(t, holdfast, db);
    t.is((await compareNow(holdfast)).problem, undefined);
  });

test('a storage in whose place another volume lies is answered 503, and is not compared', async (t) => {
  const {holdfast, root, away, db} = await takenAway(t);
  await mkdir(path.join(root, '_holdfast'), {recursive: true});
  const record = JSON.stringify({id: 'another', layout: 1});
  await writeFile(path.join(root, '_holdfast/volume.json'), record);
  await holdfast.api.get('/v2/a/manifests/v1').expect(503);
  await holdfast.api.get('/v2/a/tags/list').expect(503);
  t.regex((await compareNow(holdfast)).problem ?? '', /is of another volume/);
  await rm(root, {recursive: true});
  await rename(away, root);
  await requireAgreement(t, holdfast, db);
  await holdfast.api.get('/v2/a/manifests/v1').expect(200);
});
