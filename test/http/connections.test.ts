import {createHash} from 'node:crypto';
import {once} from 'node:events';
import http from 'node:http';
import net, {type AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import test from 'ava';
import {Connections} from '../../src/http/connections.ts';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {config, pushBlob, pushImage, randomContent, startUpload} from '../support/content.ts';
import {openFiles, socketsAt} from '../support/descriptors.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {exchange, openWire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const errorsIn = ({log}: InProcess) => log.filter(({level}) => level === 'error');
const times = (count: number): readonly number[] =>
  Array.from({length: count}, (_, index) => index);

test('pipelined requests are answered in their order', async (t) => {
  const holdfast = await startInProcess(t);
  const blob = randomContent(300_000);
  const image = await pushImage(holdfast.api, 'a', {tag: 'v1', layers: [blob]});
  const paths = [
    `/v2/a/blobs/${blob.digest}`,
    '/v2/',
    '/v2/a/manifests/v1',
    `/v2/a/blobs/${config.digest}`,
    '/nowhere',
  ];
  const wire = await openWire(t, holdfast);
  await wire.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: test\r\n\r\n`).join(''));
  t.true((await wire.answer())?.body.equals(blob.bytes));
  t.is(String((await wire.answer())?.body), '{}');
  t.true((await wire.answer())?.body.equals(image.bytes));
  t.true((await wire.answer())?.body.equals(config.bytes));
  t.is((await wire.answer())?.status, 404);
});

test('what can not be answered does not come into the middle of a download', async (t) => {
  const holdfast = await startInProcess(t);
  const blob = randomContent(24_000_000);
  await pushBlob(holdfast.api, 'a', blob);
  const get = `GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: test\r\n\r\n`;
  for (const next of ['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 'no HTTP\r\n\r\n']) {
    const wire = await openWire(t, holdfast);
    wire.socket.pause();
    await wire.write(get);
    await until(() => wire.socket.readableLength > 0);
    await wire.write(next);
    wire.socket.resume();
    await wire.closed;
    const sent = wire.rest;
    const head = sent.indexOf('\r\n\r\n') + 4;
    const body = sent.subarray(head);
    t.true(body.equals(blob.bytes.subarray(0, body.length)), next);
  }
});

test('a hundred pipelined downloads on one connection all come whole', async (t) => {
  const holdfast = await startInProcess(t);
  const blob = randomContent(100_000);
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  await wire.write(`GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: test\r\n\r\n`.repeat(100));
  for (let come = 0; come < 100; come += 1) {
    t.true((await wire.answer())?.body.equals(blob.bytes));
  }
  await until(async () => (await openFiles(`${holdfast.dataDir}/registry/docker`)).length === 0);
});

test('a whole push and pull goes over one connection', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  const {bytes, digest} = randomContent(2_000_000);
  await wire.send('POST /v2/a/blobs/uploads/');
  const location = (await wire.answer())?.headers['location'] ?? '';
  await wire.send(`PATCH ${location}`, ['Transfer-Encoding: chunked']);
  for (let at = 0; at < bytes.length; at += 500_000) {
    await wire.sendChunk(bytes.subarray(at, at + 500_000));
  }
  await wire.sendChunk();
  const next = (await wire.answer())?.headers['location'] ?? '';
  await wire.send(`PUT ${next}&digest=${digest}`, ['Content-Length: 0']);
  t.is((await wire.answer())?.status, 201);
  await wire.send(`GET /v2/a/blobs/${digest}`);
  t.true((await wire.answer())?.body.equals(bytes));
  t.is(await socketsAt(holdfast.port, 'accepted'), 1);
});

test('an idle connection is closed after the keep-alive time-out', async (t) => {
  const holdfast = await startInProcess(t, {http: {keepAliveTimeout: '100ms'}});
  const wire = await openWire(t, holdfast);
  await wire.send('GET /v2/');
  t.is((await wire.answer())?.headers['connection'], 'keep-alive');
  t.is(await wire.closed, 'end');
});

test('fifty clients push at once', async (t) => {
  const holdfast = await startInProcess(t);
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const blobs = times(50).map(() => randomContent(200_000));
  await Promise.all(
    blobs.map(async ({bytes, digest}) => {
      const answer = await exchange(
        t,
        holdfast,
        `POST /v2/a/blobs/uploads/?digest=${digest}`,
        [],
        bytes,
      );
      t.is(answer?.status, 201);
    }),
  );
  const pulled = await Promise.all(
    blobs.map(async ({digest}) => exchange(t, holdfast, `GET /v2/a/blobs/${digest}`)),
  );
  t.deepEqual(
    pulled.map((answer) => answer && createHash('sha256').update(answer.body).digest('hex')),
    blobs.map(({digest}) => digest.replace('sha256:', '')),
  );
  t.deepEqual(warnings, []);
});

test('uploads whose clients go away are no errors, and leave nothing open', async (t) => {
  const holdfast = await startInProcess(t);
  const wires = await Promise.all(
    times(20).map(async (index) => {
      const location = await startUpload(holdfast.api, `gone/${index}`);
      const wire = await openWire(t, holdfast);
      await wire.send(`PATCH ${location}`, ['Content-Length: 9000000'], Buffer.alloc(300_000));
      return wire;
    }),
  );
  const parts = async () =>
    (await openFiles(holdfast.dataDir)).filter((file) => file.includes('.part')).length;
  await until(async () => (await parts()) === wires.length);
  for (const wire of wires) wire.socket.destroy();
  await until(
    () => holdfast.log.filter(({route}) => route === 'upload-append').length === wires.length,
  );
  await until(async () => (await parts()) === 0);
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) <= 1);
  t.deepEqual(errorsIn(holdfast), []);
  const lines = holdfast.log.filter(({route}) => route === 'upload-append');
  for (const line of lines) t.like(line, {status: 499, aborted: true});
});

test('requests whose clients go away before any answer are no errors', async (t) => {
  const holdfast = await startInProcess(t);
  for (const [line, headers] of [
    ['PUT /v2/a/manifests/v1', ['Content-Length: 500']],
    ['PUT /v2/a/manifests/v1', ['Transfer-Encoding: chunked']],
    ['POST /v2/a/blobs/uploads/?digest=sha256:' + '0'.repeat(64), ['Content-Length: 500']],
    ['GET /v2/_catalog', []],
  ] as const) {
    const wire = await openWire(t, holdfast);
    await wire.send(line, headers);
    wire.socket.destroy();
  }
  await until(() => holdfast.log.filter(({msg}) => msg === 'request').length === 4);
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) === 0);
  t.deepEqual(errorsIn(holdfast), []);
});

// Alone: the memory of all tests of this file is one.
test.serial(
  'clients that push faster than the disk writes are made to wait, and hold a bounded amount of memory',
  async (t) => {
    const disk = Promise.withResolvers<undefined>();
    let [isHeld, held] = [false, 0];
    const system: System = {
      ...realSystem,
      writev: async (...args) => {
        if (isHeld) {
          held += 1;
          await disk.promise;
        }
        return realSystem.writev(...args);
      },
    };
    const holdfast = await startInProcess(t, {system});
    const clients = 20;
    const location = async (index: number) => startUpload(holdfast.api, `fast/${index}`);
    const locations = await Promise.all(times(clients).map(location));
    isHeld = true;
    const {arrayBuffers: before} = process.memoryUsage();
    // The same for all: what is counted is held by the server.
    const body = Buffer.alloc(16_000_000);
    for (const place of locations) {
      const {socket} = await openWire(t, holdfast);
      socket.write(
        `PATCH ${place} HTTP/1.1\r\nHost: test\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      socket.write(body);
    }
    await until(() => held === clients);
    // Each is a turn in which the server may read on.
    for (let turn = 0; turn < 200; turn += 1) await holdfast.api.get('/v2/').expect(200);
    const {arrayBuffers: after} = process.memoryUsage();
    disk.resolve(undefined);
    // Node reads a mebibyte ahead of each connection, and all together gather twice eight.
    const megabytes = Math.round((after - before - body.length) / 1e6);
    t.true(megabytes < 50, `${megabytes} MB`);
  },
);

