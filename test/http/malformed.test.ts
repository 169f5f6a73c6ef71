import test from 'ava';
import {pushImage, startUpload} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {errorCode, exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const put = 'PUT /v2/a/manifests/v1 HTTP/1.1\r\nHost: test\r\n';
const get = 'GET /v2/ HTTP/1.1\r\n';

/** No two programs may read these in two ways, so nobody gets to read them. */
const notHttp: Readonly<Record<string, string>> = {
  'an unknown method': 'FOO /v2/ HTTP/1.1\r\nHost: test\r\n\r\n',
  CONNECT: 'CONNECT example.org:443 HTTP/1.1\r\nHost: test\r\n\r\n',
  'a target without a slash': 'GET ?v2 HTTP/1.1\r\nHost: test\r\n\r\n',
  'HTTP/2 without asking': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'TLS on a port without': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'a bare LF for CRLF': 'GET /v2/ HTTP/1.1\nHost: test\n\n',
  'a folded header': `${get}Host: test\r\nX: a\r\n b\r\n\r\n`,
  'a space before the colon': `${put}Content-Length : 5\r\n\r\n01234`,
  'a NUL in the path': 'GET /v2/\0 HTTP/1.1\r\nHost: test\r\n\r\n',
  'a NUL in a header': `${get}Host: test\r\nX: a\0b\r\n\r\n`,
  'an escape sequence in a header': `${get}Host: test\r\nUser-Agent: a\x1b[31mb\r\n\r\n`,
  'bytes beyond ASCII in the path': 'GET /v2/\xe9/tags/list HTTP/1.1\r\nHost: test\r\n\r\n',
  'Content-Length beside Transfer-Encoding': `${put}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'HTTP/1.1 without a Host': `${get}\r\n`,
  'two Hosts': `${get}Host: one\r\nHost: other\r\n\r\n`,
  'two lengths': `${put}Content-Length: 5\r\nContent-Length: 6\r\n\r\n01234`,
  'the same length twice': `${put}Content-Length: 5\r\nContent-Length: 5\r\n\r\n01234`,
  'a list of lengths': `${put}Content-Length: 5, 5\r\n\r\n01234`,
  'a negative length': `${put}Content-Length: -5\r\n\r\n01234`,
  'a length with a sign': `${put}Content-Length: +5\r\n\r\n01234`,
  'a length of twenty digits': `${put}Content-Length: 99999999999999999999\r\n\r\n01234`,
  'an encoding that has no end': `${put}Transfer-Encoding: gzip\r\n\r\n01234`,
  'chunked that is not the last encoding': `${put}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'a chunk without a size': `${put}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`,
  'a chunk that is longer than its size': `${put}Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}\r\n0\r\n\r\n`,
  'a body that is longer than its length': `${put}Content-Length: 2\r\n\r\n{}{}{}{}`,
};

for (const [name, request] of Object.entries(notHttp)) {
  test(`${name} is answered 400 in JSON, and the connection is closed`, async (t) => {
    const holdfast = await startInProcess(t);
    const wire = await openWire(t, holdfast);
    await wire.write(request);
    const answer = await wire.answer();
    t.is(answer?.status, 400);
    t.is(answer?.headers['connection'], 'close');
    t.is(answer?.headers['content-type'], 'application/json');
    t.is(errorCode(answer), 'UNSUPPORTED');
    t.is(await wire.closed, 'end');
    t.is(wire.rest.length, 0);
    t.deepEqual(
      holdfast.log.filter(({level}) => level === 'error'),
      [],
    );
  });
}

const tooLarge = {
  'a header of 1 MB': `X: ${'a'.repeat(1_000_000)}\r\n`,
  'twenty thousand small headers': 'X: y\r\n'.repeat(20_000),
  'a path of 1 MB': undefined,
};

for (const [name, headers] of Object.entries(tooLarge)) {
  test(`${name} is answered 431 in JSON, also to a client that sends on`, async (t) => {
    const holdfast = await startInProcess(t);
    const wire = await openWire(t, holdfast);
    const path = headers === undefined ? `/v2/${'a'.repeat(1_000_000)}` : '/v2/';
    void wire.write(`GET ${path} HTTP/1.1\r\nHost: test\r\n${headers ?? ''}\r\n`);
    const answer = await wire.answer();
    t.is(answer?.status, 431);
    t.is(errorCode(answer), 'UNSUPPORTED');
    t.is(await wire.closed, 'end');
  });
}

test('nine hundred small headers are no fault', async (t) => {
  const holdfast = await startInProcess(t);
  const headers = Array.from({length: 900}, (_, index) => `X-${index}: y`);
  t.is((await exchange(t, holdfast, 'GET /v2/', headers))?.status, 200);
});

const targets: readonly (readonly [line: string, status: number])[] = [
  ['GET http://elsewhere.example/v2/', 200],
  ['GET HTTPS://elsewhere.example:99999999/v2/?n=1', 200],
  ['GET http://elsewhere.example', 404],
  ['GET http://elsewhere.example?v2', 404],
  ['GET http://[/v2/', 200],
  ['GET foo://v2/', 404],
  ['OPTIONS *', 404],
  ['GET //v2//', 404],
  ['GET /v2//', 404],
  ['GET //elsewhere.example/v2/', 404],
  ['GET /V2/', 404],
  ['GET /nothing', 404],
  ['GET /v2/../v2/', 404],
  ['GET /v2/a/../../../etc/passwd', 404],
  ['GET /v2/..%2f..%2fetc/manifests/passwd', 400],
  ['GET /v2/%2e%2e/%2e%2e/tags/list', 400],
  ['GET /v2/a%00b/tags/list', 400],
  ['GET /v2/%zz/tags/list', 400],
  ['GET /v2/%E0%A4%A/tags/list', 400],
  ['GET /v2/a%0d%0aX-Evil:%20yes/tags/list', 400],
  ['GET /v2/#fragment', 200],
];

for (const prefix of ['', '/below/a/path']) {
  const title = prefix === '' ? '' : ` below a path prefix`;
  for (const [line, status] of targets) {
    test(`${line} is answered ${status}${title}, and is no error in the log`, async (t) => {
      const settings = prefix === '' ? {} : {externalUrl: `https://registry.example${prefix}`};
      const holdfast = await startInProcess(t, settings);
      const answer = await exchange(t, holdfast, line);
      t.is(answer?.status, status);
      t.is(answer?.headers['x-evil'], undefined);
      t.regex(answer?.headers['content-type'] ?? '', /^application\/json\b/);
      if (status >= 400) t.regex(errorCode(answer), /^(UNSUPPORTED|NAME_INVALID)$/);
      t.deepEqual(
        holdfast.log.filter(({level}) => level === 'error'),
        [],
      );
    });
  }
}

for (const [method, path, allowed] of [
  ['OPTIONS', '/v2/', ['GET', 'HEAD']],
  ['TRACE', '/v2/', ['GET', 'HEAD']],
  ['PROPFIND', '/v2/a/manifests/v1', ['DELETE', 'GET', 'HEAD', 'PUT']],
  ['POST', '/v2/a/manifests/v1', ['DELETE', 'GET', 'HEAD', 'PUT']],
  ['GET', '/v2/a/blobs/uploads/', ['POST']],
  ['DELETE', '/v2/_catalog', ['GET', 'HEAD']],
  ['POST', '/healthz', ['GET', 'HEAD']],
] as const) {
  test(`${method} ${path} is answered 405, and what is allowed instead`, async (t) => {
    const holdfast = await startInProcess(t);
    const answer = await exchange(t, holdfast, `${method} ${path}`);
    t.is(answer?.status, 405);
    t.is(errorCode(answer), 'UNSUPPORTED');
    t.deepEqual(answer?.headers['allow']?.split(', ').sort(), [...allowed]);
  });
}

test('a request to upgrade the protocol is answered as if it had not asked', async (t) => {
  const holdfast = await startInProcess(t);
  const headers = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMA'];
  t.is((await exchange(t, holdfast, 'GET /v2/', headers))?.status, 200);
});

test('what is sent behind a request to upgrade is answered, or the connection is closed', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  const upgrade = 'GET /v2/ HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n';
  await wire.write(`${upgrade}GET /v2/_catalog HTTP/1.1\r\nHost: test\r\n\r\n`);
  const answer = await wire.answer();
  t.is(answer?.status, 200);
  t.is(answer?.headers['connection'], 'close');
  t.is(await wire.closed, 'end');
});

