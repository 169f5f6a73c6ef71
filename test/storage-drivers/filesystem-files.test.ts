import {once} from 'node:events';
import {createServer, request} from 'node:http';
import {createServer as createSocket} from 'node:net';
import {PassThrough, Readable} from 'node:stream';
import test from 'ava';
import fs from 'fs-extra';
import type {StreamResult} from '../../src/storage/driver.ts';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {chunks, failsAs, names, numberedMiB, readBack, storageKey} from './objects.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {filesBelow, openTemporary} from './temporary-root.ts';

const a = storageKey('docker/a/data');
const MiB = 1024 * 1024;

test('list leaves out staged files, names that are no keys, and what can’t be read', async (t) => {
  const driver = await openTemporary(t);
  const directory = `${driver.root}/docker`;
  for (const name of ['a', 'x.tmp', 'x.part', 'x.1-a.checkpoint', '.nfs0001', 'with blank'])
    await fs.outputFile(`${directory}/${name}`, '');
  for (const name of ['d.tmp', 'd.part', 'lost+found']) await fs.ensureDir(`${directory}/${name}`);
  await fs.symlink('nowhere', `${directory}/dangling`);
  await fs.symlink('loop', `${directory}/loop`);
  await fs.symlink('a', `${directory}/to-file`);
  await fs.symlink('d.tmp', `${directory}/to-directory`);
  const socket = createSocket().listen(`${directory}/socket`);
  await once(socket, 'listening');
  t.teardown(() => socket.close());
  const entries: string[] = [];
  for await (const {name, kind} of driver.list(storageKey('docker')))
    entries.push(`${kind} ${name}`);
  t.deepEqual(entries, [
    'object a',
    'prefix d.part',
    'prefix d.tmp',
    'prefix to-directory',
    'object to-file',
  ]);
  for (const name of ['dangling', 'loop', 'socket']) {
    t.is(await driver.stat(storageKey(`docker/${name}`)), undefined);
    t.is(await driver.read(storageKey(`docker/${name}`)), undefined);
  }
  t.deepEqual(await names(driver, ''), ['docker']);
});

test('an object lies as a file where localPath says, below the root', async (t) => {
  const driver = await openTemporary(t);
  await driver.create(a, Buffer.from('x'));
  t.is(await fs.readFile(`${driver.root}/${driver.localPath(a)}`, 'utf8'), 'x');
});

test('delete keeps the root and the directories right below it', async (t) => {
  const driver = await openTemporary(t);
  await driver.create(a, Buffer.from('x'));
  await driver.delete(a);
  t.deepEqual(await fs.readdir(`${driver.root}/docker`), []);
});

test('modes come from the umask', async (t) => {
  const driver = await openTemporary(t);
  await driver.create(a, Buffer.from('x'));
  await fs.writeFile(`${driver.root}/plain-file`, 'x');
  await fs.mkdir(`${driver.root}/plain-directory`);
  const modeOf = async (path: string) => (await fs.stat(`${driver.root}/${path}`)).mode;
  t.is(await modeOf(a), await modeOf('plain-file'));
  t.is(await modeOf('docker/a'), await modeOf('plain-directory'));
});

test('a file that is cut while it is read fails the stream as corrupt', async (t) => {
  const driver = await openTemporary(t);
  await driver.createStream(a, Readable.from([numberedMiB(0), numberedMiB(1), numberedMiB(2)]));
  const stream = await driver.openRead(a);
  await fs.truncate(`${driver.root}/${a}`, MiB + 5);
  await failsAs(t, 'corrupt', stream?.toArray() ?? Promise.resolve());
});

