/** What the machine itself can do, with no registry in between. */
import {createHash} from 'node:crypto';
import {open, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import {Connection} from './connection.ts';
import {piecesOf} from './content.ts';

export type LimitJob =
  | {readonly kind: 'hash'; readonly bytes: number}
  | {readonly kind: 'write'; readonly directory: string; readonly bytes: number}
  | {readonly kind: 'fetch'; readonly url: string; readonly path: string};

/** Resolves with the number of bytes that were hashed, written and synced, or fetched. */
export async function reachLimit(job: LimitJob): Promise<number> {
  if (job.kind === 'hash') return hash(job.bytes);
  return job.kind === 'write' ? write(job.directory, job.bytes) : fetch(job.url, job.path);
}

function hash(bytes: number): number {
  const hash = createHash('sha256');
  for (const pieces of piecesOf({seed: 'hash', size: bytes})) {
    for (const piece of pieces) hash.update(piece);
  }
  hash.digest();
  return bytes;
}

async function write(directory: string, bytes: number): Promise<number> {
  const path = join(directory, 'written');
  const file = await open(path, 'wx');
  try {
    for (const pieces of piecesOf({seed: 'write', size: bytes})) await file.writev([...pieces]);
    await file.sync();
  } finally {
    await file.close();
    await unlink(path);
  }
  return bytes;
}

async function fetch(url: string, path: string): Promise<number> {
  const connection = new Connection(url);
  let bytes = 0;
  try {
    await connection.expect(200, {method: 'GET', path, sink: (piece) => (bytes += piece.length)});
  } finally {
    connection.close();
  }
  return bytes;
}
