/** Traces of requests, as a collector gets them. */
import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {config, imageOf, pushBlob, strangeDigest} from '../support/content.ts';
import {diskPath, keys} from '../support/disk.ts';
import {startInProcess} from '../support/in-process.ts';
import {
  answering,
  type OtlpReceiver,
  type ReceivedSpan,
  startOtlpReceiver,
} from '../support/otlp-receiver.ts';
import {takenPort} from '../support/ports.ts';
import {exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';
import {secret} from '../support/secrets.ts';

const parentTrace = '0af7651916cd43dd8448eb211c80319c';
const parentSpan = 'b7ad6b7169203331';
const traceparent = (flags: string): string => `00-${parentTrace}-${parentSpan}-${flags}`;

/** Kinds of spans, as OTLP numbers them. */
const [internal, server] = [1, 2];

async function spanOf(receiver: OtlpReceiver, name: string): Promise<ReceivedSpan> {
  let found: ReceivedSpan | undefined;
  await until(() => {
    found = receiver.spans.find((span) => span.name === name);
    return found !== undefined;
  });
  if (!found) throw new Error(`no span ${name}`);
  return found;
}

const childrenOf = ({spans}: OtlpReceiver, {traceId}: ReceivedSpan): readonly ReceivedSpan[] =>
  spans.filter((span) => span.traceId === traceId && span.kind === internal);

test('a request is a span with the attributes of the conventions, and goes on with the trace of the client', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const tracing = {endpoint: receiver.url, serviceName: 'registry-a'};
  const holdfast = await startInProcess(t, {tracing});
  const answer = await holdfast.api
    .get('/v2/a/tags/list?n=1&_state=secret')
    .set({traceparent: traceparent('01'), 'User-Agent': 'tester/1'})
    .expect(404);
  const span = await spanOf(receiver, 'GET /v2/*name/tags/list');
  t.is(span.traceId, parentTrace);
  t.is(span.parentSpanId, parentSpan);
  t.is(span.kind, server);
  t.true(BigInt(span.endTimeUnixNano) > BigInt(span.startTimeUnixNano));
  t.like(span.attributes, {
    'http.request.method': 'GET',
    'http.route': '/v2/*name/tags/list',
    'http.response.status_code': 404,
    'url.path': '/v2/a/tags/list',
    'url.scheme': 'http',
    'client.address': '127.0.0.1',
    'user_agent.original': 'tester/1',
    'holdfast.request_id': answer.headers['x-request-id'],
  });
  // A client's fault is none of the service.
  t.is(span.status.code ?? 0, 0);
  t.like(span.resource, {'service.name': 'registry-a'});
  t.regex(String(span.resource['service.version']), /^\d+\.\d+/);
  t.is(receiver.requests[0]?.path, '/v1/traces');
  t.false(JSON.stringify(receiver.spans).includes('secret'));

  const line = holdfast.log.find(({msg}) => msg === 'request');
  t.is(line?.['traceId'], parentTrace);
});

test('calls of the storage and statements of the database are spans within that of the request', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const holdfast = await startInProcess(t, {tracing: {endpoint: receiver.url}});
  await pushBlob(holdfast.api, 'a', config);
  await holdfast.api.get(`/v2/a/blobs/${config.digest}`).expect(200);
  const pull = await spanOf(receiver, 'GET /v2/*name/blobs/:digest');
  await until(() => childrenOf(receiver, pull).some(({name}) => name === 'storage openRead'));
  for (const span of childrenOf(receiver, pull)) {
    t.is(span.parentSpanId, pull.spanId);
    if (!span.name.startsWith('storage')) continue;
    t.is(span.attributes['holdfast.storage.driver'], 'filesystem');
    t.regex(String(span.attributes['holdfast.storage.key']), /^docker\/registry\/v2\//);
  }
  await holdfast.api.get('/v2/_catalog').expect(200);
  const list = await spanOf(receiver, 'GET /v2/_catalog');
  await until(() => childrenOf(receiver, list).some(({name}) => name === 'database select'));
  const select = childrenOf(receiver, list).find(({name}) => name === 'database select');
  t.is(select?.attributes['db.system.name'], 'sqlite');
  t.regex(String(select?.attributes['db.query.text']), /^select .*\?/s);
  // Housekeeping goes on meanwhile, and is no trace.
  const roots = receiver.spans.filter(({parentSpanId}) => !parentSpanId);
  t.true(roots.every(({kind}) => kind === server));
});

test('the decision about a token is a span, and no secret of it is told', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const headers = `Authorization=Bearer ${secret('the secret of the collector')}, X-Tenant=a`;
  const holdfast = await startWithAccounts(t, {
    tracing: {endpoint: `${receiver.url}/own`, headers},
  });
  await holdfast.person('anna');
  const scope = 'repository:anna/a:pull';
  await holdfast.as(basic('anna')).get(`/auth/token?scope=${scope}`).expect(200);
  const span = await spanOf(receiver, 'token decision');
  t.like(span.attributes, {'holdfast.token.proof': 'password', 'holdfast.token.scopes': 1});
  const request = await spanOf(receiver, 'GET /auth/token');
  t.is(span.parentSpanId, request.spanId);
  t.is(receiver.requests[0]?.path, '/own');
  t.like(receiver.requests[0]?.headers, {
    authorization: 'Bearer the secret of the collector',
    'x-tenant': 'a',
  });
  t.notRegex(JSON.stringify(receiver.spans), /password of anna|eyJ/);
});

