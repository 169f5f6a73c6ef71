import {PassThrough, Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import fs from 'fs-extra';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';
import {failsAs, storageKey} from './objects.ts';
import {openTemporary, temporaryRoot} from './temporary-root.ts';

const key = storageKey('docker/x/y/data');
const content = Buffer.from('x');

test('create syncs the file, the parents of the directories it made, and last the object’s own', async (t) => {
  const {driver, done} = await openRecording(t);
  await driver.create(key, content);
  t.deepEqual(done, [
    'sync staged',
    'mkdir docker',
    'sync .',
    'mkdir docker/x',
    'sync docker',
    'mkdir docker/x/y',
    'sync docker/x',
    'link docker/x/y/data',
    'sync docker/x/y',
  ]);
});

test('create in a directory that is there syncs the file and that directory', async (t) => {
  const {driver, done} = await openRecording(t);
  await driver.create(storageKey('docker/x/y/other'), content);
  done.length = 0;
  await driver.create(key, content);
  t.deepEqual(done, ['sync staged', 'link docker/x/y/data', 'sync docker/x/y']);
});

test('create in a directory that somebody else has made syncs all above it, once', async (t) => {
  const {driver, done} = await openRecording(t);
  await fs.ensureDir(`${driver.root}/docker/x/y`);
  await driver.create(key, content);
  t.deepEqual(done, [
    'sync staged',
    'link docker/x/y/data',
    'sync docker/x',
    'sync docker',
    'sync docker/x/y',
  ]);
  done.length = 0;
  await driver.create(storageKey('docker/x/y/other'), content);
  t.deepEqual(done, ['sync staged', 'link docker/x/y/other', 'sync docker/x/y']);
});

test('a create that is repeated after the sync of a directory failed syncs it again', async (t) => {
  const {driver, done, system} = await openRecording(t);
  await driver.create(storageKey('docker/other'), content);
  const fsync = system.fsync.bind(system);
  let count = 0;
  system.fsync = async (fd) => {
    count += 1;
    // The file itself is the first.
    if (count === 2) throw Object.assign(new Error('EIO: injected'), {code: 'EIO'});
    await fsync(fd);
  };
  await failsAs(t, 'unavailable', driver.create(key, content));
  t.is(done.at(-1), 'mkdir docker/x');
  done.length = 0;
  await driver.create(key, content);
  t.deepEqual(done, [
    'sync staged',
    'mkdir docker/x/y',
    'sync docker/x',
    'link docker/x/y/data',
    'sync docker',
    'sync docker/x/y',
  ]);
});

test('create that finds the key held syncs the directory too: its caller relies on the other’s object', async (t) => {
  const {driver, done} = await openRecording(t);
  await driver.create(key, content);
  done.length = 0;
  t.false(await driver.create(key, content));
  t.deepEqual(done, ['sync staged', 'sync docker/x/y']);
});

test('a create waits for the directories that a racer has made and not yet synced', async (t) => {
  const {driver, system} = await openRecording(t);
  const [reached, release] = [Promise.withResolvers<undefined>(), new PassThrough()];
  let isHeld = false;
  system.mkdir = async (path) => {
    await realSystem.mkdir(path);
    if (path.endsWith('/docker/x/y')) isHeld = true;
  };
  system.fsync = async (fd) => {
    if (isHeld) {
      isHeld = false;
      reached.resolve(undefined);
      await release.toArray();
    }
    await realSystem.fsync(fd);
  };
  const first = driver.create(key, content);
  await reached.promise; // The directory is there, and its parent is not synced.
  let isDurable = false;
  const second = driver.create(storageKey('docker/x/y/other'), content).then(() => {
    isDurable = true;
  });
  while (!(await fs.pathExists(`${driver.root}/docker/x/y/other`))) await driver.check();
  // As much as the second does takes its time here, too.
  for (let index = 0; index < 5; index++)
    await driver.create(storageKey(`docker/x/${index}`), content);
  t.false(isDurable);
  release.end();
  await Promise.all([first, second]);
});

test('replace and delete sync the directory, or the lowest that is left', async (t) => {
  const {driver, done} = await openRecording(t);
  await driver.create(storageKey('docker/x/other'), content);
  await driver.create(key, content);
  done.length = 0;
  await driver.replace(key, content);
  t.deepEqual(done, ['sync staged', 'rename docker/x/y/data', 'sync docker/x/y']);
  done.length = 0;
  await driver.delete(key);
  t.deepEqual(done, ['rename staged', 'sync docker/x']);
});

test('a kept stream is synced before it has its key', async (t) => {
  const {driver, done} = await openRecording(t);
  await driver.create(storageKey('docker/x/y/other'), content);
  done.length = 0;
  await driver.createStream(key, Readable.from([content]), {keepPartial: true});
  t.deepEqual(done, ['sync part', 'link staged', 'link docker/x/y/data', 'sync docker/x/y']);
});

/** Notes what makes things durable or visible, as paths below the root. */
async function openRecording(t: ExecutionContext) {
  const done: string[] = [];
  const paths = new Map<number, string>();
  const system: System = {
    ...realSystem,
    open: async (path, flags) => {
      const fd = await realSystem.open(path, flags);
      paths.set(fd, path);
      return fd;
    },
    fsync: async (fd) => {
      await realSystem.fsync(fd);
      done.push(`sync ${told(paths.get(fd) ?? '')}`);
    },
    mkdir: async (path) => {
      await realSystem.mkdir(path);
      done.push(`mkdir ${told(path)}`);
    },
    link: async (from, to) => {
      await realSystem.link(from, to);
      done.push(`link ${told(to)}`);
    },
    rename: async (from, to) => {
      await realSystem.rename(from, to);
      done.push(`rename ${told(to)}`);
    },
  };
  const root = await temporaryRoot(t);
  const driver = await openTemporary(t, {root, system});
  done.length = 0;
  return {driver, done, system};

  function told(path: string): string {
    const name = path.slice(root.length + 1);
    if (name.endsWith('.part')) return 'part';
    return name.startsWith('_holdfast/epochs/') ? 'staged' : name || '.';
  }
}