test('of pipelined downloads one is begun at a time', async (t) => {
  const holdfast = await startInProcess(t);
  const blob = randomContent(24_000_000);
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  const get = `GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: test\r\n\r\n`;
  await wire.write(get.repeat(90));
  await until(() => wire.socket.readableLength > 0);
  const blobs = (await openFiles(holdfast.dataDir)).filter((file) => file.includes('/blobs/'));
  t.is(blobs.length, 1);
});

test('who sends thousands of requests ahead is cut, and leaves nothing open', async (t) => {
  const holdfast = await startInProcess(t);
  const blob = randomContent(24_000_000);
  await pushBlob(holdfast.api, 'a', blob);
  const wire = await openWire(t, holdfast);
  wire.socket.pause();
  void wire.write(`GET /v2/a/blobs/${blob.digest} HTTP/1.1\r\nHost: test\r\n\r\n`.repeat(3000));
  await until(async () => (await socketsAt(holdfast.port, 'accepted')) <= 1);
  await until(async () => (await openFiles(`${holdfast.dataDir}/registry/docker`)).length === 0);
  t.deepEqual(errorsIn(holdfast), []);
});

test('what a proxy sends on an idle connection while the server stops is answered, and is the last on it', async (t) => {
  const server = http.createServer();
  const connections = new Connections(server);
  server.on('request', (_, answer) => {
    connections.take(answer, () => void answer.end('here'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const {port} = server.address() as AddressInfo;
  const request = 'POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\n\r\n';
  const connection = net.connect({host: '127.0.0.1', port});
  connection.write(request);
  const [first] = (await once(connection, 'data')) as [Buffer];
  t.regex(first.toString(), /^Connection: keep-alive\r$/im);
  const answer = text(connection);
  const drained = connections.drain(30_000, {isBehindProxy: true});
  connection.write(request);
  t.regex(await answer, /^HTTP\/1\.1 200 OK\r\n.*Connection: close\r\n.*here$/ims);
  await drained;
});
