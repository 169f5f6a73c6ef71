/** Pulling, looking at and deleting blobs. */
import test from 'ava';
import {
  type Api,
  codesOf,
  type Content,
  emptyContent,
  getBytes,
  pushBlob,
  randomContent,
  strangeDigest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

async function pushed(api: Api, size = 100): Promise<Content & {readonly path: string}> {
  const content = size === 0 ? emptyContent : randomContent(size);
  await pushBlob(api, 'a', content);
  return {...content, path: `/v2/a/blobs/${content.digest}`};
}

test('GET of a blob answers 200 with its bytes, digest, length and a type that no browser runs', async (t) => {
  const {api} = await startInProcess(t);
  const {path, bytes, digest} = await pushed(api);
  const answer = await getBytes(api, path).expect(200);
  t.true(bytes.equals(answer.body as Buffer));
  t.is(answer.get('Docker-Content-Digest'), digest);
  t.is(answer.get('Content-Length'), '100');
  t.is(answer.get('Content-Type'), 'application/octet-stream');
  t.is(answer.get('Accept-Ranges'), 'bytes');
  t.is(answer.get('X-Content-Type-Options'), 'nosniff');
});

for (const size of [0, 100]) {
  test(`HEAD of a blob of ${size} bytes answers the headers of GET and no body`, async (t) => {
    const {api} = await startInProcess(t);
    const {path, digest} = await pushed(api, size);
    const [get, head] = [await getBytes(api, path), await api.head(path)];
    t.is(head.status, 200);
    for (const name of ['Content-Length', 'Content-Type', 'ETag', 'Accept-Ranges']) {
      t.is(head.get(name), get.get(name), name);
    }
    t.is(head.get('Content-Length'), String(size));
    t.is(head.get('Docker-Content-Digest'), digest);
  });
}

test('GET and HEAD of a blob that is not there answer 404, GET with BLOB_UNKNOWN naming it', async (t) => {
  const {api} = await startInProcess(t);
  await pushed(api);
  for (const name of ['a', 'no/where']) {
    const answer = await api.get(`/v2/${name}/blobs/${strangeDigest}`).expect(404);
    t.deepEqual(codesOf(answer), ['BLOB_UNKNOWN']);
    t.true(answer.text.includes(strangeDigest));
    await api.head(`/v2/${name}/blobs/${strangeDigest}`).expect(404);
  }
});

const ranges: readonly (readonly [header: string, from: number, to: number])[] = [
  ['bytes=0-0', 0, 1],
  ['bytes=0-99', 0, 100],
  ['bytes=10-19', 10, 20],
  ['bytes=99-99', 99, 100],
  ['bytes=90-', 90, 100],
  ['bytes=0-', 0, 100],
  ['bytes=-10', 90, 100],
  ['bytes=-100', 0, 100],
  ['bytes=-1000', 0, 100],
  ['bytes=50-1000', 50, 100],
  ['bytes=50-99999999999999999999999', 50, 100],
  ['BYTES=10-19', 10, 20],
];

test('a Range of a blob answers 206 with those bytes, and Content-Range', async (t) => {
  const {api} = await startInProcess(t);
  const {path, bytes, digest} = await pushed(api);
  for (const [header, from, to] of ranges) {
    const answer = await getBytes(api, path).set('Range', header);
    t.is(answer.status, 206, header);
    t.deepEqual(answer.body, bytes.subarray(from, to), header);
    t.is(answer.get('Content-Range'), `bytes ${from}-${to - 1}/100`);
    t.is(answer.get('Content-Length'), String(to - from));
    t.is(answer.get('Docker-Content-Digest'), digest);
  }
});

test('a Range beyond the end of a blob, or turned round, answers 416 with the size', async (t) => {
  const {api} = await startInProcess(t);
  const {path} = await pushed(api);
  for (const header of ['bytes=100-', 'bytes=100-200', 'bytes=1000-', 'bytes=-0', 'bytes=9-3']) {
    const answer = await api.get(path).set('Range', header);
    t.is(answer.status, 416, header);
    t.is(answer.get('Content-Range'), 'bytes */100');
    t.deepEqual(codesOf(answer), ['SIZE_INVALID']);
  }
});

test('several ranges at once, other units and bad syntax answer 200 with the whole', async (t) => {
  const {api} = await startInProcess(t);
  const {path, bytes} = await pushed(api);
  for (const header of ['bytes=0-1,5-9', 'bytes=-', 'lines=1-2', 'bytes 1-2', 'bytes=a-b', '1-2']) {
    const answer = await getBytes(api, path).set('Range', header);
    t.is(answer.status, 200, header);
    sameBytes(t, answer.body, bytes);
    t.is(answer.get('Content-Range'), undefined);
  }
});

test('no range of an empty blob can be satisfied', async (t) => {
  const {api} = await startInProcess(t);
  const {path} = await pushed(api, 0);
  for (const header of ['bytes=0-', 'bytes=-1', 'bytes=0-0']) {
    const answer = await api.get(path).set('Range', header).expect(416);
    t.is(answer.get('Content-Range'), 'bytes */0');
  }
  t.is((await getBytes(api, path).expect(200)).get('Content-Length'), '0');
});

test('If-Range with the ETag answers 206, with anything else 200 and the whole', async (t) => {
  const {api} = await startInProcess(t);
  const {path, bytes, digest} = await pushed(api);
  const get = async (condition: string) =>
    getBytes(api, path).set('Range', 'bytes=0-9').set('If-Range', condition);
  t.is((await get(`"${digest}"`)).status, 206);
  for (const condition of [`W/"${digest}"`, '"other"', 'Wed, 21 Oct 2015 07:28:00 GMT']) {
    const answer = await get(condition);
    t.is(answer.status, 200);
    sameBytes(t, answer.body, bytes);
  }
});

test('HEAD ignores Range', async (t) => {
  const {api} = await startInProcess(t);
  const {path} = await pushed(api);
  const answer = await api.head(path).set('Range', 'bytes=0-9').expect(200);
  t.is(answer.get('Content-Length'), '100');
});

test('If-None-Match with the ETag answers 304 without a body, to GET and HEAD', async (t) => {
  const {api} = await startInProcess(t);
  const {path, digest} = await pushed(api);
  const {headers} = await api.head(path);
  t.is((headers as Record<string, string>)['etag'], `"${digest}"`);
  for (const condition of [`"${digest}"`, `W/"${digest}"`, `"x", "${digest}"`, '*']) {
    const answer = await api.get(path).set('If-None-Match', condition).expect(304);
    t.is(answer.text, '');
    t.is(answer.get('ETag'), `"${digest}"`);
    await api.head(path).set('If-None-Match', condition).expect(304);
  }
  await api.get(path).set('If-None-Match', '"x"').expect(200);
});

test('If-None-Match does not hide that a blob is gone', async (t) => {
  const {api} = await startInProcess(t);
  const {path, digest} = await pushed(api);
  await api.delete(path).expect(202);
  const answer = await api.get(path).set('If-None-Match', `"${digest}"`);
  t.is(answer.status, 404);
});

test('DELETE of a blob answers 202, then 404, and a new push brings it back', async (t) => {
  const {api} = await startInProcess(t);
  const {path, bytes, digest, ...rest} = await pushed(api);
  await api.delete(path).expect(202);
  t.deepEqual(codesOf(await api.get(path).expect(404)), ['BLOB_UNKNOWN']);
  t.deepEqual(codesOf(await api.delete(path).expect(404)), ['BLOB_UNKNOWN']);
  await pushBlob(api, 'a', {bytes, digest, ...rest});
  sameBytes(t, (await getBytes(api, path).expect(200)).body, bytes);
});

test('a blob that is pushed twice stays as it is', async (t) => {
  const {api} = await startInProcess(t);
  const {path, ...content} = await pushed(api);
  await pushBlob(api, 'a', content);
  sameBytes(t, (await getBytes(api, path).expect(200)).body, content.bytes);
});
