/** A log as dm-log-writes writes it, made by hand. */
import {open, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {readEntries, replay} from './write-log.ts';

const sector = 512;

function head(...numbers: readonly (number | bigint)[]): Buffer {
  const bytes = Buffer.alloc(sector);
  for (const [at, number] of numbers.entries()) bytes.writeBigUInt64LE(BigInt(number), at * 8);
  return bytes;
}

const writes = (to: number, flags: number, letter: string): Buffer =>
  Buffer.concat([head(to, 1, flags, 0), Buffer.alloc(sector, letter)]);

function mark(name: string): Buffer {
  const bytes = head(0, 0, 8, name.length);
  bytes.write(name, 32);
  return bytes;
}

const superblock = (entries: number): Buffer => head(0x6a736677736872n, 1, entries, sector);

test('a disk has what stands before a mark, the last write of each place, and nothing of what comes after it', async (t) => {
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'log');
  const entries = [writes(2, 0, 'a'), writes(0, 0, 'b'), head(0, 0, 1, 0), writes(2, 3, 'c')];
  await writeFile(
    file,
    Buffer.concat([superblock(6), ...entries, mark('here'), writes(0, 0, 'd')]),
  );
  await using log = await open(file);
  const read = await readEntries(log);
  t.deepEqual(
    read.map(({isOrdered}) => isOrdered),
    [false, false, true, true, false, false],
  );
  const at = read.findIndex((entry) => entry.mark === 'here');
  t.is(at, 4);
  await replay(log, read.slice(0, at), join(directory, 'disk'), 4 * sector);
  const disk = await readFile(join(directory, 'disk'));
  const letters = [0, 1, 2, 3].map((place) => String.fromCharCode(disk[place * sector] ?? 0));
  t.deepEqual(letters, ['b', '\0', 'c', '\0']);
});

test('a log that is cut off, or that discards something, is refused', async (t) => {
  const directory = await temporaryDirectory(t);
  for (const [content, message] of [
    [Buffer.concat([superblock(2), writes(0, 0, 'a')]), /cut off/],
    [Buffer.concat([superblock(1), head(0, 8, 4, 0)]), /discarded/],
    [Buffer.alloc(4096), /no log/],
  ] as const) {
    const file = join(directory, 'log');
    await writeFile(file, content);
    await using log = await open(file);
    await t.throwsAsync(readEntries(log), {message});
  }
});
