/** As many connections and files as the system allows, and one more. */
import {once} from 'node:events';
import {readdir, readlink} from 'node:fs/promises';
import net from 'node:net';
import {subscribe, unsubscribe} from 'node:diagnostics_channel';
import path from 'node:path';
import type {Readable} from 'node:stream';
import {buffer} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {storageKey} from '../storage-drivers/objects.ts';
import {openTemporary} from '../storage-drivers/temporary-root.ts';
import {getBytes, pushBlob, randomContent} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {errorCode, openWire, type Wire} from '../support/raw-http.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {type ServerProcess, startProcess} from './server-process.ts';
import {sameBytes} from '../support/same-bytes.ts';

const startWithLimit = async (t: ExecutionContext, limit: number): Promise<ServerProcess> =>
  startProcess(t, {
    dataDir: path.join(await temporaryDirectory(t), 'data'),
    // Soft and hard: Node takes all that it may.
    prefix: ['prlimit', `--nofile=${limit}:${limit}`],
  });

const descriptorsOf = async ({pid}: ServerProcess): Promise<number> =>
  (await readdir(`/proc/${pid}/fd`)).length;

/** Connections beyond the limit are closed by the server, which is no failure of this side. */
async function connectMany(
  t: ExecutionContext,
  {port}: ServerProcess,
  count: number,
): Promise<readonly net.Socket[]> {
  const sockets: net.Socket[] = [];
  while (sockets.length < count) {
    const some = Array.from({length: Math.min(200, count - sockets.length)}, () =>
      net
        .connect({host: '127.0.0.1', port})
        .on('error', () => undefined)
        .resume(),
    );
    sockets.push(...some);
    await until(() => some.every(({connecting}) => !connecting));
  }
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
  });
  return sockets;
}

/** Threads and caches may open a few more; what a connection held is freed with it. */
const isBackTo = (server: ServerProcess, base: number) => async (): Promise<boolean> =>
  (await descriptorsOf(server)) <= base + 8;

testWith(
  ['prlimit'],
  'at the limit of open files new connections are closed and requests that need a file are answered 503; once some are free all goes on',
  async (t) => {
    const server = await startWithLimit(t, 256);
    const blob = randomContent(1000);
    await pushBlob(server.api, 'a', blob);
    const known = await openWire(t, server);
    await known.send('GET /v2/');
    await known.answer();
    const base = await descriptorsOf(server);
    for (let round = 0; round < 3; round += 1) {
      const sockets = await connectMany(t, server, 400);
      await until(() => sockets.some((socket) => socket.destroyed));
      t.true((await descriptorsOf(server)) >= 250);
      await known.send('GET /v2/');
      t.is((await known.answer())?.status, 200);
      await known.send(`GET /v2/a/blobs/${blob.digest}`);
      const answer = await known.answer();
      t.is(answer?.status, 503);
      t.is(errorCode(answer), 'UNAVAILABLE');
      t.is(answer?.headers['retry-after'], '5');
      for (const socket of sockets) socket.destroy();
      await until(isBackTo(server, base));
      sameBytes(t, (await getBytes(server.api, `/v2/a/blobs/${blob.digest}`)).body, blob.bytes);
    }
  },
);

/** Downloads of which nobody takes more than the system's buffers hold. */
async function holdDownloads(
  t: ExecutionContext,
  server: ServerProcess,
  digest: string,
  count: number,
): Promise<readonly Wire<net.Socket>[]> {
  return Promise.all(
    Array.from({length: count}, async () => {
      const wire = await openWire(t, server);
      wire.socket.pause();
      await wire.send(`GET /v2/a/blobs/${digest}`);
      return wire;
    }),
  );
}

testWith(
  ['prlimit'],
  '2,000 connections at once are all answered, 10,000 descriptors are held, and all are free when the clients are gone',
  async (t) => {
    const server = await startWithLimit(t, 20_000);
    const blob = randomContent(12_000_000);
    await pushBlob(server.api, 'a', blob);
    const base = await descriptorsOf(server);
    const sockets = await connectMany(t, server, 2000);
    let answered = 0;
    for (const socket of sockets) {
      socket.once('data', (chunk: Buffer) => {
        if (chunk.toString('latin1').startsWith('HTTP/1.1 200 ')) answered += 1;
      });
      socket.write('GET /v2/ HTTP/1.1\r\nHost: test\r\n\r\n');
    }
    await until(() => answered === 2000);

    const downloads = await holdDownloads(t, server, blob.digest, 100);
    await until(() => downloads.every(({socket}) => socket.readableLength > 0));
    // Some more than it takes: a connection of the push may have been counted among the base.
    const more = await connectMany(t, server, 7850);
    await until(async () => (await descriptorsOf(server)) >= base + 10_000);
    t.is((await server.api.get('/v2/')).status, 200);
    t.is((await server.api.head(`/v2/a/blobs/${blob.digest}`)).status, 200);

    for (const {socket} of downloads) socket.destroy();
    for (const socket of [...sockets, ...more]) socket.destroy();
    await until(isBackTo(server, base));
    sameBytes(t, (await getBytes(server.api, `/v2/a/blobs/${blob.digest}`)).body, blob.bytes);
  },
);

test('10,000 files are read at once, each whole, and none stays open', async (t) => {
  const driver = await openTemporary(t);
  const key = storageKey('docker/a/data');
  const content = randomContent(34_000).bytes;
  await driver.create(key, content);
  // Of this process, in which other tests open and close files of their own.
  const openFiles = async (): Promise<number> => {
    const links = await Promise.all(
      (await readdir('/proc/self/fd')).map(async (fd) =>
        readlink(`/proc/self/fd/${fd}`).catch(() => ''),
      ),
    );
    return links.filter((link) => link.startsWith(`${driver.root}/`)).length;
  };
  const streams: Readable[] = [];
  for (let round = 0; round < 100; round += 1) {
    const some = await Promise.all(Array.from({length: 100}, async () => driver.openRead(key)));
    for (const stream of some) if (stream) streams.push(stream);
  }
  await Promise.all(streams.map(async (stream) => once(stream, 'readable')));
  t.is(await openFiles(), 10_000);
  const contents = await Promise.all(streams.map(async (stream) => buffer(stream)));
  t.is(contents.filter((each) => each.equals(content)).length, 10_000);
  await until(async () => (await openFiles()) === 0);
});

test('errors of accept end nothing, and are logged once a second', async (t) => {
  const servers: net.Server[] = [];
  const take = (message: unknown): void => {
    servers.push((message as {server: net.Server}).server);
  };
  subscribe('tracing:net.server.listen:asyncStart', take);
  const holdfast = await startInProcess(t);
  unsubscribe('tracing:net.server.listen:asyncStart', take);
  // What Node makes of EMFILE where the descriptor that it keeps for that case is gone, too.
  const server = servers.find(
    (each) => (each.address() as net.AddressInfo | null)?.port === holdfast.port,
  );
  const error = Object.assign(new Error('accept EMFILE'), {code: 'EMFILE', syscall: 'accept'});
  for (let count = 0; count < 10; count += 1) server?.emit('error', error);
  t.is((await holdfast.api.get('/v2/')).status, 200);
  const lines = holdfast.log.filter(({msg}) => msg === 'connection not accepted');
  t.is(lines.length, 1);
});
