import {readFile} from 'node:fs/promises';
import {PassThrough, Readable} from 'node:stream';
import test from 'ava';
import fs from 'fs-extra';
import {openFilesystemDriver} from '../../storage-drivers/filesystem/open-filesystem-driver.ts';
import {until} from '../support/raw-request.ts';
import {failsAs, storageKey} from './objects.ts';
import {filesBelow, openTemporary, temporaryRoot} from './temporary-root.ts';
import {startWriter} from './writer-process.ts';

const a = storageKey('docker/a/data');
const b = storageKey('docker/b/data');

test('what older epochs have left is removed at open', async (t) => {
  const root = await temporaryRoot(t);
  await fs.outputFile(`${root}/_holdfast/epochs/6/staged`, 'half');
  await fs.outputFile(`${root}/_holdfast/epochs/7/staged`, 'half');
  await fs.outputFile(`${root}/_holdfast/epochs/5.x.fenced/staged`, 'half');
  const driver = await openTemporary(t, {root});
  t.is(driver.epoch, 8);
  t.deepEqual((await fs.readdir(`${root}/_holdfast/epochs`)).sort(), ['8', 'highest']);
  t.deepEqual(await filesBelow(root), []);
});

test('close removes the epoch’s directory, and its number does not come back', async (t) => {
  const root = await temporaryRoot(t);
  const first = await openFilesystemDriver({root, exclusiveCreate: 'link'});
  await first.close();
  t.deepEqual(await fs.readdir(`${root}/_holdfast/epochs`), ['highest']);
  t.is((await openTemporary(t, {root})).epoch, first.epoch + 1);
});

test('a directory that another living process serves is refused, and free when that was killed', async (t) => {
  const root = await temporaryRoot(t);
  const other = startWriter(t, root);
  await other.said('serving', 1);
  await t.throwsAsync(openFilesystemDriver({root, exclusiveCreate: 'link'}), {
    message: `another Holdfast (pid ${other.pid}) serves this directory; stop it first, or give this one another --data-dir`,
  });
  await other.kill();
  const driver = await openTemporary(t, {root});
  t.true(await driver.create(a, Buffer.from('x')));
});

test('a directory is free once its process was killed, also where its parent never asks for it', async (t) => {
  const root = await temporaryRoot(t);
  const script = '"$@" <&0 & echo "$!"; exec sleep 600';
  const parent = startWriter(t, root, '', ['/bin/sh', '-c', script, 'sh']);
  await parent.said('serving', 1);
  const pid = parent.lines.find((line) => line !== 'serving');
  process.kill(Number(pid), 'SIGKILL');
  await until(async () => (await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z '));
  const driver = await openTemporary(t, {root});
  t.true(await driver.create(a, Buffer.from('x')));
});

test('a second driver of the same process needs takeOver', async (t) => {
  const {root} = await openTemporary(t);
  await t.throwsAsync(openFilesystemDriver({root, exclusiveCreate: 'link'}), {
    message: /^this process itself serves this directory/,
  });
});

for (const exclusiveCreate of ['link', 'rename'] as const)
  test(`after a take-over the older driver can’t publish, replace or delete (${exclusiveCreate})`, async (t) => {
    const older = await openTemporary(t, {exclusiveCreate});
    await older.create(a, Buffer.from('old'));
    const sources = [new PassThrough(), new PassThrough()] as const;
    const begun = [
      older.createStream(b, sources[0]),
      older.createStream(b, sources[1], {keepPartial: true}),
    ];
    for (const source of sources) source.write('abc');
    const settled = Promise.all(begun.map((streaming) => failsAs(t, 'unavailable', streaming)));

    const newer = await openTemporary(t, {
      root: older.root,
      exclusiveCreate,
      claim: {takeOver: true},
    });
    for (const source of sources) source.end();
    await settled;
    const x = Buffer.from('x');
    await failsAs(t, 'unavailable', older.create(b, x));
    await failsAs(t, 'unavailable', older.createStream(b, Readable.from([x])));
    await failsAs(t, 'unavailable', older.createStream(b, Readable.from([x]), {keepPartial: true}));
    await failsAs(t, 'unavailable', older.replace(a, x));
    await failsAs(t, 'unavailable', older.delete(a));
    await failsAs(t, 'unavailable', older.check());
    t.deepEqual(await filesBelow(older.root), [a]);
    t.is(String(await older.read(a)), 'old', 'it may still read');

    await older.close();
    await newer.check();
    t.true(await newer.create(b, Buffer.from('new')));
    t.true(await newer.delete(a));
  });

test('of 10 drivers that open one directory at once, the one with the highest epoch can write', async (t) => {
  const root = await temporaryRoot(t);
  const options = {root, exclusiveCreate: 'link', claim: {takeOver: true}} as const;
  const opened = await Promise.allSettled(
    Array.from({length: 10}, () => openFilesystemDriver(options)),
  );
  const drivers = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  t.is(new Set(drivers.map(({epoch}) => epoch)).size, drivers.length);
  const newest = drivers.reduce((one, other) => (one.epoch > other.epoch ? one : other));
  t.true(await newest.create(a, Buffer.from('x')));
  for (const driver of drivers) {
    if (driver !== newest) await failsAs(t, 'unavailable', driver.create(b, Buffer.from('x')));
    await driver.close();
  }
});

test('the volume keeps its id', async (t) => {
  const root = await temporaryRoot(t);
  const first = await openFilesystemDriver({root, exclusiveCreate: 'link'});
  await first.close();
  const read = async () => (await fs.readJson(`${root}/_holdfast/volume.json`)) as unknown;
  const record = await read();
  t.like(record, {layout: 1});
  await openTemporary(t, {root});
  t.deepEqual(await read(), record);
});

test('a volume of a newer layout is refused, and one whose record is damaged', async (t) => {
  const root = await temporaryRoot(t);
  const path = `${root}/_holdfast/volume.json`;
  for (const [text, message] of [
    ['{"id": "x", "layout": 2}', /volume\.json says layout 2, .* newer version/],
    ['', /volume\.json is damaged/],
    ['{"id": "x"', /volume\.json is damaged/],
    ['{"id": 1, "layout": 1}', /volume\.json is damaged/],
    ['[]', /volume\.json is damaged/],
  ] as const) {
    await fs.outputFile(path, text);
    const error = await t.throwsAsync(openFilesystemDriver({root, exclusiveCreate: 'link'}), {
      message,
    });
    t.true(error.message.includes(path));
    t.false(await fs.pathExists(`${root}/_holdfast/epochs`), 'nobody was fenced');
  }
});

test('who only reads is let in beside the one that serves, sees what that writes, and can write nothing', async (t) => {
  const root = await temporaryRoot(t);
  const reader = await openTemporary(t, {root, isReader: true});
  const writer = await openTemporary(t, {root});
  const second = await openTemporary(t, {root, isReader: true});
  t.true(await writer.create(a, Buffer.from('x')));
  for (const each of [reader, second]) {
    t.is((await each.read(a))?.toString(), 'x');
    await failsAs(t, 'unavailable', each.create(b, Buffer.from('y')));
    await failsAs(t, 'unavailable', each.createStream(b, Readable.from([Buffer.from('y')])));
    await each.close();
  }
  t.true(await writer.create(b, Buffer.from('z')));
});