test('a fault of ours is an error of the span, and of what failed within it', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const holdfast = await startInProcess(t, {tracing: {endpoint: receiver.url}});
  await pushBlob(holdfast.api, 'a', config);
  await mkdir(join(diskPath(holdfast, keys.tag('a', 'v1')), 'in-the-way'), {recursive: true});
  const {bytes, descriptor} = imageOf([]);
  const type = [`Content-Type: ${descriptor.mediaType}`];
  t.is((await exchange(t, holdfast, 'PUT /v2/a/manifests/v1', type, bytes))?.status, 500);
  const span = await spanOf(receiver, 'PUT /v2/*name/manifests/:reference');
  t.is(span.status.code, 2);
  const failed = childrenOf(receiver, span).filter(({status}) => status.code === 2);
  t.true(failed.length > 0);
  for (const {name, attributes} of failed) {
    t.regex(name, /^storage /);
    t.is(attributes['error.type'], 'StorageError');
  }
});

test('who hangs up is told as that', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const holdfast = await startInProcess(t, {tracing: {endpoint: receiver.url}});
  const started = await holdfast.api.post('/v2/a/blobs/uploads/').expect(202);
  const wire = await openWire(t, holdfast);
  const location = started.headers['location'] ?? '';
  await wire.send(`PATCH ${location}`, ['Content-Length: 9000'], 'x');
  await until(() => holdfast.log.length > 0);
  wire.socket.destroy();
  const span = await spanOf(receiver, 'PATCH /v2/*name/blobs/uploads/:id');
  t.is(span.attributes['error.type'], 'aborted');
});

test('of strangers the ratio decides, and of a trusted proxy what it has decided', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const tracing = {endpoint: receiver.url, sampleRatio: 0};
  const stranger = await startInProcess(t, {tracing});
  const behind = await startInProcess(t, {tracing, http: {trustedProxies: ['127.0.0.1']}});
  await stranger.api.get('/v2/stranger/tags/list').set({traceparent: traceparent('01')});
  await behind.api.get('/v2/not-sampled/tags/list').set({traceparent: traceparent('00')});
  await behind.api.get('/v2/sampled/tags/list').set({traceparent: traceparent('01')});
  await spanOf(receiver, 'GET /v2/*name/tags/list');
  await stranger.stop();
  await behind.stop();
  const requests = receiver.spans.filter(({kind}) => kind === server);
  t.deepEqual(
    requests.map(({attributes}) => attributes['url.path']),
    ['/v2/sampled/tags/list'],
  );
  t.false(stranger.log.some((line) => 'traceId' in line));
});

for (const header of [
  `00-${'0'.repeat(32)}-${parentSpan}-01`,
  `00-${parentTrace}-${'0'.repeat(16)}-01`,
  `ff-${parentTrace}-${parentSpan}-01`,
  `00-${parentTrace}-${parentSpan}`,
  'x'.repeat(10_000),
]) {
  test(`${header.slice(0, 70)} is no trace to go on with: a new one begins`, async (t) => {
    const receiver = await startOtlpReceiver(t);
    const holdfast = await startInProcess(t, {tracing: {endpoint: receiver.url}});
    await holdfast.api.get('/v2/').set({traceparent: header}).expect(200);
    const span = await spanOf(receiver, 'GET /v2{/}');
    t.not(span.traceId, parentTrace);
    t.falsy(span.parentSpanId);
  });
}

test('spans that wait when the server stops are sent', async (t) => {
  const receiver = await startOtlpReceiver(t);
  const holdfast = await startInProcess(t, {tracing: {endpoint: receiver.url}});
  await holdfast.api.get('/v2/').expect(200);
  await holdfast.stop();
  t.true(receiver.spans.some(({name}) => name === 'GET /v2{/}'));
});

const hostile: readonly [what: string, answer: Parameters<typeof answering>[1]][] = [
  ['never answers', () => undefined],
  ['answers what is no answer', (_, response) => response.end(Buffer.alloc(100_000, '\u0007'))],
  ['answers 500', (_, response) => response.writeHead(500).end('<html>')],
  [
    'asks to come back in an hour',
    (_, response) => response.writeHead(429, {'Retry-After': '3600'}).end(),
  ],
  ['cuts the connection', (request) => request.socket.destroy()],
];

async function isUnharmed(t: ExecutionContext, endpoint: string) {
  const holdfast = await startInProcess(t, {tracing: {endpoint}});
  for (let count = 0; count < 50; count += 1) {
    await holdfast.api.get(`/v2/a/blobs/${strangeDigest}`).expect(404);
  }
  const begin = performance.now();
  await holdfast.stop();
  t.true(performance.now() - begin < 5000);
  return holdfast;
}

for (const [what, answer] of hostile) {
  test(`a collector that ${what} does no harm to requests, nor to the stop`, async (t) => {
    await isUnharmed(t, await answering(t, answer));
  });
}

test('a collector that is not there is told once, and harms nothing', async (t) => {
  const {server: closed, port} = await takenPort(t);
  closed.close();
  const holdfast = await isUnharmed(t, `http://127.0.0.1:${port}`);
  const told = holdfast.log.filter(({msg}) => msg === 'traces could not be sent');
  t.true(told.length <= 1);
});
