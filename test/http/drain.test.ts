import {once} from 'node:events';
import {statSync} from 'node:fs';
import net from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {pushBlob, randomContent, startUpload} from '../support/content.ts';
import {openFiles, socketsAt} from '../support/descriptors.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const half = Buffer.alloc(500, 'x');

/** A PATCH of which half has been sent. */
async function beginPatch(t: ExecutionContext, holdfast: InProcess) {
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  const headers = ['Content-Length: 1000', 'Expect: 100-continue'];
  await wire.send(`PATCH ${location}`, headers);
  t.is((await wire.answer())?.status, 100);
  await wire.write(half);
  return {wire, location};
}

const errorsIn = ({log}: InProcess) => log.filter(({level}) => level === 'error');

async function isRefused({port}: InProcess): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => {
      resolve(true);
    });
  });
}

test('a request under way at the stop is finished, and its connection closed', async (t) => {
  const holdfast = await startInProcess(t);
  const {wire} = await beginPatch(t, holdfast);
  const stopped = holdfast.stop();
  t.true(await isRefused(holdfast));
  await wire.write(half);
  const answer = await wire.answer();
  t.is(answer?.status, 202);
  t.is(answer?.headers['range'], '0-999');
  t.is(answer?.headers['connection'], 'close');
  t.is(await wire.closed, 'end');
  await stopped;
  t.is(await socketsAt(holdfast.port, 'accepted'), 0);
  t.is(await socketsAt(holdfast.port, 'listening'), 0);
});

test('a PUT under way at the stop is answered 201', async (t) => {
  const holdfast = await startInProcess(t);
  const {bytes, digest} = randomContent(1000);
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  await wire.send(`PUT ${location}&digest=${digest}`, [
    'Content-Length: 1000',
    'Expect: 100-continue',
  ]);
  await wire.answer();
  const stopped = holdfast.stop();
  await wire.write(bytes);
  const answer = await wire.answer();
  t.is(answer?.status, 201);
  t.is(answer?.headers['connection'], 'close');
  await stopped;
});

test('a download under way at the stop comes whole, and holds nothing up afterwards', async (t) => {
  const holdfast = await startInProcess(t);
  const blob = randomContent(20_000_000);
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => wire.socket.readableLength > 0);
  const stopped = holdfast.stop();
  wire.socket.resume();
  t.true((await wire.answer())?.body.equals(blob.bytes));
  t.is(await wire.closed, 'end');
  await stopped;
});

test('idle connections are closed at once at the stop', async (t) => {
  const holdfast = await startInProcess(t);
  const {wire: busy} = await beginPatch(t, holdfast);
  const idle = await openWire(t, holdfast);
  await idle.send('GET /v2/');
  await idle.answer();
  const stopped = holdfast.stop();
  t.is(await idle.closed, 'end');
  await busy.write(half);
  t.is((await busy.answer())?.status, 202);
  await stopped;
});

for (const [name, said] of [
  ['nothing was ever said', ''],
  ['half a head was said', 'GET /v2/ HTTP/1.1\r\nHost:'],
] as const) {
  test(`a connection on which ${name} does not hold up the stop`, async (t) => {
    const holdfast = await startInProcess(t);
    const wire = await openWire(t, holdfast);
    await wire.write(said);
    await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 1);
    const begun = Date.now();
    await holdfast.stop();
    t.true(Date.now() - begun < 5000);
  });
}

test('a TLS handshake that does not go on does not hold up the stop', async (t) => {
  const holdfast = await startInProcess(t, {tls: {mode: 'self-signed'}});
  await openWire(t, holdfast);
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 1);
  const begun = Date.now();
  await holdfast.stop();
  t.true(Date.now() - begun < 5000);
});

test('what takes longer than the drain time-out is cut, and kept as far as it came', async (t) => {
  const holdfast = await startInProcess(t, {http: {drainTimeout: '100ms'}});
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Content-Length: 4000000'], Buffer.alloc(3_000_000));
  await until(async () => (await openFiles(holdfast.dataDir)).some(isWritten));
  await holdfast.stop();
  await wire.closed;
  t.is(await wire.answer(), undefined);
  t.deepEqual(errorsIn(holdfast), []);

  const next = await startInProcess(t, {dataDir: holdfast.dataDir});
  const status = await next.api.get(location);
  t.is(status.status, 204);
  t.regex(status.get('Range') ?? '', /^0-[1-2]\d{6}$/);
});

/** A part of an upload that has bytes already. */
const isWritten = (file: string): boolean => file.includes('.part') && statSync(file).size > 0;

test('requests that are cut at the stop are no errors in the log', async (t) => {
  const holdfast = await startInProcess(t, {http: {drainTimeout: '0ms'}});
  const wires = await Promise.all(Array.from({length: 20}, async () => openWire(t, holdfast)));
  for (const wire of wires) {
    await wire.send('PUT /v2/a/manifests/v1', ['Content-Length: 9', 'Expect: 100-continue']);
  }
  // It is the answer of a request that has begun.
  for (const wire of wires) t.is((await wire.answer())?.status, 100);
  for (const wire of wires) await wire.write('{}');
  await holdfast.stop();
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 0);
  const cut = holdfast.log.filter(({route}) => route === 'manifest-put');
  t.is(cut.length, wires.length);
  for (const line of cut) t.like(line, {status: 499, aborted: true});
  t.deepEqual(errorsIn(holdfast), []);
});

test('a slow reader of the metrics does not keep the registry open at the stop', async (t) => {
  const metrics = {listen: ['127.0.0.1:0']};
  const holdfast = await startInProcess(t, {metrics, http: {drainTimeout: '3s'}});
  const wire = await openWire(t, {port: Number(new URL(holdfast.metricsUrl ?? '').port)});
  await wire.send('GET /metrics', ['Content-Length: 10']);
  await wire.answer();
  const stopped = holdfast.stop();
  t.true(await isRefused(holdfast));
  wire.socket.destroy();
  await stopped;
});

test('a second stop waits for nothing and fails at nothing', async (t) => {
  const holdfast = await startInProcess(t);
  await Promise.all([holdfast.stop(), holdfast.stop()]);
  await holdfast.stop();
  t.true(await isRefused(holdfast));
});

test('a connection to the administration on which nothing is said keeps nobody from stopping', async (t) => {
  const settings = {auth: {mode: 'accounts'}, http: {drainTimeout: '100ms'}} as const;
  const holdfast = await startInProcess(t, settings);
  const socket = net.connect(join(holdfast.dataDir, 'run/admin.sock'));
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.on('error', () => undefined).resume();
  await t.notThrowsAsync(holdfast.stop());
  await closed;
});
