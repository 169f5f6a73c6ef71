import {once} from 'node:events';
import {PassThrough, Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import fs from 'fs-extra';
import {checkpointLine, readCheckpoint} from '../../storage-drivers/filesystem/checkpoint.ts';
import {realSystem} from '../../storage-drivers/filesystem/system.ts';
import {failsAs, numberedMiB, readBack, storageKey} from './objects.ts';
import {testUnless} from '../support/test-with.ts';
import {sameBytes} from '../support/same-bytes.ts';
import {filesBelow, openTemporary, temporaryRoot} from './temporary-root.ts';
import {startWriter} from './writer-process.ts';

const key = storageKey('uploads/u/0.segment');
const MiB = 1024 * 1024;
const random = '00000000-0000-4000-8000-000000000000';

test('of a stream that kill -9 ended, adopt publishes what the last checkpoint promised', async (t) => {
  const root = await temporaryRoot(t);
  const writer = startWriter(t, root, key);
  await writer.said('synced', 2); // The part, and then the record of it.
  await writer.kill();
  const [checkpoint = ''] = (await filesBelow(root)).filter((path) => path.endsWith('.checkpoint'));
  const promised = await readCheckpoint(realSystem, `${root}/${checkpoint}`);
  t.true(promised >= 64 * MiB && promised <= 100 * MiB);

  const driver = await openTemporary(t, {root});
  t.is(await driver.stat(key), undefined, 'nothing is published before');
  t.is(await driver.adopt(key), promised);
  const whole = Buffer.concat(Array.from({length: 100}, (_, index) => numberedMiB(index)));
  sameBytes(t, await readBack(driver, key), whole.subarray(0, promised));
  t.deepEqual(await filesBelow(root), [key]);
  t.is(await driver.adopt(key), undefined, 'once');
});

test('of several dead writers the longest promise is published, and the rest removed', async (t) => {
  const driver = await openTemporary(t);
  await leavePart(driver.root, '1-aa', Buffer.from('abcdefgh'), checkpointLine(3));
  await leavePart(driver.root, '1-bb', Buffer.from('ABCDEFGH'), checkpointLine(6));
  await leavePart(driver.root, '1-cc', Buffer.from('without a checkpoint'));
  t.is(await driver.adopt(key), 6);
  t.is(String(await driver.read(key)), 'ABCDEF');
  t.deepEqual(await filesBelow(driver.root), [key]);
});

test('a torn checkpoint leaves the one before it in force', async (t) => {
  const driver = await openTemporary(t);
  const torn = [checkpointLine(3), checkpointLine(6).subarray(0, 5)];
  await leavePart(driver.root, `1-${random}`, Buffer.from('abcdefgh'), Buffer.concat(torn));
  t.is(await driver.adopt(key), 3);
  const other = storageKey('uploads/u/3.segment');
  const damaged = Buffer.from(checkpointLine(7).toString().replace('7', '8'));
  await leavePart(driver.root, '1-dd', Buffer.from('abcdefgh'), damaged, other);
  t.is(await driver.adopt(other), undefined);
});

test('less than one checkpoint is nothing, and is removed with its directory', async (t) => {
  const driver = await openTemporary(t);
  await leavePart(driver.root, '1-aa', Buffer.from('abc'));
  await leavePart(driver.root, '1-bb', Buffer.from('abc'), checkpointLine(4)); // Shorter than promised.
  t.is(await driver.adopt(key), undefined);
  t.deepEqual(await filesBelow(driver.root), []);
  t.false(await fs.pathExists(`${driver.root}/uploads/u`));
});

test('adopt leaves a key that is held as it is', async (t) => {
  const driver = await openTemporary(t);
  await driver.create(key, Buffer.from('held'));
  await leavePart(driver.root, '1-aa', Buffer.from('abc'), checkpointLine(3));
  t.is(await driver.adopt(key), undefined);
  t.is(String(await driver.read(key)), 'held');
  t.deepEqual(await filesBelow(driver.root), [key]);
});

test('adopt leaves live writers of this process and the parts of other keys alone', async (t) => {
  const driver = await openTemporary(t);
  await leavePart(
    driver.root,
    '1-aa',
    Buffer.from('abc'),
    checkpointLine(3),
    storageKey(`${key}.1`),
  );
  const source = new PassThrough();
  const arrived = new PassThrough();
  const streaming = driver.createStream(key, source, {
    keepPartial: true,
    admit: (chunk) => arrived.end(chunk),
  });
  source.write('alive');
  await once(arrived, 'readable');
  t.is(await driver.adopt(key), undefined);
  source.end();
  t.like(await streaming, {outcome: 'created', size: 5});
  t.is((await filesBelow(driver.root)).length, 3);
});

test('of 10 racing adopts one publishes, and none fails', async (t) => {
  const driver = await openTemporary(t);
  await leavePart(driver.root, '1-aa', Buffer.from('abcdef'), checkpointLine(3));
  const answers = await Promise.all(Array.from({length: 10}, () => driver.adopt(key)));
  t.deepEqual(
    answers.filter((answer) => answer !== undefined),
    [3],
  );
});

test('a writer that was only paused can’t change what was adopted from it', async (t) => {
  const root = await temporaryRoot(t);
  const before = await openTemporary(t, {root});
  const driver = await openTemporary(t, {root, claim: {takeOver: true}});
  await leavePart(root, `${before.epoch}-aa`, Buffer.from('abcdef'), checkpointLine(3));
  const fd = await fs.open(`${root}/${key}.${before.epoch}-aa.part`, 'a');
  t.is(await driver.adopt(key), 3);
  await fs.write(fd, Buffer.from('late'));
  await fs.close(fd);
  t.is(String(await driver.read(key)), 'abc');
});

for (const exclusiveCreate of ['link', 'rename'] as const) {
  const openFaulty = async (t: ExecutionContext, fail: () => Promise<void>) => {
    const publish = async (from: string, to: string): Promise<void> => {
      if (to.endsWith(key)) await fail();
      await realSystem[exclusiveCreate](from, to);
    };
    return openTemporary(t, {
      exclusiveCreate,
      system: {...realSystem, [exclusiveCreate]: publish},
    });
  };

  test(`what a writer took in is adopted after it could not be published (${exclusiveCreate})`, async (t) => {
    let isFailing = true;
    const driver = await openFaulty(t, async () => {
      await Promise.resolve();
      if (isFailing) throw Object.assign(new Error('EIO: injected'), {code: 'EIO'});
    });
    const writer = await driver.openWriter(key);
    await writer.append(Readable.from([Buffer.from('taken in')]));
    await failsAs(t, 'unavailable', writer.publish());
    isFailing = false;
    t.is(await driver.adopt(key), 8);
    t.is(String(await driver.read(key)), 'taken in');
    t.deepEqual(await filesBelow(driver.root), [key]);
  });

  test(`what a writer took in is adopted after its process died while it was published (${exclusiveCreate})`, async (t) => {
    const dying = Promise.withResolvers<undefined>();
    const never = Promise.withResolvers<never>();
    const older = await openFaulty(t, async () => {
      dying.resolve(undefined);
      return never.promise;
    });
    const writer = await older.openWriter(key);
    await writer.append(Readable.from([Buffer.from('taken in')]));
    const publishing = t.throwsAsync(writer.publish());
    await dying.promise;
    const {root} = older;
    const driver = await openTemporary(t, {root, exclusiveCreate, claim: {takeOver: true}});
    t.is(await driver.adopt(key), 8);
    t.is(String(await driver.read(key)), 'taken in');
    never.reject(new Error('it never ends'));
    await publishing;
  });
}

testUnless(
  process.getuid?.() === 0 ? [] : ['only root may unshare'],
  'a writer in another container of this host, which nobody can see there, can’t change what was adopted from it',
  async (t) => {
    const root = await temporaryRoot(t);
    const inContainer = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const writer = startWriter(t, root, key, inContainer);
    await writer.said('synced', 2);
    const [part = ''] = (await filesBelow(root)).filter((path) => path.endsWith('.part'));
    const written = await fs.stat(`${root}/${part}`);
    const driver = await openTemporary(t, {root});
    t.true(((await driver.adopt(key)) ?? 0) > 0);
    t.not((await fs.stat(`${root}/${key}`)).ino, written.ino);
  },
);

test('a record of an earlier version, which knew of no containers, tells a dead writer as it did', async (t) => {
  const root = await temporaryRoot(t);
  const writer = startWriter(t, root, key);
  await writer.said('synced', 2);
  const owner = `${root}/_holdfast/epochs/1/owner.json`;
  const {hostname, bootId, pid, startedAt} = (await fs.readJson(owner)) as Record<string, unknown>;
  await fs.writeJson(owner, {hostname, bootId, pid, startedAt});
  await t.throwsAsync(openTemporary(t, {root}), {message: /serves this directory/});
  await writer.kill();
  const [part = ''] = (await filesBelow(root)).filter((path) => path.endsWith('.part'));
  const written = await fs.stat(`${root}/${part}`);
  const driver = await openTemporary(t, {root});
  t.true(((await driver.adopt(key)) ?? 0) > 0);
  t.is((await fs.stat(`${root}/${key}`)).ino, written.ino);
});

async function leavePart(
  root: string,
  writer: string,
  content: Buffer,
  checkpoint?: Buffer,
  of = key,
): Promise<void> {
  await fs.outputFile(`${root}/${of}.${writer}.part`, content);
  if (checkpoint) await fs.outputFile(`${root}/${of}.${writer}.checkpoint`, checkpoint);
}
