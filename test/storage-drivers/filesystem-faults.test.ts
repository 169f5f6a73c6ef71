import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {dirname} from 'node:path';
import {Readable} from 'node:stream';
import test from 'ava';
import fs from 'fs-extra';
import type {StorageDriver} from '../../src/storage/driver.ts';
import {openFilesystemDriver} from '../../storage-drivers/filesystem/open-filesystem-driver.ts';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {chunks, failsAs, numberedMiB, readBack, storageKey} from './objects.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {filesBelow, openTemporary, temporaryRoot} from './temporary-root.ts';

const a = storageKey('docker/a/data');
const b = storageKey('docker/b/data');
const content = randomBytes(300_000);

const writers: Readonly<Record<string, (driver: StorageDriver) => Promise<unknown>>> = {
  create: (driver) => driver.create(a, content),
  replace: (driver) => driver.replace(a, content),
  createStream: (driver) => driver.createStream(a, Readable.from(chunks(content, 1000))),
  'createStream with keepPartial': (driver) =>
    driver.createStream(a, Readable.from(chunks(content, 1000)), {keepPartial: true}),
};

for (const [name, write] of Object.entries(writers)) {
  test(`${name}: a failed fsync publishes nothing, leaves nothing, and is not tried again`, async (t) => {
    const {driver, system} = await openFaulty(t);
    let calls = 0;
    system.fsync = () => {
      calls++;
      return Promise.reject(errno('EIO'));
    };
    // The directories of a kept part are made, and synced, before there is a file.
    if (name.endsWith('keepPartial')) await realSystem.mkdir(`${driver.root}/docker`);
    if (name.endsWith('keepPartial')) await realSystem.mkdir(`${driver.root}/docker/a`);
    await failsAs(t, 'unavailable', write(driver));
    t.is(calls, 1);
    t.is(await driver.stat(a), undefined);
    t.deepEqual(await filesBelow(driver.root), []);
  });

  test(`${name}: short writes are completed in order`, async (t) => {
    const {driver, system} = await openFaulty(t);
    system.writev = (fd, [first = Buffer.alloc(0), ...others]) =>
      first.byteLength > 900
        ? realSystem.writev(fd, [first.subarray(0, 900)])
        : realSystem.writev(fd, [first, ...others.slice(0, 1)]);
    await write(driver);
    sameBytes(t, await driver.read(a), content);
  });

  test(`${name}: a full disk is full, and leaves nothing`, async (t) => {
    const {driver, system} = await openFaulty(t);
    system.writev = () => Promise.reject(errno('ENOSPC'));
    await failsAs(t, 'full', write(driver));
    t.deepEqual(await filesBelow(driver.root), []);
  });

  test(`${name}: an error of close counts`, async (t) => {
    const {driver, system} = await openFaulty(t);
    system.close = async (fd) => {
      await realSystem.close(fd);
      if (system.fsync !== realSystem.fsync) throw errno('EDQUOT');
    };
    system.fsync = (fd) => realSystem.fsync(fd);
    await failsAs(t, 'full', write(driver));
    t.is(await driver.stat(a), undefined);
  });
}

for (const [code, kind] of [
  ['EDQUOT', 'full'],
  ['EFBIG', 'full'],
  ['EROFS', 'read-only'],
  ['EACCES', 'read-only'],
  ['EIO', 'unavailable'],
  ['ESTALE', 'unavailable'],
  ['EMFILE', 'unavailable'],
  ['EWHATEVER', 'unavailable'],
] as const)
  test(`${code} is told as ${kind}, with verb, key and cause`, async (t) => {
    const {driver, system} = await openFaulty(t);
    const cause = errno(code);
    system.open = () => Promise.reject(cause);
    await failsAs(t, kind, driver.create(a, content));
    const error = await t.throwsAsync(driver.read(a), {message: `read ${a}: ${cause.message}`});
    t.is(error.cause, cause);
  });

for (const blocks of [65, 70])
  test(`a checkpoint that can’t be synced fails a stream of ${blocks} MiB, and leaves nothing`, async (t) => {
    const {driver, system} = await openFaulty(t);
    system.datasync = () => Promise.reject(errno('EIO'));
    const source = Readable.from(Array.from({length: blocks}, (_, index) => numberedMiB(index)));
    await failsAs(t, 'unavailable', driver.createStream(a, source, {keepPartial: true}));
    t.deepEqual(await filesBelow(driver.root), []);
  });

