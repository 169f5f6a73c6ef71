/** The bytes in a compressed blob: how it is compressed its first bytes tell, for media types lie. */
import type {Transform} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import zlib from 'node:zlib';
import {Refusal} from './refusal.ts';
import {zstdFrames} from './zstd-frames.ts';

/** What a reader gets at once, so that not every few bytes wait for the pool of threads. */
const chunkSize = 256 * 1024;

const methods: readonly {
  readonly begin: RegExp;
  readonly open: ((packed: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | string;
}[] = [
  {begin: /^1f8b/, open: (packed) => through(packed, zlib.createGunzip({chunkSize}))},
  // A frame, or one that is to be skipped.
  {begin: /^(?:28b52ffd|5.2a4d18)/, open: unpackZstd},
  {begin: /^fd377a585a00/, open: 'xz'},
  {begin: /^425a68/, open: 'bzip2'},
  {begin: /^04224d18/, open: 'lz4'},
];
const longestBegin = 6;

async function* unpackZstd(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // Node.js 20 has none.
  if (typeof zlib.createZstdDecompress !== 'function') {
    throw new Refusal('it is compressed by zstd, which this version of Node.js does not read');
  }
  for await (const frame of zstdFrames(packed)) {
    yield* through(frame, zlib.createZstdDecompress({chunkSize}));
  }
}

/** Throws a Refusal where the bytes are not what they begin as. Whoever reads no further ends the source. */
export async function* unpacked(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    let head = Buffer.alloc(0);
    while (head.length < longestBegin) {
      const next = await iterator.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
    const hex = head.toString('hex', 0, longestBegin);
    const method = methods.find(({begin}) => begin.test(hex))?.open;
    if (typeof method === 'string') {
      throw new Refusal(`it is compressed by ${method}, which is not read here`);
    }
    const whole = following(head, iterator);
    yield* method ? method(whole) : whole;
  } finally {
    await iterator.return?.();
  }
}

async function* following(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  for (;;) {
    const next = await rest.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function* through(
  source: AsyncIterable<Uint8Array>,
  decompressor: Transform,
): AsyncGenerator<Uint8Array> {
  const fed = pipeline(source, decompressor);
  // What it fails with comes out of the decompressor, too.
  fed.catch(() => undefined);
  try {
    for await (const chunk of decompressor) yield chunk as Uint8Array;
    await fed;
  } catch (error) {
    throw toRefusal(error);
  }
}

function toRefusal(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return new Refusal('it ends in the middle', {cause: error});
  if (/^(?:Z|ZSTD)_/.test(code)) {
    return new Refusal('what it is compressed by is damaged', {cause: error});
  }
  return error;
}
