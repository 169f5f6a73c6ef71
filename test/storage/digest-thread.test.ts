/** Digests off the event loop. */
import {Readable} from 'node:stream';
import test from 'ava';
import {DigestThread, DigestThreadEnded} from '../../src/storage/digest-thread.ts';
import {randomContent} from '../support/content.ts';

const inPieces = (bytes: Buffer): readonly Buffer[] =>
  Array.from({length: 10}, (_, index) => bytes.subarray(index * 100, (index + 1) * 100));

test('streams that are digested at once do not mix', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  const contents = Array.from({length: 10}, () => randomContent(1000));
  const digests = await Promise.all(
    contents.map(async ({bytes}) => thread.digest(Readable.from(inPieces(bytes)), 'sha512')),
  );
  for (const [index, {canonical, actual}] of digests.entries()) {
    t.is(String(canonical), contents[index]?.digest ?? '');
    t.is(String(actual), contents[index]?.sha512 ?? '');
  }
});

test('a stream of nothing has the digest of nothing', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  const {canonical} = await thread.digest(Readable.from([]));
  t.regex(canonical, /^sha256:e3b0c442/);
});

test('a stream that fails, fails the digest with its own error, and the next is right', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  const failing = (async function* () {
    yield Buffer.from('some bytes');
    await Promise.resolve();
    throw new Error('the disk is gone');
  })();
  await t.throwsAsync(thread.digest(failing), {message: 'the disk is gone'});
  const {bytes, digest} = randomContent();
  const next = await thread.digest(Readable.from([bytes]));
  t.is(String(next.canonical), digest);
});

test('a thread that is closed fails what waits for it', async (t) => {
  const thread = new DigestThread();
  const isBusy = Promise.withResolvers<undefined>();
  const endless = (async function* () {
    for (let count = 0; ; count += 1) {
      if (count === 2) isBusy.resolve(undefined);
      yield Buffer.alloc(100);
      await Promise.resolve();
    }
  })();
  const failure = t.throwsAsync(thread.digest(endless), {message: 'the digest thread ended'});
  await isBusy.promise;
  await thread.close();
  await failure;
});

test('a stream whose thread ends between two chunks has no digest, least of all that of its rest', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  const source = (async function* () {
    yield Buffer.from('before');
    await thread.close();
    yield Buffer.from('after');
  })();
  await t.throwsAsync(thread.digest(source), {message: 'the digest thread ended'});
});

test('a stream that comes in batches tells its digests as often as it is asked', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  const stream = thread.open(['sha256', 'sha512']);
  const {bytes, digest, sha512} = randomContent(1000);
  for (const piece of inPieces(bytes)) {
    const memory = new Uint8Array(piece);
    const [moved] = await stream.add([memory]);
    t.is(memory.byteLength, 0, 'nobody else may change what is digested');
    t.true(moved && piece.equals(moved));
    await stream.digests();
  }
  t.deepEqual((await stream.digests()).map(String), [digest, sha512]);
  stream.close();
  await t.throwsAsync(stream.digests(), {instanceOf: DigestThreadEnded});
});

test('a stream does not go on in another thread than it began in', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  const stream = thread.open(['sha256']);
  await stream.add([new Uint8Array(10)]);
  await thread.close();
  const {bytes, digest} = randomContent();
  t.is(String((await thread.digest(Readable.from([bytes]))).canonical), digest);
  await t.throwsAsync(stream.add([new Uint8Array(10)]), {instanceOf: DigestThreadEnded});
});

test('the thread tells how much it has not answered yet', async (t) => {
  const thread = new DigestThread();
  t.teardown(async () => thread.close());
  t.is(thread.waiting, 0);
  const stream = thread.open(['sha256']);
  const asked = [stream.add([new Uint8Array(10)]), stream.digests()];
  t.is(thread.waiting, 2);
  await Promise.all(asked);
  t.is(thread.waiting, 0);
});
