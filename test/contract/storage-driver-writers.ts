/** What every StorageDriver promises of `openWriter`: a part of its contract. */
import {randomBytes} from 'node:crypto';
import {PassThrough, Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import type {StorageDriver} from '../../src/storage/driver.ts';
import {
  brokenOff,
  chunks,
  failsAs,
  names,
  readBack,
  storageKey,
  takingOver,
} from '../storage-drivers/objects.ts';
import {sameBytes} from '../support/same-bytes.ts';

export function storageDriverWriterContract(
  open: (t: ExecutionContext) => Promise<StorageDriver>,
): void {
  const a = storageKey('docker/a/data');

  test('what a writer took in piece by piece is one object, and visible only once it is published', async (t) => {
    const driver = await open(t);
    const pieces = [1, 0, 700_000, 3_000_000, 5].map((size) => randomBytes(size));
    const seen: Buffer[] = [];
    const writer = await driver.openWriter(a);
    for (const piece of pieces) {
      const result = await writer.append(Readable.from(chunks(piece, 60_000)), {
        observe: takingOver(seen),
      });
      t.deepEqual(result, {outcome: 'created', size: piece.length});
    }
    t.is(await driver.stat(a), undefined);
    t.deepEqual(await names(driver, 'docker/a'), []);
    t.is(await writer.publish(), 'created');
    sameBytes(t, await readBack(driver, a), Buffer.concat(pieces));
    sameBytes(t, Buffer.concat(seen), Buffer.concat(pieces));
    t.deepEqual(await names(driver, 'docker/a'), ['data']);
  });

  test('a piece that breaks off is kept as far as it came, and the next goes on behind it', async (t) => {
    const driver = await open(t);
    const [first, second] = [randomBytes(150_000), randomBytes(50_000)];
    const cause = new Error('hung up');
    const writer = await driver.openWriter(a);
    const result = await writer.append(Readable.from(brokenOff(first, cause)));
    t.deepEqual(result, {outcome: 'partial', size: first.length, cause});
    const aborted = new AbortController();
    const silent = new PassThrough();
    const waiting = writer.append(silent, {signal: aborted.signal});
    aborted.abort(new Error('no more'));
    t.like(await waiting, {outcome: 'partial', size: 0});
    t.false(silent.destroyed);
    await writer.append(Readable.from(chunks(second, 10_000)));
    await writer.publish();
    sameBytes(t, await readBack(driver, a), Buffer.concat([first, second]));
  });

  for (const [name, options] of [
    ['is too long', {maxBytes: 99_999}],
    [
      'is not admitted',
      {
        admit: () => {
          throw new RangeError('no');
        },
      },
    ],
  ] as const) {
    test(`a piece that ${name} ends the writer, and what came before it is adopted`, async (t) => {
      const driver = await open(t);
      const [first, second] = [randomBytes(70_000), randomBytes(100_000)];
      const writer = await driver.openWriter(a);
      await writer.append(Readable.from(chunks(first, 60_000)));
      const appending = writer.append(Readable.from(chunks(second, 60_000)), options);
      if ('maxBytes' in options) await failsAs(t, 'too-large', appending);
      else await t.throwsAsync(appending, {instanceOf: RangeError});
      await t.throwsAsync(writer.append(Readable.from([Buffer.from('more')])));
      t.is(await driver.stat(a), undefined);
      t.is(await driver.adopt(a), first.length);
      sameBytes(t, await readBack(driver, a), first);
      t.deepEqual(await names(driver, 'docker/a'), ['data']);
    });
  }

  test('a writer that is given up leaves what it took in to be adopted, and nothing where that is nothing', async (t) => {
    const driver = await open(t);
    const empty = await driver.openWriter(a);
    await empty.abandon();
    t.is(await driver.adopt(a), undefined);
    const content = randomBytes(100_000);
    const writer = await driver.openWriter(a);
    await writer.append(Readable.from(chunks(content, 60_000)));
    await writer.abandon();
    await writer.abandon();
    await t.throwsAsync(writer.publish());
    t.is(await driver.adopt(a), content.length);
    sameBytes(t, await readBack(driver, a), content);
  });

  test('of a writer and a create for one key one gets it, and the other is told', async (t) => {
    const driver = await open(t);
    const writer = await driver.openWriter(a);
    await writer.append(Readable.from([Buffer.from('of the writer')]));
    t.true(await driver.create(a, Buffer.from('of create')));
    t.is(await writer.publish(), 'exists');
    t.is(String(await driver.read(a)), 'of create');
    t.deepEqual(await names(driver, 'docker/a'), ['data']);
  });

  test('a writer that is open is left alone by adopt', async (t) => {
    const driver = await open(t);
    const content = randomBytes(100_000);
    const writer = await driver.openWriter(a);
    await writer.append(Readable.from(chunks(content, 60_000)));
    t.is(await driver.adopt(a), undefined);
    t.is(await writer.publish(), 'created');
    sameBytes(t, await readBack(driver, a), content);
  });
}
