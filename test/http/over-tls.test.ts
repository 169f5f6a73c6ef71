/** What differs where the bytes are wrapped in TLS: counting them, timing them, and what may break beneath. */
import {once} from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import test, {type ExecutionContext} from 'ava';
import {type Content, randomContent} from '../support/content.ts';
import {socketsAt} from '../support/descriptors.ts';
import {type InProcess, startInProcess, type Settings} from '../support/in-process.ts';
import {errorCode, openWire, Wire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const startOverTls = async (t: ExecutionContext, settings: Settings = {}) =>
  startInProcess(t, {...settings, tls: {mode: 'self-signed'}});

/** TLS spoken by hand, above a connection that can be damaged. */
async function openSecureWire(t: ExecutionContext, {port}: InProcess) {
  const below = net.connect(port, '127.0.0.1');
  t.teardown(() => below.destroy());
  const socket = tls.connect({socket: below, servername: 'localhost', rejectUnauthorized: false});
  await once(socket, 'secureConnect');
  return {wire: new Wire(socket), below};
}

const errorsIn = ({log}: InProcess) => log.filter(({level}) => level === 'error');

async function pushOver(wire: Wire, {bytes, digest}: Content): Promise<number | undefined> {
  await wire.send(`POST /v2/a/blobs/uploads/?digest=${digest}`, [], bytes);
  return (await wire.answer())?.status;
}

test('a handshake that does not go on is given up after the time-out for headers', async (t) => {
  const holdfast = await startOverTls(t, {http: {headersTimeout: '200ms'}});
  const wire = await openWire(t, holdfast);
  await wire.closed;
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 0);
  t.is(await socketsAt(holdfast.port, 'accepted'), 0);
});

for (const line of ['GET /v2/', 'PUT /v2/a/manifests/x', 'OPTIONS *']) {
  test(`plain HTTP to the port of TLS is told that it speaks https: ${line}`, async (t) => {
    const holdfast = await startOverTls(t);
    const wire = await openWire(t, holdfast);
    await wire.send(line);
    const answer = await wire.answer();
    t.is(answer?.status, 400);
    t.is(errorCode(answer), 'UNSUPPORTED');
    t.regex(String(answer?.body), /this port speaks https/);
    await wire.closed;
    await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 0);
    t.is(await socketsAt(holdfast.port, 'accepted'), 0);
    t.deepEqual(errorsIn(holdfast), []);
  });
}

test('what is neither TLS nor HTTP is turned away, and is no error', async (t) => {
  const holdfast = await startOverTls(t);
  const wire = await openWire(t, holdfast);
  await wire.write('\0garbage that is nothing\r\n\r\n');
  await wire.closed;
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 0);
  t.deepEqual(errorsIn(holdfast), []);
});

test('over TLS a body that trickles goes on, and one that falls silent is answered 408', async (t) => {
  const holdfast = await startOverTls(t, {http: {bodyIdleTimeout: '250ms'}});
  const {wire} = await openSecureWire(t, holdfast);
  await wire.send('POST /v2/a/blobs/uploads/');
  const location = (await wire.answer())?.headers['location'] ?? '';
  await wire.send(`PATCH ${location}`, ['Content-Length: 1000']);
  await wire.drip(15, 50);
  const answer = await wire.answer();
  t.is(answer?.status, 408);
  t.is(errorCode(answer), 'SIZE_INVALID');
  const again = await openSecureWire(t, holdfast);
  await again.wire.send(`GET ${location}`);
  t.is((await again.wire.answer())?.headers['range'], '0-14');
});

test('over TLS an early answer reaches a client that sends on', async (t) => {
  const holdfast = await startOverTls(t);
  const {wire} = await openSecureWire(t, holdfast);
  await wire.send('PUT /v2/a/manifests/v1', ['Content-Length: 100000000']);
  await wire.write(Buffer.alloc(1_000_000));
  await until(() => holdfast.log.some(({status}) => status === 413));
  await wire.write(Buffer.alloc(1_000_000));
  const answer = await wire.answer();
  t.is(answer?.status, 413);
  t.is(answer?.headers['connection'], 'close');
  await wire.closed;
});

test('over TLS headers of a megabyte are answered 431', async (t) => {
  const holdfast = await startOverTls(t);
  const {wire} = await openSecureWire(t, holdfast);
  void wire.write(`GET /v2/ HTTP/1.1\r\nHost: test\r\nX: ${'a'.repeat(1_000_000)}\r\n\r\n`);
  t.is((await wire.answer())?.status, 431);
});

test('a client that damages its own TLS in a download writes no error into the log', async (t) => {
  const holdfast = await startOverTls(t);
  const {wire, below} = await openSecureWire(t, holdfast);
  const blob = randomContent(24_000_000);
  t.is(await pushOver(wire, blob), 201);
  wire.socket.pause();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => wire.socket.readableLength > 0);
  below.write('this is not a TLS record at all');
  await until(() => holdfast.log.some(({route}) => route === 'blob'));
  below.destroy();
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 0);
  t.deepEqual(errorsIn(holdfast), []);
});

test('a client that damages its own TLS in an upload writes no error into the log', async (t) => {
  const holdfast = await startOverTls(t);
  const {wire, below} = await openSecureWire(t, holdfast);
  await wire.send('POST /v2/a/blobs/uploads/');
  const location = (await wire.answer())?.headers['location'] ?? '';
  await wire.send(`PATCH ${location}`, ['Content-Length: 1000', 'Expect: 100-continue']);
  t.is((await wire.answer())?.status, 100);
  below.write('this is not a TLS record at all');
  await until(() => holdfast.log.some(({route}) => route === 'upload-append'));
  t.deepEqual(errorsIn(holdfast), []);
});

test('over TLS a request under way at the stop is finished, and idle connections are closed', async (t) => {
  const holdfast = await startOverTls(t);
  const [busy, idle] = [await openSecureWire(t, holdfast), await openSecureWire(t, holdfast)];
  await idle.wire.send('GET /v2/');
  await idle.wire.answer();
  await busy.wire.send('POST /v2/a/blobs/uploads/');
  const location = (await busy.wire.answer())?.headers['location'] ?? '';
  await busy.wire.send(`PATCH ${location}`, ['Content-Length: 10', 'Expect: 100-continue']);
  await busy.wire.answer();
  const stopped = holdfast.stop();
  await idle.wire.closed;
  // Longer than those may stay that have no request.
  await new Promise((resolve) => setTimeout(resolve, 1200));
  await busy.wire.write('0123456789');
  const answer = await busy.wire.answer();
  t.is(answer?.status, 202);
  t.is(answer?.headers['connection'], 'close');
  await stopped;
});
