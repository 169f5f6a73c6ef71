/**
 * Has the host of a virtual machine hand out memory before the timing. Where it takes back what lies free (free page reporting), the first to write
 * files after a pause gets it page by page, at several times the cost of the writing itself: who is measured first would pay for all.
 */
import {open, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import {syncFileSystem} from './sweep.ts';

const piece = Buffer.alloc(2 ** 20);

/** Fills so many bytes of the page cache, and frees them. */
export async function readyMemory(directory: string, bytes: number): Promise<void> {
  const path = join(directory, 'memory');
  const file = await open(path, 'w');
  try {
    for (let written = 0; written < bytes; written += piece.length) await file.write(piece);
  } finally {
    await file.close();
    await unlink(path);
  }
  await syncFileSystem(directory);
}