test('HTTP/1.0 without a Host gets its answer, and the connection is closed', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  await wire.write('GET /v2/ HTTP/1.0\r\n\r\n');
  t.is((await wire.answer())?.status, 200);
  t.is(await wire.closed, 'end');
});

test('a body that breaks off before its length is kept as far as it came, and is no error in the log', async (t) => {
  const holdfast = await startInProcess(t);
  const location = await startUpload(holdfast.api, 'short/body');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 4000000'], Buffer.alloc(3_000_000));
  wire.socket.end();
  await until(() => holdfast.log.some(({route}) => route === 'upload-append'));
  const status = await holdfast.api.get(location);
  t.regex(status.get('Range') ?? '', /^0-[1-3]\d{6}$/);
  t.deepEqual(
    holdfast.log.filter(({level}) => level === 'error'),
    [],
  );
});

test('garbage behind a request reaches no other request', async (t) => {
  const holdfast = await startInProcess(t);
  await pushImage(holdfast.api, 'a', {tag: 'v1'});
  const smuggled = 'DELETE /v2/a/manifests/v1 HTTP/1.1\r\nHost: test\r\n\r\n';
  const body = `0\r\n\r\n${smuggled}`;
  const framing = [`Content-Length: ${body.length}`, 'Transfer-Encoding: chunked'];
  const answer = await exchange(t, holdfast, 'PUT /v2/a/manifests/v2', framing, body);
  t.is(answer?.status, 400);
  t.is((await holdfast.api.get('/v2/a/manifests/v1')).status, 200);
});