test('a client that hangs up leaves what had arrived', async (t) => {
  const driver = await openTemporary(t);
  const outcome = Promise.withResolvers<StreamResult>();
  const arrived = Promise.withResolvers<undefined>();
  const server = createServer((incoming) => {
    let size = 0;
    const admit = (chunk: Uint8Array) => {
      size += chunk.byteLength;
      if (size >= 3 * MiB) arrived.resolve(undefined);
    };
    outcome.resolve(driver.createStream(a, incoming, {keepPartial: true, admit}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const client = request({port, host: '127.0.0.1', method: 'PATCH'}).on('error', () => undefined);
  const content = Buffer.concat([0, 1, 2, 3].map(numberedMiB));
  client.setHeader('Content-Length', 2 * content.byteLength);
  client.write(content);
  await arrived.promise;
  client.destroy();
  const result = await outcome.promise;
  t.is(result.outcome, 'partial');
  t.true(result.size >= 3 * MiB);
  t.like(result.cause, {code: 'ECONNRESET'});
  sameBytes(t, await readBack(driver, a), content.subarray(0, result.size));
  t.deepEqual(await filesBelow(driver.root), [a]);
});

test('a fast source is held back while the disk is slow, and at most 4 MiB are taken ahead', async (t) => {
  let taken = 0;
  let written = 0;
  let most = 0;
  const driver = await openTemporary(t, {
    system: {
      ...realSystem,
      writev: async (fd, buffers) => {
        await new Promise((resolve) => setImmediate(resolve));
        const count = await realSystem.writev(fd, buffers);
        written += count;
        return count;
      },
    },
  });
  written = 0;
  const source = Readable.from(chunks(Buffer.alloc(40 * MiB), 65_536), {highWaterMark: 1});
  await driver.createStream(a, source, {
    admit: (chunk) => {
      taken += chunk.byteLength;
      most = Math.max(most, taken - written);
    },
  });
  t.is(written, 40 * MiB);
  t.true(most <= 4 * MiB, `${most}`);
});

test('a stream that was held back for a small share of the memory goes on when it has a large one', async (t) => {
  const first = Promise.withResolvers<undefined>();
  const free = Promise.withResolvers<undefined>();
  let isHeld = false;
  const driver = await openTemporary(t, {
    system: {
      ...realSystem,
      writev: async (fd, buffers) => {
        if (isHeld) first.resolve(undefined);
        if (isHeld) await free.promise;
        return realSystem.writev(fd, buffers);
      },
    },
  });
  isHeld = true;
  const others = Array.from({length: 31}, () => new PassThrough());
  const otherStreams = others.map(async (source, index) =>
    driver.createStream(storageKey(`docker/others/${index}`), source),
  );
  const source = new PassThrough({highWaterMark: 4 * MiB});
  const created = driver.createStream(a, source);
  const content = Buffer.concat([0, 1, 2].map(numberedMiB));
  const parts = [...chunks(content, MiB / 2)];
  source.write(parts[0]);
  await first.promise;
  source.write(parts[1]);
  while (!source.isPaused()) await new Promise((resolve) => setImmediate(resolve));
  for (const other of others) other.end();
  await Promise.all(otherStreams);
  free.resolve(undefined);
  for (const part of parts.slice(2)) source.write(part);
  source.end();
  await created;
  sameBytes(t, await readBack(driver, a), content);
});

test('streams of which several come at once are synced sooner than one alone', async (t) => {
  let syncs = 0;
  const driver = await openTemporary(t, {
    system: {
      ...realSystem,
      datasync: async (fd) => {
        syncs += 1;
        await realSystem.datasync(fd);
      },
    },
  });
  const twenty = Array.from({length: 20}, (_, index) => numberedMiB(index));
  await driver.createStream(a, Readable.from(twenty), {keepPartial: true});
  t.is(syncs, 0);
  const others = [1, 2, 3].map(() => new PassThrough());
  const otherStreams = others.map(async (source, index) =>
    driver.createStream(storageKey(`docker/others/${index}`), source),
  );
  await driver.createStream(storageKey('docker/b'), Readable.from(twenty), {keepPartial: true});
  t.true(syncs > 0);
  for (const other of others) other.end();
  await Promise.all(otherStreams);
  sameBytes(t, await readBack(driver, storageKey('docker/b')), Buffer.concat(twenty));
});

test('no verb leaves a descriptor open, whatever its end', async (t) => {
  const driver = await openTemporary(t);
  const content = Buffer.concat([0, 1, 2, 3].map(numberedMiB));
  await driver.createStream(a, Readable.from(chunks(content, 50_000)));
  await driver.createStream(a, Readable.from(chunks(content, 50_000)), {keepPartial: true});
  await driver.read(storageKey('docker/none'));
  await driver.read(storageKey('docker'));
  await driver.openRead(storageKey('docker'));
  await failsAs(t, 'too-large', driver.createStream(a, Readable.from([content]), {maxBytes: 1}));
  await t.throwsAsync(driver.createStream(a, new PassThrough().destroy()));
  await readBack(driver, a, {start: 1, end: 2 * MiB});

  const untouched = await driver.openRead(a);
  const halfway = await driver.openRead(a);
  const reading = await driver.openRead(a);
  t.is((await openBelow(driver.root)).length, 3);
  await (halfway && once(halfway, 'readable'));
  reading?.read(0);
  for (const stream of [untouched, halfway, reading]) {
    stream?.destroy();
    await (stream && once(stream, 'close'));
  }
  t.deepEqual(await openBelow(driver.root), []);
});

test('close ends its epoch although a reader fails at that moment', async (t) => {
  const driver = await openTemporary(t);
  await driver.createStream(a, Readable.from([numberedMiB(0)]));
  const stream = await driver.openRead(a);
  stream?.once('error', () => undefined).destroy(new Error('nobody reads on'));
  await driver.close();
  t.deepEqual(await fs.readdir(`${driver.root}/_holdfast/epochs`), ['highest']);
});

/** Other tests share this process, but not this directory. */
async function openBelow(root: string): Promise<string[]> {
  const targets = await Promise.all(
    (await fs.readdir('/proc/self/fd')).map((fd) =>
      fs.readlink(`/proc/self/fd/${fd}`).catch(() => ''),
    ),
  );
  return targets.filter((target) => target.startsWith(root));
}

test('directories that a delete leaves empty go, and those right below the root stay', async (t) => {
  const driver = await openTemporary(t);
  const key = storageKey('docker/a/b/data');
  await driver.create(key, Buffer.from('x'));
  t.true(await driver.delete(key));
  t.deepEqual(await fs.readdir(`${driver.root}/docker`), []);
});
