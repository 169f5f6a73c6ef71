/** What every StorageDriver promises of `createStream`: a part of its contract. */
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
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

const KiB = 1024;
const MiB = 1024 * KiB;

export function storageDriverStreamContract(
  open: (t: ExecutionContext) => Promise<StorageDriver>,
): void {
  const a = storageKey('docker/a/data');
  const b = storageKey('docker/b/data');

  for (const size of [
    0,
    1,
    64 * KiB - 1,
    64 * KiB,
    64 * KiB + 1,
    MiB - 1,
    MiB,
    MiB + 1,
    5 * MiB + 3,
  ])
    for (const keepPartial of [false, true])
      test(`a stream of ${size} bytes is read back byte for byte${keepPartial ? ', with keepPartial too' : ''}`, async (t) => {
        const driver = await open(t);
        const content = randomBytes(size);
        const seen: Buffer[] = [];
        const result = await driver.createStream(a, Readable.from(chunks(content, 50_000)), {
          keepPartial,
          observe: takingOver(seen),
        });
        t.deepEqual(result, {outcome: 'created', size});
        sameBytes(t, await readBack(driver, a), content);
        sameBytes(t, Buffer.concat(seen), content);
        t.is((await driver.stat(a))?.size, size);
      });

  test('100,000 chunks of one byte arrive in order', async (t) => {
    const driver = await open(t);
    const content = randomBytes(100_000);
    await driver.createStream(a, Readable.from(chunks(content, 1)));
    sameBytes(t, await driver.read(a), content);
  });

  test('a source that breaks off fails the stream with its own error, and leaves nothing', async (t) => {
    const driver = await open(t);
    const cause = Object.assign(new Error('read ECONNRESET'), {code: 'ECONNRESET'});
    const source = Readable.from(brokenOff(randomBytes(3 * MiB), cause));
    t.is(await t.throwsAsync(driver.createStream(a, source)), cause);
    t.is(await driver.stat(a), undefined);
    t.deepEqual(await names(driver, 'docker'), []);
  });

  test('a source that breaks off publishes with keepPartial what had arrived', async (t) => {
    const driver = await open(t);
    const content = randomBytes(3 * MiB + 7);
    const cause = new Error('gone');
    const seen: Buffer[] = [];
    const result = await driver.createStream(a, Readable.from(brokenOff(content, cause)), {
      keepPartial: true,
      observe: takingOver(seen),
    });
    t.deepEqual(result, {outcome: 'partial', size: content.byteLength, cause});
    sameBytes(t, await readBack(driver, a), content);
    sameBytes(t, Buffer.concat(seen), content);
    t.deepEqual(await names(driver, 'docker/a'), ['data']);
  });

  test('a source that breaks off before its first byte publishes nothing', async (t) => {
    const driver = await open(t);
    const source = Readable.from(brokenOff(Buffer.alloc(0), new Error('gone')));
    const result = await driver.createStream(a, source, {keepPartial: true});
    t.like(result, {outcome: 'partial', size: 0});
    t.is(await driver.stat(a), undefined);
    t.deepEqual(await names(driver, 'docker'), []);
  });

  test('an aborted signal ends a source that says nothing more', async (t) => {
    const driver = await open(t);
    const content = randomBytes(10_000);
    for (const keepPartial of [false, true]) {
      const controller = new AbortController();
      const source = new PassThrough();
      source.write(content);
      const reason = new Error('upload superseded');
      const streaming = driver.createStream(a, source, {
        signal: controller.signal,
        keepPartial,
        admit: () => {
          controller.abort(reason);
        },
      });
      if (keepPartial) {
        t.deepEqual(await streaming, {outcome: 'partial', size: 10_000, cause: reason});
        sameBytes(t, await driver.read(a), content);
      } else t.is(await t.throwsAsync(streaming), reason);
      t.false(source.destroyed, 'the source is its owner’s');
    }
    const late = driver.createStream(b, new PassThrough(), {signal: AbortSignal.abort()});
    await t.throwsAsync(late, {name: 'AbortError'});
  });

  test('a source that was over before the call settles the stream', async (t) => {
    const driver = await open(t);
    const destroyed = new PassThrough().destroy();
    await once(destroyed, 'close');
    await t.throwsAsync(driver.createStream(a, destroyed), {message: /closed before its end/});
    const errored = new PassThrough();
    errored.destroy(new Error('broken'));
    await t.throwsAsync(once(errored, 'close'), {message: 'broken'});
    await t.throwsAsync(driver.createStream(a, errored), {message: 'broken'});
    const ended = Readable.from([]).resume();
    await once(ended, 'close');
    t.like(await driver.createStream(a, ended), {outcome: 'created', size: 0});
  });

  for (const keepPartial of [false, true])
    test(`a byte over maxBytes is too-large and publishes nothing, keepPartial ${keepPartial ? 'set' : 'unset'}`, async (t) => {
      const driver = await open(t);
      const content = randomBytes(2 * MiB + 1);
      const options = {keepPartial, maxBytes: 2 * MiB};
      const source = Readable.from(chunks(content, 64 * KiB));
      const streaming = driver.createStream(a, source, options);
      await failsAs(t, 'too-large', streaming);
      t.deepEqual(await names(driver, 'docker'), []);
      const fitting = Readable.from(chunks(content.subarray(1), 64 * KiB));
      t.like(await driver.createStream(a, fitting, options), {outcome: 'created', size: 2 * MiB});
    });

  test('a source whose stream was refused is its owner’s, and its later error no uncaught one', async (t) => {
    const driver = await open(t);
    const source = new PassThrough();
    source.write('abc');
    await failsAs(t, 'too-large', driver.createStream(a, source, {maxBytes: 2}));
    t.false(source.destroyed);
    const late = new Error('late');
    source.destroy(late);
    await new Promise((resolve) => source.once('close', resolve));
    t.is(source.errored, late);
  });

  test('what admit throws fails the stream, and nothing is published', async (t) => {
    const driver = await open(t);
    const thrown = new Error('digest differs');
    const streaming = driver.createStream(a, Readable.from(chunks(randomBytes(MiB), 1000)), {
      keepPartial: true,
      admit: () => {
        throw thrown;
      },
    });
    t.is(await t.throwsAsync(streaming), thrown);
    t.deepEqual(await names(driver, 'docker'), []);
  });
}
