/** What tests of drivers put in and take out. */
import {buffer} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import {
  type Piece,
  StorageError,
  type ByteRange,
  type StorageDriver,
  type StorageErrorKind,
  type StorageKey,
} from '../../src/storage/driver.ts';

export function storageKey(text: string): StorageKey {
  if (!isStorageKey(text)) throw new TypeError(`${text} is no key`);
  return text;
}

function isStorageKey(text: string): text is StorageKey {
  return typeof text === 'string';
}

export function* chunks(content: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < content.byteLength; at += size) yield content.subarray(at, at + size);
}

export async function readBack(
  driver: StorageDriver,
  key: StorageKey,
  range?: ByteRange,
): Promise<Buffer | undefined> {
  const stream = await driver.openRead(key, range);
  return stream && buffer(stream);
}

/** An observer that does all that it may with the memory: it keeps it for a while, overwrites it, and answers with the same at another place. */
export function takingOver(
  seen: Buffer[],
): (pieces: readonly Piece[]) => Promise<readonly Piece[]> {
  return async (pieces) => {
    seen.push(...pieces.map((piece) => Buffer.from(piece)));
    const transfer = pieces.map(({buffer: memory}) => memory);
    const moved = structuredClone(pieces, {transfer});
    for (const piece of moved) piece.fill(0xaa);
    await new Promise((resolve) => setImmediate(resolve));
    return moved;
  };
}

export function* brokenOff(content: Buffer, cause: Error): Generator<Buffer> {
  yield* chunks(content, 60_000);
  throw cause;
}

export async function names(
  driver: StorageDriver,
  prefix: string,
  options?: {after?: string; limit?: number},
): Promise<string[]> {
  const at = prefix === '' ? '' : storageKey(prefix);
  const found: string[] = [];
  for await (const {name} of driver.list(at, options)) found.push(name);
  return found;
}

export async function failsAs(
  t: ExecutionContext,
  kind: StorageErrorKind,
  promise: Promise<unknown>,
): Promise<void> {
  const error = await t.throwsAsync(promise, {instanceOf: StorageError});
  t.is(error.kind, kind, error.message);
}

/** The n-th MiB of a content that differs at every place. */
export function numberedMiB(index: number): Buffer {
  const numbers = Uint32Array.from({length: 256 * 1024}, (_, at) => index * 256 * 1024 + at);
  return Buffer.from(numbers.buffer);
}