test('a directory that deletes take away again and again is made again', async (t) => {
  const {driver, system} = await openFaulty(t);
  let left = 5;
  system.link = async (from, to) => {
    if (left-- > 0) await fs.remove(dirname(to));
    await realSystem.link(from, to);
  };
  t.true(await driver.create(a, content));
});

test('EEXIST about our own success, as NFS answers a LINK sent twice, is a success', async (t) => {
  const {driver, system} = await openFaulty(t);
  system.link = async (from, to) => {
    await realSystem.link(from, to);
    throw errno('EEXIST');
  };
  t.true(await driver.create(a, content));
  await driver.promote(a, b);
  sameBytes(t, await driver.read(b), content);
  t.deepEqual(await filesBelow(driver.root), [b]);
});

test('ENOENT after our own success, as NFS answers a RENAME sent twice, is a success', async (t) => {
  const {driver, system} = await openFaulty(t, 'rename');
  system.rename = async (from, to) => {
    await realSystem.rename(from, to);
    throw errno('ENOENT');
  };
  t.true(await driver.create(a, content));
  await driver.replace(a, Buffer.from('new'));
  t.is(String(await driver.read(a)), 'new');
  await driver.promote(a, b);
  t.true(await driver.delete(b));
  t.deepEqual(await filesBelow(driver.root), []);
});

for (const code of ['EPERM', 'ENOTSUP', 'EMLINK'])
  test(`where links are answered ${code}, open and check name the setting that does without`, async (t) => {
    const {driver, system} = await openFaulty(t);
    system.link = () => Promise.reject(errno(code));
    const message = /storage\.exclusiveCreate: rename/;
    await t.throwsAsync(driver.check(), {message});
    const root = await temporaryRoot(t);
    await t.throwsAsync(openFilesystemDriver({root, exclusiveCreate: 'link', system}), {message});
    const without = await openFilesystemDriver({root, exclusiveCreate: 'rename', system});
    await without.check();
    t.true(await without.create(a, content));
    await without.close();
  });

test('check leaves nothing behind', async (t) => {
  const {driver} = await openFaulty(t);
  await driver.check();
  t.deepEqual(await filesBelow(driver.root), []);
});

test('bytes that read back otherwise than they were written fail the check', async (t) => {
  const {driver, system} = await openFaulty(t);
  system.read = async (fd, buffer, position) => {
    const count = await realSystem.read(fd, buffer, position);
    buffer.fill(0);
    return count;
  };
  await failsAs(t, 'corrupt', driver.check());
});

test('a read that fails destroys the stream with a StorageError', async (t) => {
  const {driver, system} = await openFaulty(t);
  await driver.create(a, content);
  system.read = () => Promise.reject(errno('EIO'));
  await failsAs(t, 'unavailable', readBack(driver, a));
});

test('a descriptor is not closed under a read that still runs', async (t) => {
  const {driver, system} = await openFaulty(t);
  await driver.create(a, content);
  const asked = Promise.withResolvers<undefined>();
  const answer = Promise.withResolvers<number>();
  const closed: number[] = [];
  system.read = () => {
    asked.resolve(undefined);
    return answer.promise;
  };
  system.close = (fd) => {
    closed.push(fd);
    return realSystem.close(fd);
  };
  const stream = await driver.openRead(a);
  stream?.resume();
  await asked.promise;
  stream?.destroy();
  await new Promise((resolve) => setImmediate(resolve));
  t.deepEqual(closed, []);
  answer.resolve(1);
  await (stream && once(stream, 'close'));
  t.is(closed.length, 1);
});

async function openFaulty(
  t: Parameters<typeof openTemporary>[0],
  exclusiveCreate: 'link' | 'rename' = 'link',
) {
  const system: System = {...realSystem};
  const driver = await openTemporary(t, {system, exclusiveCreate});
  t.teardown(() => Object.assign(system, realSystem)); // Runs first: close must succeed.
  return {driver, system};
}

function errno(code: string): Error {
  return Object.assign(new Error(`${code}: injected`), {code});
}
