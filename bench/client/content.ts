/** Layers that cost nothing to make: one random block, with a mark of 64 bytes at the head of each copy of it. */
import {createHash, randomBytes} from 'node:crypto';

/** Blobs are unique to `seed` and their place in the list, so that no registry knows them already. */
export type Content = {readonly seed: string; readonly sizes: readonly number[]};
export type Blob = {readonly digest: string; readonly size: number; readonly seed: string};

const blockSize = 2 ** 20;
const markSize = 64;
const block = randomBytes(blockSize);
const known = new Map<string, readonly Blob[]>();

/** The digests of all blobs. They are computed once, and kept for every registry that is asked next. */
export function blobsOf({seed, sizes}: Content): readonly Blob[] {
  const name = JSON.stringify([seed, sizes]);
  const found = known.get(name);
  if (found !== undefined) return found;
  const blobs = sizes.map((size, index) => describe(`${seed}/${index}`, size));
  known.set(name, blobs);
  return blobs;
}

function describe(seed: string, size: number): Blob {
  const hash = createHash('sha256');
  for (const pieces of piecesOf({seed, size})) {
    for (const piece of pieces) hash.update(piece);
  }
  return {seed, size, digest: `sha256:${hash.digest('hex')}`};
}

/** The bytes from `start` on, at most `length` of them; both are whole blocks unless the blob ends before. */
export function* piecesOf(
  {seed, size}: Omit<Blob, 'digest'>,
  start = 0,
  length = size,
): Generator<readonly Buffer[]> {
  for (let offset = start; offset < Math.min(start + length, size); offset += blockSize) {
    const mark = Buffer.from(`${seed}/${offset}`.padEnd(markSize)).subarray(0, markSize);
    const end = Math.min(blockSize, size - offset);
    yield [mark.subarray(0, end), block.subarray(markSize, Math.max(end, markSize))];
  }
}
