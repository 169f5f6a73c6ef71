import test from 'ava';
import {config, pushImage} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const unknownDigest = `sha256:${'0'.repeat(64)}`;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

const requests: readonly (readonly [line: string, status: number])[] = [
  ['GET /v2', 200],
  ['GET /v2/', 200],
  ['GET /v2/_catalog', 200],
  ['GET /v2/a/tags/list', 200],
  ['GET /v2/a/manifests/v1', 200],
  ['HEAD /v2/a/manifests/v1', 200],
  [`GET /v2/a/blobs/${config.digest}`, 200],
  [`GET /v2/a/referrers/${unknownDigest}`, 200],
  ['POST /v2/a/blobs/uploads/', 202],
  ['GET /v2/a/manifests/unknown', 404],
  ['GET /v2/A/manifests/v1', 400],
  ['PUT /v2/a/manifests/v1', 400],
  ['GET /v2/<script>', 404],
  ['PROPFIND /v2/', 405],
];

for (const [line, status] of requests) {
  test(`the answer to ${line} can do no harm in a browser`, async (t) => {
    const holdfast = await startInProcess(t);
    await pushImage(holdfast.api, 'a', {tag: 'v1'});
    const answer = await exchange(t, holdfast, line);
    t.is(answer?.status, status);
    t.like(answer?.headers, {
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'docker-distribution-api-version': 'registry/2.0',
    });
    t.regex(answer?.headers['x-request-id'] ?? '', uuid);
  });
}

test('every answer has a request id of its own, and its log lines have the same', async (t) => {
  const holdfast = await startInProcess(t);
  const ids = new Set<string | undefined>();
  for (const line of ['GET /v2/', 'GET /healthz', 'GET /nowhere', 'BREW /v2/', 'TRACE /v2/']) {
    ids.add((await exchange(t, holdfast, line))?.headers['x-request-id']);
  }
  // What was no request has none.
  t.is(ids.size, 5);
  t.true(ids.delete(undefined));
  const requests = () => holdfast.log.filter(({msg}) => msg === 'request');
  await until(() => requests().length === 4);
  t.deepEqual(new Set<unknown>(requests().map(({requestId}) => requestId)), ids);
});

test('the request id of a stranger is not taken over', async (t) => {
  const holdfast = await startInProcess(t);
  const answer = await exchange(t, holdfast, 'GET /v2/', ['X-Request-Id: chosen']);
  t.regex(answer?.headers['x-request-id'] ?? '', uuid);
});

for (const [given, isKept] of [
  ['f3a9:0001.abc_DEF-9', true],
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['a b', false],
  ['"}{"level":"fatal', false],
  ['\xe9', false],
  ['', false],
] as const) {
  const deed = isKept ? 'kept' : 'replaced';
  test(`the request id ${JSON.stringify(given.slice(0, 20))} (${given.length}) of a trusted proxy is ${deed}`, async (t) => {
    const holdfast = await startInProcess(t, {http: {trustedProxies: ['127.0.0.1']}});
    const answer = await exchange(t, holdfast, 'GET /v2/', [`X-Request-Id: ${given}`]);
    const id = answer?.headers['x-request-id'] ?? '';
    if (isKept) t.is(id, given);
    else t.regex(id, uuid);
    const isLogged = () => holdfast.log.some(({requestId}) => requestId === id);
    await until(isLogged);
    t.true(isLogged());
  });
}

test('what a client writes stays within the fields of its own log line', async (t) => {
  const holdfast = await startInProcess(t);
  const forged = '","level":"fatal","msg":"hacked';
  const path = `/v2/a%0a{"level":"fatal"}/tags/"list\\u000a`;
  await exchange(t, holdfast, `GET ${path}?token=secret`, [
    `User-Agent: ${forged}\xff\t`,
    'Authorization: Basic secret',
    'Cookie: secret',
  ]);
  await until(() => holdfast.log.some(({msg}) => msg === 'request'));
  t.false(holdfast.log.some(({level}) => level === 'fatal'));
  t.like(holdfast.log.at(-1), {level: 'info', path, userAgent: `${forged}\xff`});
  t.false(JSON.stringify(holdfast.log).includes('secret'));
});

test('what a client writes into a query cannot leave the Link header', async (t) => {
  const holdfast = await startInProcess(t);
  for (const name of ['a', 'b', 'c']) await pushImage(holdfast.api, name, {tag: 'v1'});
  const hostile = encodeURIComponent('>; rel="evil", <x\r\nX-Evil: yes\u2028\0');
  for (const line of [
    `GET /v2/_catalog?n=1&last=${hostile}`,
    `GET /v2/_catalog?n=1&x=${hostile}`,
    `GET /v2/a/referrers/${unknownDigest}?n=1&artifactType=${hostile}`,
    `GET /v2/a/tags/list?n=1&last=${hostile}`,
  ]) {
    const answer = await exchange(t, holdfast, line);
    t.is(answer?.status, 200, line);
    t.is(answer?.headers['x-evil'], undefined);
    t.false((answer?.headers['link'] ?? '').includes('evil'));
  }
});

test('what a client writes into a name cannot leave the Location header', async (t) => {
  const holdfast = await startInProcess(t);
  for (const name of ['a%0d%0aX-Evil:%20yes', 'a%3fb', 'a%23b', 'a%5cb', '%2f%2fevil.example']) {
    const answer = await exchange(t, holdfast, `POST /v2/${name}/blobs/uploads/`);
    t.is(answer?.status, 400, name);
    t.is(answer?.headers['location'], undefined);
    t.is(answer?.headers['x-evil'], undefined);
  }
});

test("a query full of the language's own words is only a query", async (t) => {
  const holdfast = await startInProcess(t);
  const query = '__proto__=1&constructor=2&toString=3&n=1&n=2&last[]=x&last[a]=b&=&&%';
  t.is((await exchange(t, holdfast, `GET /v2/_catalog?${query}`))?.status, 200);
  t.is((await exchange(t, holdfast, 'GET /v2/__proto__/tags/list'))?.status, 400);
  t.is((await exchange(t, holdfast, 'GET /v2/constructor/tags/list'))?.status, 404);
});

test('a manifest of two million brackets is refused quickly', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  const type = ['Content-Type: application/vnd.oci.image.manifest.v1+json'];
  const begun = Date.now();
  void wire.send('PUT /v2/a/manifests/v1', type, '['.repeat(2_000_000));
  t.is((await wire.answer())?.status, 400);
  t.true(Date.now() - begun < 2000);
});
