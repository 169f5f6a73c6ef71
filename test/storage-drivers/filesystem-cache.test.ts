import test from 'ava';
import fs from 'fs-extra';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {names, storageKey} from './objects.ts';
import {nextFileTime, settledSystem} from './settled-system.ts';
import {openTemporary} from './temporary-root.ts';

const a = storageKey('docker/a/link');
const directory = storageKey('docker/a');

test('an object that has not changed for long is read once, and then asked after by one stat', async (t) => {
  const system = settledSystem();
  const driver = await openTemporary(t, {system});
  await driver.create(a, Buffer.from('first'));
  const content = await driver.read(a);
  system.calls.clear();
  t.is(await driver.read(a), content);
  t.deepEqual([...system.calls], [['stat', 1]]);
});

test('an object that changed a moment ago is read anew each time', async (t) => {
  const driver = await openTemporary(t);
  await driver.create(a, Buffer.from('first'));
  const content = await driver.read(a);
  t.not(await driver.read(a), content);
  await fs.writeFile(`${driver.root}/${a}`, 'other');
  t.is(String(await driver.read(a)), 'other');
});

const changes: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  'was replaced': async (path) => {
    await fs.writeFile(`${path}.new`, 'other');
    await fs.rename(`${path}.new`, path);
  },
  'was written over in place': async (path) => fs.writeFile(path, 'other'),
  'was written over and given its old time': async (path) => {
    const {atime, mtime} = await fs.stat(path);
    await fs.writeFile(path, 'other');
    await fs.utimes(path, atime, mtime);
  },
  'was cut': async (path) => fs.truncate(path, 2),
  'is gone': async (path) => fs.remove(path),
  'is a directory': async (path) => {
    await fs.remove(path);
    await fs.mkdir(path);
  },
};

for (const [name, change] of Object.entries(changes)) {
  test(`an object that is kept and ${name} behind our back is what it is now`, async (t) => {
    const driver = await openTemporary(t, {system: settledSystem()});
    await driver.create(a, Buffer.from('first'));
    t.is(String(await driver.read(a)), 'first');
    await nextFileTime(driver.root);
    const path = `${driver.root}/${a}`;
    await change(path);
    const now = await fs.readFile(path).catch(() => undefined);
    t.deepEqual(await driver.read(a), now);
  });
}

test('objects that are kept and written by the driver itself are what was written', async (t) => {
  const driver = await openTemporary(t, {system: settledSystem()});
  for (const text of ['first', 'other', 'third']) {
    await driver.replace(a, Buffer.from(text));
    t.is(String(await driver.read(a)), text);
    await nextFileTime(driver.root);
  }
  await driver.delete(a);
  t.is(await driver.read(a), undefined);
});

test('a prefix has one version until an entry comes or goes', async (t) => {
  const driver = await openTemporary(t, {system: settledSystem()});
  await driver.create(a, Buffer.from('first'));
  await nextFileTime(driver.root);
  const version = await driver.prefixVersion(directory);
  t.truthy(version);
  t.is(await driver.prefixVersion(directory), version);
  await driver.create(storageKey('docker/a/more'), Buffer.from('more'));
  const later = await driver.prefixVersion(directory);
  t.not(later, version);
  await nextFileTime(driver.root);
  await driver.delete(storageKey('docker/a/more'));
  t.not(await driver.prefixVersion(directory), later);
  t.is(await driver.prefixVersion(storageKey('docker/none')), undefined);
});

test('a prefix that changed a moment ago has no version yet', async (t) => {
  const driver = await openTemporary(t);
  await driver.create(a, Buffer.from('first'));
  t.is(await driver.prefixVersion(directory), undefined);
});

test('on a network file system nothing is kept', async (t) => {
  const system = settledSystem();
  system.statfs = async (path) => Object.assign(await realSystem.statfs(path), {type: 0x6969});
  const driver = await openTemporary(t, {system});
  await driver.create(a, Buffer.from('first'));
  const content = await driver.read(a);
  t.not(await driver.read(a), content);
  t.is(await driver.prefixVersion(directory), undefined);
  t.deepEqual(await names(driver, 'docker/a'), ['link']);
});

test('of several that ask for one object at a time, one asks the file system', async (t) => {
  const system = settledSystem();
  const driver = await openTemporary(t, {system});
  await driver.create(a, Buffer.from('first'));
  await driver.read(a);
  system.calls.clear();
  const answers = await Promise.all(Array.from({length: 50}, async () => driver.read(a)));
  t.deepEqual([...system.calls], [['stat', 1]]);
  t.true(answers.every((answer) => String(answer) === 'first'));
});

test('who reads after a write was acknowledged sees it, also while an older look hangs', async (t) => {
  const settled = settledSystem();
  const system = {...settled};
  const driver = await openTemporary(t, {system});
  await driver.create(a, Buffer.from('first'));
  await driver.read(a);
  const [asked, hangs] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  system.stat = async (path) => {
    const before = await settled.stat(path);
    asked.resolve(undefined);
    await hangs.promise;
    return before;
  };
  const early = driver.read(a);
  await asked.promise;
  system.stat = settled.stat.bind(settled);
  await driver.replace(a, Buffer.from('other'));
  t.is(String(await driver.read(a)), 'other');
  hangs.resolve(undefined);
  t.is(String(await early), 'first');
  t.is(String(await driver.read(a)), 'other');
});
