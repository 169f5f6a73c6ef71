/** Reads a small file whole. */
import {constants, type Stats} from 'node:fs';
import {StorageError} from '../../src/storage/driver.ts';
import {absentCodes, hasCode} from './errors.ts';
import type {System} from './system.ts';

const largest = 16 * 1024 * 1024;

export interface OpenFile {
  readonly fd: number;
  readonly stats: Stats;
}

/** `undefined`: no regular file has this name. The caller closes. */
export async function openFile(system: System, path: string): Promise<OpenFile | undefined> {
  let fd: number;
  try {
    // Without O_NONBLOCK a stray FIFO would hold a thread of the pool for ever.
    fd = await system.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, ...absentCodes)) return undefined;
    throw error;
  }
  try {
    const stats = await system.fstat(fd);
    if (stats.isFile()) return {fd, stats};
  } catch (error) {
    await system.close(fd);
    throw error;
  }
  await system.close(fd);
  return undefined;
}

export async function readFile(system: System, path: string): Promise<Buffer | undefined> {
  return system.readShort?.(path) ?? (await readFileAndStats(system, path))?.content;
}

/** The stats are those from before the reading. */
export async function readFileAndStats(
  system: System,
  path: string,
): Promise<{readonly content: Buffer; readonly stats: Stats} | undefined> {
  const file = await openFile(system, path);
  if (!file) return undefined;
  try {
    const {size} = file.stats;
    if (size > largest)
      throw new StorageError('too-large', `${path} has ${size} bytes: too many to be read at once`);
    const content = Buffer.alloc(size);
    for (let at = 0; at < size;) {
      const count = await system.read(file.fd, content.subarray(at), at);
      if (count === 0)
        throw new StorageError('corrupt', `${path} ends at byte ${at} and not at ${size}`);
      at += count;
    }
    return {content, stats: file.stats};
  } finally {
    await system.close(file.fd);
  }
}
