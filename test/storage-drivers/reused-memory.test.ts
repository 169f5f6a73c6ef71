/** The memory that uploads and downloads go through is used again, and does not pile up. */
import test from 'ava';
import {BufferPool} from '../../storage-drivers/filesystem/buffer-pool.ts';
import {Gathering} from '../../storage-drivers/filesystem/gathering.ts';
import {IntakeShare} from '../../storage-drivers/filesystem/intake-share.ts';

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
