import {truncate} from 'node:fs/promises';
import test from 'ava';
import {config, imageOf, pushBlob, randomContent} from '../support/content.ts';
import {openFiles, socketsAt} from '../support/descriptors.ts';
import {diskPath, keys} from '../support/disk.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

/** More than all buffers between two sockets of this machine hold. */
const blob = randomContent(24_000_000);

const errorsIn = ({log}: InProcess) => log.filter(({level}) => level === 'error');
const openBlobs = async ({dataDir}: InProcess) =>
  (await openFiles(dataDir)).filter((file) => file.includes('/blobs/')).length;

test('a blob that nobody reads on is given up after the time-out, and its file is closed', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '200ms'}});
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => holdfast.log.some(({route, aborted}) => route === 'blob' && aborted === true));
  await until(async () => (await openBlobs(holdfast)) === 0);
  wire.socket.resume();
  await wire.closed;
  t.true(wire.rest.length < blob.bytes.length);
  t.deepEqual(errorsIn(holdfast), []);
});

test('a blob that is read slowly goes on beyond the time-out', async (t) => {
  const holdfast = await startInProcess(t, {http: {bodyIdleTimeout: '2s'}});
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  let allowed = 0;
  wire.socket.on('data', (chunk: Buffer) => {
    allowed -= chunk.length;
    if (allowed <= 0) wire.socket.pause();
  });
  const begun = Date.now();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  const reading = setInterval(() => {
    allowed = 180_000;
    wire.socket.resume();
  }, 20);
  const answer = await wire.answer();
  clearInterval(reading);
  t.true(answer?.body.equals(blob.bytes));
  t.true(Date.now() - begun > 2000);
});

test('a manifest that nobody reads on is given up after the time-out', async (t) => {
  const http = {bodyIdleTimeout: '200ms'};
  const holdfast = await startInProcess(t, {manifests: {maxBytes: '16MiB'}, http});
  await pushBlob(holdfast.api, 'a', config);
  const {bytes, descriptor} = imageOf([], {annotations: {large: 'x'.repeat(15_000_000)}});
  const type = [`Content-Type: ${descriptor.mediaType}`];
  t.is((await exchange(t, holdfast, 'PUT /v2/a/manifests/v1', type, bytes))?.status, 201);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  await wire.send('GET /v2/a/manifests/v1');
  await until(() =>
    holdfast.log.some(({route, aborted}) => route === 'manifest' && aborted === true),
  );
  wire.socket.resume();
  t.is(await wire.answer(), undefined);
});

test('a download whose client goes away is no error, and leaves nothing open', async (t) => {
  const holdfast = await startInProcess(t);
  await pushBlob(holdfast.api, 'a', blob);
  const wires = await Promise.all(Array.from({length: 10}, async () => openWire(t, holdfast)));
  for (const wire of wires) {
    wire.socket.pause();
    await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  }
  await until(() => wires.every(({socket}) => socket.readableLength > 0));
  t.is(await openBlobs(holdfast), wires.length);
  for (const wire of wires) wire.socket.destroy();
  await until(async () => (await openBlobs(holdfast)) === 0);
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) <= 1);
  const lines = holdfast.log.filter(({route}) => route === 'blob');
  t.deepEqual(errorsIn(holdfast), []);
  t.deepEqual(
    new Set(lines.map(({status, aborted}) => `${String(status)} ${String(aborted)}`)),
    new Set(['200 true']),
  );
});

test('a blob that the disk has lost a part of does not end cleanly, and is one error in the log', async (t) => {
  const metrics = {listen: ['127.0.0.1:0']};
  const holdfast = await startInProcess(t, {metrics});
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => wire.socket.readableLength > 0);
  await truncate(diskPath(holdfast, keys.blob(blob.digest)), 20_000_000);
  wire.socket.resume();
  await wire.closed;
  t.true(wire.rest.toString('latin1').startsWith('HTTP/1.1 200'));
  t.true(wire.rest.length < blob.bytes.length);
  const [error, ...more] = errorsIn(holdfast);
  t.is(error?.['msg'], 'answer broke off');
  t.truthy(error?.['requestId']);
  t.deepEqual(more, []);
  t.is(await openBlobs(holdfast), 0);
  const text = await (await fetch(`${holdfast.metricsUrl ?? ''}/metrics`)).text();
  t.regex(text, /holdfast_storage_errors_total\{kind="corrupt"\} 1\n/);
});

test('garbage from the client during a download does not get an answer into the blob', async (t) => {
  const holdfast = await startInProcess(t);
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => wire.socket.readableLength > 0);
  await wire.write('GARBAGE\r\n\r\n');
  await until(async () => (await openBlobs(holdfast)) === 0);
  wire.socket.resume();
  await wire.closed;
  const head = wire.rest.indexOf('\r\n\r\n') + 4;
  t.is(wire.rest.indexOf('HTTP/1.1 400'), -1);
  t.true(wire.rest.subarray(head).equals(blob.bytes.subarray(0, wire.rest.length - head)));
});

test('a damaged connection is no error of ours', async (t) => {
  const holdfast = await startInProcess(t);
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  await wire.send(`GET /v2/a/blobs/${blob.digest}`);
  await until(() => wire.rest.length > 0);
  wire.socket.resetAndDestroy();
  await until(() => holdfast.log.some(({route}) => route === 'blob'));
  t.deepEqual(errorsIn(holdfast), []);
});
