/** The memory that uploads and downloads go through is used again, and does not pile up. */
import {setFlagsFromString} from 'node:v8';
import {runInNewContext} from 'node:vm';
import test from 'ava';
import fs from 'fs-extra';
import {BufferPool} from '../../storage-drivers/filesystem/buffer-pool.ts';
import {Gathering} from '../../storage-drivers/filesystem/gathering.ts';
import {IntakeShare} from '../../storage-drivers/filesystem/intake-share.ts';
import {storageKey} from './objects.ts';
import {openTemporary} from './temporary-root.ts';

const MiB = 1024 * 1024;

test('what sixteen downloads have on the way is used again by the next sixteen', (t) => {
  const pool = new BufferPool();
  for (let streams = 0; streams < 16; streams += 1) pool.join();
  const takeAll = () => Array.from({length: 32}, () => pool.take(64 * MiB));
  const first = takeAll();
  for (const buffer of first) pool.give(buffer);
  const known = new Set(first.map(({buffer}) => buffer));
  t.is(known.size, 32);
  t.true(takeAll().every(({buffer}) => known.has(buffer)));
});

test('a piece that is given back in part is lent again whole', (t) => {
  const share = new IntakeShare();
  const piece = share.lend();
  share.giveBack([piece.subarray(3, 7)]);
  const again = share.lend();
  t.is(again.buffer, piece.buffer);
  t.is(again.byteLength, piece.byteLength);
});

test('pieces that nobody needs any more are freed at once, but for some MiB', (t) => {
  const share = new IntakeShare();
  const pieces = Array.from({length: 1000}, () => share.lend());
  share.giveBack(pieces);
  const kept = pieces.reduce((sum, {buffer}) => sum + buffer.byteLength, 0);
  t.true(kept > 0 && kept <= 16 * MiB, `${kept}`);
});

test('chunks of any size come out in order, and a piece that is not full waits for more', (t) => {
  const gathering = new Gathering(new IntakeShare());
  const content = Buffer.from(Array.from({length: 700_000}, (_, index) => index % 251));
  for (let at = 0, size = 1; at < content.length; at += size, size = size * 2 + 1) {
    gathering.add(content.subarray(at, at + size));
  }
  t.is(gathering.bytes, 700_000);
  const full = gathering.take(false);
  t.true(full.every(({byteLength}) => byteLength === full[0]?.byteLength));
  t.true(gathering.bytes > 0);
  const all = [...full, ...gathering.take(true)];
  t.true(Buffer.concat(all).equals(content));
  t.is(gathering.bytes, 0);
  t.deepEqual(gathering.take(true), []);
});

test('a chunk that a reader lets go of, and does not give back, is free before the stream ends', async (t) => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const driver = await openTemporary(t);
  await fs.writeFile(`${driver.root}/object`, Buffer.alloc(16 * MiB));
  const stream = await driver.openRead(storageKey('object'));
  let first: WeakRef<ArrayBufferLike> | undefined;
  let count = 0;
  for await (const {buffer} of stream ?? []) {
    first ??= new WeakRef(buffer);
    // What is referred to weakly stays for the rest of its turn.
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    count += 1;
    if (count === 8) t.is(first.deref()?.byteLength, undefined);
  }
  t.true(count > 8);
});
