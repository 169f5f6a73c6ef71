/** How large a manifest may be. */
import {Readable} from 'node:stream';
import {setTimeout as pass} from 'node:timers/promises';
import test from 'ava';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {codesOf, config, contentOf, imageOf, mediaTypes, pushBlob} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';

/** An image manifest of exactly so many bytes. */
function imageOfSize(size: number): Buffer {
  const {bytes} = imageOf([]);
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length, ' ')]);
}

const put = {
  method: 'PUT',
  path: '/v2/a/manifests/v1',
  headers: {'Content-Type': mediaTypes.image},
};
const streamed = (bytes: Buffer) =>
  Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)], {objectMode: false});
const limit = 4 * 1024 * 1024;

for (const form of ['with Content-Length', 'streamed'] as const) {
  const bodyOf = (bytes: Buffer) => (form === 'streamed' ? streamed(bytes) : bytes);

  test(`a manifest of exactly 4 MiB ${form} is accepted and comes back`, async (t) => {
    const server = await startInProcess(t);
    await pushBlob(server.api, 'a', config);
    const bytes = imageOfSize(limit);
    t.is((await rawRequest(server, {...put, body: bodyOf(bytes)})).status, 201);
    const answer = await rawRequest(server, {path: put.path});
    t.true(bytes.equals(answer.body));
  });

  test(`a manifest of 4 MiB and one byte ${form} answers 413 MANIFEST_INVALID`, async (t) => {
    const server = await startInProcess(t);
    await pushBlob(server.api, 'a', config);
    const {status, body} = await rawRequest(server, {...put, body: bodyOf(imageOfSize(limit + 1))});
    t.is(status, 413);
    t.deepEqual(codesOf({body}), ['MANIFEST_INVALID']);
    await server.api.get(put.path).expect(404);
  });
}

test('manifests.maxBytes decides how large a manifest may be', async (t) => {
  const server = await startInProcess(t, {manifests: {maxBytes: '1KiB'}});
  await pushBlob(server.api, 'a', config);
  t.is((await rawRequest(server, {...put, body: imageOfSize(1024)})).status, 201);
  t.is((await rawRequest(server, {...put, body: imageOfSize(1025)})).status, 413);
});

test('an index of 10,000 entries that are not there is answered soon on a slow disk, with 100 errors at most', async (t) => {
  // One after the other they would take a minute.
  const open: System['open'] = async (...args) => {
    await pass(5);
    return realSystem.open(...args);
  };
  const server = await startInProcess(t, {system: {...realSystem, open}});
  const manifests = Array.from({length: 10_000}, (_, index) => contentOf(String(index)).descriptor);
  const askedAt = performance.now();
  const {status, body} = await rawRequest(server, {
    ...put,
    headers: {'Content-Type': mediaTypes.index},
    body: contentOf(JSON.stringify({schemaVersion: 2, manifests})).bytes,
  });
  t.is(status, 404);
  t.is(codesOf({body}).length, 100);
  const took = Math.round(performance.now() - askedAt);
  t.true(took < 20_000, `it took ${took} ms`);
});
