/**
 * What dm-log-writes has written down of a device: each write, once a flush that came after it was done, and each that asked to be
 * on the disk at once. A disk that has lost its power has what stands before a moment for certain; of what stands behind it anything may be there.
 */
import {open, type FileHandle} from 'node:fs/promises';

const magic = 0x6a736677736872n;
const flushes = 1;
const atOnce = 2;
const discards = 4;
const marks = 8;

export interface Entry {
  /** In bytes, of the device. */
  readonly at: number;
  readonly length: number;
  /** Of its bytes in the log. */
  readonly from: number;
  /** What was written before it is on the disk first, or it is itself on the disk when it is answered. */
  readonly isOrdered: boolean;
  /** Of a mark: its name. */
  readonly mark: string | undefined;
}

export async function readEntries(log: FileHandle): Promise<readonly Entry[]> {
  const head = Buffer.alloc(4096);
  await log.read(head, 0, head.length, 0);
  if (head.readBigUInt64LE(0) !== magic) throw new Error('there is no log of dm-log-writes');
  const count = Number(head.readBigUInt64LE(16));
  const sector = head.readUInt32LE(24);
  const entries: Entry[] = [];
  let at = sector;
  for (let number = 0; number < count; number += 1) {
    const {bytesRead} = await log.read(head, 0, head.length, at);
    if (bytesRead < 32) throw new Error('the log is cut off');
    const [to, sectors, flags, size] = [0, 8, 16, 24].map((place) =>
      Number(head.readBigUInt64LE(place)),
    ) as [number, number, number, number];
    const mark = (flags & marks) === 0 ? undefined : head.toString('utf8', 32, 32 + size);
    if ((flags & discards) !== 0) throw new Error('something was discarded');
    const length = mark === undefined ? sectors * sector : 0;
    const isOrdered = (flags & (flushes | atOnce)) !== 0;
    entries.push({at: to * sector, length, from: at + sector, isOrdered, mark});
    at += sector + length;
  }
  return entries;
}

/** A disk that has these writes, in their order. */
export async function replay(
  log: FileHandle,
  entries: readonly Entry[],
  file: string,
  size: number,
): Promise<void> {
  await using disk = await open(file, 'w');
  await disk.truncate(size);
  for (const {at, length, from} of entries) {
    const bytes = Buffer.alloc(length);
    if (length === 0) continue;
    await log.read(bytes, 0, length, from);
    await disk.write(bytes, 0, length, at);
  }
}
