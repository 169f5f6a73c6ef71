/**
 * How much of a `.part` file is durable: one line for each checkpoint, appended, so that a torn line leaves the ones before it as
 * they were. A line is the number of bytes and its CRC-32.
 */
import {crc32} from 'node:zlib';
import {readFile} from './read-file.ts';
import type {System} from './system.ts';

export function checkpointLine(bytes: number): Buffer {
  const text = String(bytes);
  return Buffer.from(`${text} ${crc32(text).toString(16).padStart(8, '0')}\n`);
}

/** The last whole record; 0: nothing was promised. */
export async function readCheckpoint(system: System, path: string): Promise<number> {
  const content = await readFile(system, path);
  let bytes = 0;
  // The last piece of the split is empty, or a line that was not finished.
  for (const line of (content?.toString('latin1') ?? '').split('\n').slice(0, -1)) {
    const text = /^\d+/.exec(line)?.[0] ?? '';
    if (`${line}\n` === checkpointLine(Number(text)).toString()) bytes = Number(text);
  }
  return bytes;
}
