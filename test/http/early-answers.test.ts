import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import test from 'ava';
import {linger} from '../../src/http/linger.ts';
import {startUpload} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {errorCode, exchange, openWire, type Wire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';

const megabyte = Buffer.alloc(1_000_000, 'x');
const gigabyte = 'Content-Length: 1000000000';

/** Writes for as long as the server takes it; how many bytes it took. */
async function writeOn(wire: Wire): Promise<number> {
  let sent = 0;
  while (await wire.write(megabyte)) sent += megabyte.length;
  return sent;
}

test('a manifest over the limit is answered 413 before its body is sent', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  await wire.send('PUT /v2/a/manifests/v1', [`Content-Length: ${5 * 1024 * 1024}`]);
  const answer = await wire.answer();
  t.is(answer?.status, 413);
  t.is(errorCode(answer), 'MANIFEST_INVALID');
  t.is(answer?.headers['connection'], 'close');
  t.is(await wire.closed, 'end');
});

test('a manifest over the limit that does not tell its length is answered 413 while it comes', async (t) => {
  const holdfast = await startInProcess(t, {manifests: {maxBytes: '1MiB'}});
  const wire = await openWire(t, holdfast);
  await wire.send('PUT /v2/a/manifests/v1', ['Transfer-Encoding: chunked']);
  for (let sent = 0; sent < 3; sent += 1) await wire.sendChunk(megabyte);
  const answer = await wire.answer();
  t.is(answer?.status, 413);
  t.is(answer?.headers['connection'], 'close');
  t.is(await wire.closed, 'end');
});

test('a client that sends on reads the early answer all the same', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  await wire.send('PUT /v2/a/manifests/v1', ['Content-Length: 5000000']);
  await wire.write(megabyte);
  await until(() => holdfast.log.some(({status}) => status === 413));
  for (let sent = 1; sent < 5; sent += 1) t.true(await wire.write(megabyte));
  const answer = await wire.answer();
  t.is(answer?.status, 413);
  t.is(await wire.closed, 'end');
});

for (const header of ['Connection: close', 'Upgrade: x\r\nConnection: Upgrade']) {
  test(`a client that sends a small body slowly reads the early answer, with ${header.split('\r', 1)[0] ?? ''}`, async (t) => {
    const holdfast = await startInProcess(t);
    const wire = await openWire(t, holdfast);
    await wire.send('PATCH /v2/a/blobs/uploads/x', ['Content-Length: 60', header]);
    await until(() => holdfast.log.some(({status}) => status === 404));
    for (let sent = 0; sent < 6; sent += 1) t.true(await wire.write(Buffer.alloc(10, 'x')));
    t.is((await wire.answer())?.status, 404);
    t.is(await wire.closed, 'end');
  });
}

const refused = {
  'a manifest that is too large': 'PUT /v2/a/manifests/v1',
  'an upload that nobody knows':
    'PATCH /v2/a/blobs/uploads/019be5a5-0000-7000-8000-000000000000?_state=x.y',
  'a name that is no name': 'PATCH /v2/A/blobs/uploads/x',
  'a GET with a body': 'GET /v2/',
  'a HEAD with a body': 'HEAD /v2/',
  'a path that leads nowhere': 'POST /nowhere',
};

for (const [name, line] of Object.entries(refused)) {
  test(`${name} and a gigabyte behind it: most of it is never read`, async (t) => {
    const holdfast = await startInProcess(t);
    const wire = await openWire(t, holdfast);
    await wire.send(line, [gigabyte]);
    const answer = await wire.answer(line.split(' ', 1)[0]);
    t.is(answer?.headers['connection'], 'close');
    t.true((await writeOn(wire)) < 200_000_000);
  });
}

test('a HEAD or GET of a blob with a gigabyte behind it closes the connection too', async (t) => {
  const holdfast = await startInProcess(t);
  const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  await holdfast.api.post(`/v2/a/blobs/uploads/?digest=${empty}`).expect(201);
  for (const method of ['HEAD', 'GET']) {
    const answer = await exchange(t, holdfast, `${method} /v2/a/blobs/${empty}`, [gigabyte]);
    t.is(answer?.status, 200);
    t.is(answer?.headers['content-length'], '0');
    t.is(answer?.headers['connection'], 'close');
  }
});

