/** What an upload says about itself, and how it is given up. */
import test from 'ava';
import {
  codesOf,
  getBytes,
  randomContent,
  sendBytes,
  sendChunk,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {filesBelow, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';

const uuid = /\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\?/;

test('POST of an upload answers 202 with a Location that contains a UUID, and Range 0-0', async (t) => {
  const {api} = await startInProcess(t);
  for (const path of ['/v2/a/b/blobs/uploads/', '/v2/a/b/blobs/uploads']) {
    const answer = await api.post(path).expect(202);
    t.regex(answer.get('Location') ?? '', uuid);
    t.true(answer.get('Location')?.startsWith('/v2/a/b/blobs/uploads/'));
    t.is(answer.get('Range'), '0-0');
    t.is(answer.get('Content-Length'), '0');
  }
});

test('two uploads of one repository have different ids', async (t) => {
  const {api} = await startInProcess(t);
  const [first, second] = [await startUpload(api, 'a'), await startUpload(api, 'a')];
  t.not(uuid.exec(first)?.[0], uuid.exec(second)?.[0]);
});

test('the Location is absolute where the configuration says so', async (t) => {
  const {api, url} = await startInProcess(t, {http: {locations: 'absolute'}});
  const location = await startUpload(api, 'a');
  t.true(location.startsWith(`${url}/v2/a/blobs/uploads/`));
});

test('the status is 204 with a Location to go on at and the Range of all bytes so far', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = randomContent(30);
  const location = await startUpload(api, 'a');
  t.is((await api.get(location).expect(204)).get('Range'), '0-0');
  const first = await sendChunk(api, location, bytes.subarray(0, 10), 0).expect(202);
  t.is(first.get('Range'), '0-9');
  const status = await api.get(first.get('Location') ?? '').expect(204);
  t.is(status.get('Range'), '0-9');
  const next = status.get('Location') ?? '';
  const second = await sendChunk(api, next, bytes.subarray(10), 10).expect(202);
  t.is(second.get('Range'), '0-29');
  await api.put(withDigest(second.get('Location') ?? '', digest)).expect(201);
});

test('every earlier Location of a session answers the status of now', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes} = randomContent(30);
  const locations = [await startUpload(api, 'a')];
  for (let at = 0; at < 30; at += 10) {
    const answer = await sendChunk(api, locations.at(-1) ?? '', bytes.subarray(at, at + 10), at);
    locations.push(answer.get('Location') ?? '');
  }
  t.is(new Set(locations).size, 4);
  for (const location of locations) {
    t.is((await api.get(location).expect(204)).get('Range'), '0-29');
  }
});

test('the first Location of a session takes chunks with the right Content-Range, and closes it', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = randomContent(30);
  const location = await startUpload(api, 'a');
  for (let at = 0; at < 30; at += 10) {
    await sendChunk(api, location, bytes.subarray(at, at + 10), at).expect(202);
  }
  await api.put(withDigest(location, digest)).expect(201);
  t.true(bytes.equals((await getBytes(api, `/v2/a/blobs/${digest}`)).body as Buffer));
});

test('a closing PUT at an earlier Location takes the last chunk with the right Content-Range', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = randomContent(30);
  const location = await startUpload(api, 'a');
  await sendChunk(api, location, bytes.subarray(0, 20), 0).expect(202);
  await sendBytes(api, 'put', withDigest(location, digest), bytes.subarray(20))
    .set('Content-Range', '20-29')
    .expect(201);
  t.true(bytes.equals((await getBytes(api, `/v2/a/blobs/${digest}`)).body as Buffer));
});

test('DELETE of an upload answers 204, and 404 from then on', async (t) => {
  const server = await startInProcess(t);
  const {api} = server;
  const {bytes, digest} = randomContent();
  const location = await startUpload(api, 'a');
  const {headers} = await sendBytes(api, 'patch', location, bytes).expect(202);
  t.truthy(headers);
  await api.delete(location).expect(204);
  t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
  for (const answer of [
    await api.get(location),
    await sendBytes(api, 'patch', location, bytes),
    await api.put(withDigest(location, digest)),
    await api.delete(location),
  ]) {
    t.is(answer.status, 404);
    t.deepEqual(codesOf(answer), ['BLOB_UPLOAD_UNKNOWN']);
  }
  await api.get(`/v2/a/blobs/${digest}`).expect(404);
});

test('a finished upload answers 404, and leaves no file of its own', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest} = randomContent();
  const location = await startUpload(server.api, 'a');
  await sendBytes(server.api, 'put', withDigest(location, digest), bytes).expect(201);
  const answer = await server.api.get(location).expect(404);
  t.deepEqual(codesOf(answer), ['BLOB_UPLOAD_UNKNOWN']);
  t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
});

test('chunks of no bytes change nothing, before, between and after others', async (t) => {
  const {api} = await startInProcess(t);
  const {bytes, digest} = randomContent(20);
  const none = Buffer.of();
  let location = await startUpload(api, 'a');
  const ranges: (string | undefined)[] = [];
  for (const chunk of [none, none, bytes.subarray(0, 10), none, bytes.subarray(10), none]) {
    const answer = await sendBytes(api, 'patch', location, chunk).expect(202);
    location = answer.get('Location') ?? '';
    ranges.push(answer.get('Range'));
  }
  t.deepEqual(ranges, ['0-0', '0-0', '0-9', '0-9', '0-19', '0-19']);
  await sendBytes(api, 'put', withDigest(location, digest), none).expect(201);
  t.true(bytes.equals((await getBytes(api, `/v2/a/blobs/${digest}`)).body as Buffer));
});

test('a blob in 1,000 chunks comes back byte for byte', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest} = randomContent(100_000);
  let location = await startUpload(server.api, 'a');
  for (let at = 0; at < bytes.length; at += 100) {
    const answer = await sendChunk(server.api, location, bytes.subarray(at, at + 100), at);
    t.is(answer.get('Range'), `0-${at + 99}`);
    location = answer.get('Location') ?? '';
  }
  await server.api.put(withDigest(location, digest)).expect(201);
  t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
  t.deepEqual(await filesBelow(server, keys.uploads('a')), []);
});
