/** Chunks that are not the next one, or not what they say: refused, and the upload goes on. */
import {Readable} from 'node:stream';
import test from 'ava';
import {
  type Api,
  type Content,
  codesOf,
  getBytes,
  randomContent,
  sendBytes,
  startUpload,
  withDigest,
} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {rawRequest} from '../support/raw-request.ts';

/** An upload that holds the first 10 of 30 bytes. */
async function tenOfThirty(api: Api): Promise<Content & {readonly location: string}> {
  const content = randomContent(30);
  const location = await startUpload(api, 'a');
  const answer = await sendBytes(api, 'patch', location, content.bytes.subarray(0, 10)).expect(202);
  return {...content, location: answer.get('Location') ?? ''};
}

const goesOn = async (api: Api, {bytes, digest, location}: Content & {location: string}) => {
  await sendBytes(api, 'put', withDigest(location, digest), bytes.subarray(10))
    .set('Content-Range', '10-29')
    .expect(201);
  const answer = await getBytes(api, `/v2/a/blobs/${digest}`).expect(200);
  return bytes.equals(answer.body as Buffer);
};

const refusals: Readonly<
  Record<string, {range: string; from: number; to: number; status: number; code: string}>
> = {
  'leaves a gap': {range: '11-29', from: 11, to: 30, status: 416, code: 'BLOB_UPLOAD_INVALID'},
  'overlaps what came': {range: '5-14', from: 5, to: 15, status: 416, code: 'BLOB_UPLOAD_INVALID'},
  'repeats what came': {range: '0-9', from: 0, to: 10, status: 416, code: 'BLOB_UPLOAD_INVALID'},
  'begins past 2^49': {
    range: '999999999999980-999999999999999',
    from: 10,
    to: 30,
    status: 416,
    code: 'BLOB_UPLOAD_INVALID',
  },
  'has a Content-Range of numbers too large': {
    range: '10-99999999999999999999',
    from: 10,
    to: 30,
    status: 400,
    code: 'BLOB_UPLOAD_INVALID',
  },
  'has a Content-Range that runs backwards': {
    range: '29-10',
    from: 10,
    to: 30,
    status: 400,
    code: 'BLOB_UPLOAD_INVALID',
  },
  'has a Content-Range with a unit': {
    range: 'bytes 10-29/30',
    from: 10,
    to: 30,
    status: 400,
    code: 'BLOB_UPLOAD_INVALID',
  },
  'has a Content-Range without an end': {
    range: '10-',
    from: 10,
    to: 30,
    status: 400,
    code: 'BLOB_UPLOAD_INVALID',
  },
  'has a Content-Range of words': {
    range: 'all',
    from: 10,
    to: 30,
    status: 400,
    code: 'BLOB_UPLOAD_INVALID',
  },
  'is shorter than its Content-Range': {
    range: '10-29',
    from: 10,
    to: 29,
    status: 400,
    code: 'SIZE_INVALID',
  },
  'is longer than its Content-Range': {
    range: '10-19',
    from: 10,
    to: 30,
    status: 400,
    code: 'SIZE_INVALID',
  },
};

const refused = test.macro({
  title: (_, method: 'patch' | 'put', reason: string) => {
    const {status = 0, code = ''} = refusals[reason] ?? {};
    const chunk = method === 'put' ? 'last chunk in the PUT' : 'chunk';
    return `a ${chunk} that ${reason} answers ${status} ${code}, and the upload goes on`;
  },
  async exec(t, method: 'patch' | 'put', reason: string) {
    const {api} = await startInProcess(t);
    const upload = await tenOfThirty(api);
    const {range = '', from, to, status = 0, code} = refusals[reason] ?? {};
    const path = method === 'put' ? withDigest(upload.location, upload.digest) : upload.location;
    const chunk = upload.bytes.subarray(from, to);
    const answer = await sendBytes(api, method, path, chunk).set('Content-Range', range);
    t.is(answer.status, status);
    t.deepEqual(codesOf(answer), [code]);
    if (status === 416) t.is(answer.get('Range'), '0-9');
    t.is((await api.get(upload.location).expect(204)).get('Range'), '0-9');
    t.true(await goesOn(api, upload));
  },
});

for (const reason of Object.keys(refusals)) {
  test(refused, 'patch', reason);
  test(refused, 'put', reason);
}

test('a first chunk that does not begin at 0 answers 416', async (t) => {
  const {api} = await startInProcess(t);
  const location = await startUpload(api, 'a');
  const answer = await sendBytes(api, 'patch', location, Buffer.from('x'))
    .set('Content-Range', '1-1')
    .expect(416);
  t.deepEqual(codesOf(answer), ['BLOB_UPLOAD_INVALID']);
});

test('a chunk without Content-Range at an earlier Location answers 416, since its place is taken', async (t) => {
  const {api} = await startInProcess(t);
  const location = await startUpload(api, 'a');
  await sendBytes(api, 'patch', location, Buffer.from('first')).expect(202);
  const answer = await sendBytes(api, 'patch', location, Buffer.from('other')).expect(416);
  t.is(answer.get('Range'), '0-4');
});

test('a streamed chunk that is longer than its Content-Range answers 413, and none of it is kept', async (t) => {
  const server = await startInProcess(t);
  const upload = await tenOfThirty(server.api);
  const {status, body} = await rawRequest(server, {
    method: 'PATCH',
    path: upload.location,
    headers: {'Content-Range': '10-19'},
    body: Readable.from([upload.bytes.subarray(10)], {objectMode: false}),
  });
  t.is(status, 413);
  t.deepEqual(codesOf({body}), ['SIZE_INVALID']);
  t.is((await server.api.get(upload.location).expect(204)).get('Range'), '0-9');
  t.true(await goesOn(server.api, upload));
});

test('a streamed chunk that is shorter than its Content-Range answers 400, and is kept', async (t) => {
  const server = await startInProcess(t);
  const {bytes, digest, location} = await tenOfThirty(server.api);
  const {status, body} = await rawRequest(server, {
    method: 'PATCH',
    path: location,
    headers: {'Content-Range': '10-29'},
    body: Readable.from([bytes.subarray(10, 25)], {objectMode: false}),
  });
  t.is(status, 400);
  t.deepEqual(codesOf({body}), ['SIZE_INVALID']);
  const next = await server.api.get(location).expect(204);
  t.is(next.get('Range'), '0-24');
  const path = withDigest(next.get('Location') ?? '', digest);
  await sendBytes(server.api, 'put', path, bytes.subarray(25)).expect(201);
  t.true(bytes.equals((await getBytes(server.api, `/v2/a/blobs/${digest}`)).body as Buffer));
});