test('a connection whose client goes away at the early answer is closed before one whose client stays', async (t) => {
  const server = createServer({allowHalfOpen: true});
  const closed: string[] = [];
  const lingering = async (name: string): Promise<Socket> => {
    const {port} = server.address() as AddressInfo;
    const client = connect({port, host: '127.0.0.1', allowHalfOpen: true});
    const [socket] = (await once(server, 'connection')) as [Socket];
    socket.once('close', () => closed.push(name)).resume();
    linger(socket);
    await once(client.resume(), 'end');
    return client;
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const stays = await lingering('stays');
  (await lingering('goes')).end();
  await until(() => closed.length === 2);
  t.deepEqual(closed, ['goes', 'stays']);
  stays.destroy();
});

test('a GET with a small body is answered as without, and the connection kept', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  for (const body of ['x'.repeat(100), 'x'.repeat(60_000)]) {
    await wire.send('GET /v2/', [], body);
    const answer = await wire.answer();
    t.is(answer?.status, 200);
    t.is(answer?.headers['connection'], 'keep-alive');
  }
});

test('a GET with a body of 10 MB is answered as without, and the connection closed', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  void wire.send('GET /v2/', [], Buffer.alloc(10_000_000));
  const answer = await wire.answer();
  t.is(answer?.status, 200);
  t.is(answer?.headers['connection'], 'close');
  t.is(await wire.closed, 'end');
});

test('what is left of a small body is read, and the connection kept', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  await wire.send('PUT /v2/a/manifests/-', ['Content-Length: 5000'], 'x'.repeat(1000));
  const answer = await wire.answer();
  t.is(answer?.status, 400);
  t.is(answer?.headers['connection'], 'keep-alive');
  await wire.write('x'.repeat(4000));
  await wire.send('GET /v2/');
  t.is((await wire.answer())?.status, 200);
});

for (const [name, line, status] of [
  ['a name that is no name', 'PUT /v2/UPPER/manifests/v1', 400],
  ['a manifest that is too large', 'PUT /v2/a/manifests/v1', 413],
  ['an upload that nobody knows', 'PATCH /v2/a/blobs/uploads/x?_state=y', 400],
  ['a path that leads nowhere', 'PUT /nowhere', 404],
] as const) {
  test(`who waits for 100 Continue is refused before: ${name}`, async (t) => {
    const holdfast = await startInProcess(t);
    const wire = await openWire(t, holdfast);
    await wire.send(line, ['Expect: 100-continue', 'Content-Length: 5000000']);
    const answer = await wire.answer();
    t.is(answer?.status, status);
    t.is(answer?.headers['connection'], 'close');
    t.is(await wire.closed, 'end');
  });
}

test('who waits for 100 Continue with a small body is refused before, and the connection closed', async (t) => {
  const holdfast = await startInProcess(t);
  const wire = await openWire(t, holdfast);
  await wire.send('PUT /v2/UPPER/manifests/v1', ['Expect: 100-continue', 'Content-Length: 50']);
  const answer = await wire.answer();
  t.is(answer?.status, 400);
  t.is(answer?.headers['connection'], 'close');
});

test('a registry that is read-only refuses before 100 Continue, and reads no push', async (t) => {
  const holdfast = await startInProcess(t, {maintenance: {readonly: true}});
  for (const expect of [[], ['Expect: 100-continue']]) {
    for (const line of ['PATCH /v2/a/blobs/uploads/x', 'PUT /v2/a/manifests/v1']) {
      const answer = await exchange(t, holdfast, line, [...expect, gigabyte]);
      t.is(answer?.status, 405);
      t.is(errorCode(answer), 'UNSUPPORTED');
      t.is(answer?.headers['connection'], 'close');
    }
  }
});

test('who waits for 100 Continue gets it when the body is wanted', async (t) => {
  const holdfast = await startInProcess(t);
  const location = await startUpload(holdfast.api, 'a');
  const wire = await openWire(t, holdfast);
  await wire.send(`PATCH ${location}`, ['Expect: 100-continue', 'Content-Length: 5']);
  t.is((await wire.answer())?.status, 100);
  await wire.write('12345');
  const answer = await wire.answer();
  t.is(answer?.status, 202);
  t.is(answer?.headers['range'], '0-4');
  t.is(answer?.headers['connection'], 'keep-alive');
});

test('who expects something else than 100 Continue is answered 417', async (t) => {
  const holdfast = await startInProcess(t);
  const answer = await exchange(t, holdfast, 'GET /v2/', ['Expect: lunch']);
  t.is(answer?.status, 417);
  t.is(errorCode(answer), 'UNSUPPORTED');
});
