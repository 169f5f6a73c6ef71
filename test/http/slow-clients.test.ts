import type {IncomingMessage, Server} from 'node:http';
import test from 'ava';
import {configSchema} from '../../src/config/schema.ts';
import {startServer} from '../../src/http/server.ts';
import {createLog} from '../../src/observability/log.ts';
import {startUpload} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {errorCode, openWire} from '../support/raw-http.ts';

const part = Buffer.alloc(1000, 'x');

test('headers that do not come in time are answered 408 in JSON, and the connection is closed', async (t) => {
  const holdfast = await startInProcess(t, {http: {headersTimeout: '100ms'}});
  const wire = await openWire(t, holdfast);
  await wire.write('GET /v2/ HTTP/1.1\r\nHost: test\r\nX-Slow: ');
  const answer = await wire.answer();
  t.is(answer?.status, 408);
  t.is(answer?.headers['connection'], 'close');
  t.is(errorCode(answer), 'UNSUPPORTED');
  t.is(await wire.closed, 'end');
});

test('headers that trickle in are answered 408 as well', async (t) => {
  const holdfast = await startInProcess(t, {http: {headersTimeout: '100ms'}});
  const wire = await openWire(t, holdfast);
  await wire.write('GET /v2/ HTTP/1.1\r\nHost: test\r\nX-Slow: ');
  const dripping = wire.drip(Infinity, 10);
  t.is((await wire.answer())?.status, 408);
  await wire.closed;
  wire.socket.destroy();
  await dripping;
});

test('a connection on which nothing is ever said is closed', async (t) => {
  const holdfast = await startInProcess(t, {http: {headersTimeout: '100ms'}});
  const wire = await openWire(t, holdfast);
  t.is(await wire.closed, 'end');
});

test('a body that falls silent is answered 408; what came is kept, and the status tells how much', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '100ms'}});
  const location = await startUpload(holdfast.api, 'slow/body');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 5000'], part);
  const answer = await wire.answer();
  t.is(answer?.status, 408);
  t.is(errorCode(answer), 'SIZE_INVALID');
  t.is(answer?.headers['connection'], 'close');
  const status = await holdfast.api.get(location);
  t.is(status.status, 204);
  t.is(status.get('Range'), '0-999');
  const resumed = await holdfast.api
    .patch(status.get('Location') ?? '')
    .set('Content-Range', '1000-1999')
    .send(part.toString());
  t.is(resumed.status, 202);
  t.is(resumed.get('Range'), '0-1999');
});

test('a manifest that falls silent is answered 408', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '100ms'}});
  const wire = await openWire(t, holdfast);
  await wire.send('PUT /v2/slow/manifest/manifests/v1', ['Content-Length: 5000'], '{"schema');
  const answer = await wire.answer();
  t.is(answer?.status, 408);
  t.is(errorCode(answer), 'SIZE_INVALID');
});

test('a body of the API that falls silent is answered 408, as nobody has to log in for it', async (t) => {
  const settings = {http: {bodyIdleTimeout: '100ms'}, auth: {mode: 'accounts'}} as const;
  const holdfast = await startInProcess(t, settings);
  const wire = await openWire(t, holdfast);
  const headers = ['Content-Type: application/json', 'Content-Length: 100'];
  await wire.send('POST /api/v1/setup', headers, '{');
  const answer = await wire.answer();
  t.is(answer?.status, 408);
  t.is(answer?.headers['connection'], 'close');
});

for (const [what, type] of [
  ['/auth/token', 'application/x-www-form-urlencoded'],
  ['/api/v1/setup', 'application/json'],
  ['/api/v1/session', 'application/json'],
  ['/api/v1/session/sign-up', 'application/json'],
] as const) {
  test(`a body of ${what} that trickles is answered 408: a stranger holds no connection by it`, async (t) => {
    const settings = {http: {bodyIdleTimeout: '200ms'}, auth: {mode: 'accounts'}} as const;
    const holdfast = await startInProcess(t, settings);
    const wire = await openWire(t, holdfast);
    const headers = [`Content-Type: ${type}`, 'Content-Length: 20', 'Sec-Fetch-Site: same-origin'];
    await wire.send(`POST ${what}`, headers);
    void wire.drip(20, 40).catch(() => undefined);
    t.is((await wire.answer())?.status, 408);
  });
}

test('a body that trickles goes on for longer than the time-out', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '200ms'}});
  const location = await startUpload(holdfast.api, 'slow/trickle');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 20']);
  await wire.drip(20, 40);
  const answer = await wire.answer();
  t.is(answer?.status, 202);
  t.is(answer?.headers['range'], '0-19');
});

test('a time-out for headers does not end a body', async (t) => {
  const holdfast = await startInProcess(t, {http: {headersTimeout: '100ms'}});
  const location = await startUpload(holdfast.api, 'slow/long');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 10']);
  await wire.drip(10, 50);
  t.is((await wire.answer())?.status, 202);
});

test('no request is ended for how long it takes: only headers and silence have time-outs', async (t) => {
  const {http: limits} = configSchema.parse({});
  const seen = Promise.withResolvers<Server>();
  const running = await startServer({
    addresses: [{host: '127.0.0.1', port: 0}],
    handle: ({socket}: IncomingMessage, response) => {
      response.end();
      seen.resolve((socket as typeof socket & {readonly server: Server}).server);
    },
    limits,
    log: createLog({level: 'error', format: 'json'}),
  });
  t.teardown(async () => running.close());
  await (await fetch(running.urls[0] ?? '')).text();
  const {requestTimeout, timeout, headersTimeout, keepAliveTimeout} = await seen.promise;
  t.deepEqual(
    {requestTimeout, timeout, headersTimeout, keepAliveTimeout},
    {requestTimeout: 0, timeout: 0, headersTimeout: 60_000, keepAliveTimeout: 75_000},
  );
});
