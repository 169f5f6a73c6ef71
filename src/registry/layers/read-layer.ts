/** Reads what is in a layer: a tar entry by entry, anything else as one file. */
import {createHash, hash} from 'node:crypto';
import {Readable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {extract as extractor, type ExtractEvents} from 'tar-stream';
import {digestHex} from '../../oci/digest.ts';
import type {LayerPlace} from './layer-place.ts';
import {linkContent} from './link-content.ts';
import {pathOf} from './path-parts.ts';
import {Refusal} from './refusal.ts';
import {addEntry} from './tar-entry.ts';
import {Tree} from './tree.ts';
import {unpacked} from './unpacked.ts';

/** In bytes, of what is in it. */
const mostUnpacked = 64 * 1024 ** 3;
/** So much may come out of any layer, and of a larger one so many times its size: more is a bomb. */
const alwaysTaken = 512 * 1024 ** 2;
const largestRatio = 100;

const block = 512;

/** A tree in which layers have the number 0. Throws Refusal, and what the source fails with. */
export async function readLayer(
  source: AsyncIterable<Uint8Array>,
  place: LayerPlace,
): Promise<Tree> {
  const tree = new Tree();
  const chunks = bounded(unpacked(source), place.size);
  const head = await headOf(chunks, place);
  if (head && isTarHeader(head)) {
    await readTar(tree, joined(head, chunks));
  } else {
    await chunks.return(undefined);
    if (place.isTar && place.size > 0) throw new Refusal('it is no tar, as its media type says');
    addSingle(tree, place);
  }
  tree.finish();
  return tree;
}

/** What it begins with, at least one block where there is so much; `undefined`: it can't be unpacked, and need not. */
async function headOf(
  chunks: AsyncGenerator<Uint8Array>,
  {isTar}: LayerPlace,
): Promise<Uint8Array | undefined> {
  try {
    const parts: Uint8Array[] = [];
    let length = 0;
    while (length < block) {
      const next = await chunks.next();
      if (next.done === true) break;
      parts.push(next.value);
      length += next.value.length;
    }
    return Buffer.concat(parts);
  } catch (error) {
    if (isTar || !(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** By its checksum; a tar without files is zeros. */
function isTarHeader(head: Uint8Array): boolean {
  if (head.length < block) return false;
  let sum = 0;
  for (let each = 0; each < block; each += 1) {
    sum += each >= 148 && each < 156 ? 0x20 : (head[each] ?? 0);
  }
  const told = Buffer.from(head.buffer, head.byteOffset + 148, 8).toString('latin1');
  const isEmpty = sum === 8 * 0x20 && !/[^\0]/.test(told);
  return isEmpty || parseInt(told.replace(/^[ \0]+/, ''), 8) === sum;
}

async function* joined(
  head: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

/** As much of it as no bomb is. */
async function* bounded(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<Uint8Array> {
  const most = Math.min(mostUnpacked, Math.max(alwaysTaken, size * largestRatio));
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > most) {
      throw new Refusal(`its ${size} bytes become more than ${most}: it is not unpacked further`);
    }
    yield chunk;
  }
}

/** In bytes; and tars of before POSIX are taken as well. */
const options = {highWaterMark: 1024 * 1024, allowUnknownFormat: true};

async function readTar(tree: Tree, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const extract = extractor(options);
  extract.on('entry', (header, content, next) => {
    // What ends the whole ends this one with it, and would end the thread.
    content.on('error', () => undefined);
    const take = (digest?: Buffer): void => {
      try {
        addEntry(tree, header, {offset: content.offset + block, digest});
        next();
      } catch (error) {
        next(error instanceof Error ? error : new Error(String(error)));
      }
    };
    // Of these nothing comes, and of a directory no end either.
    if (header.size === 0 || header.type === 'directory') queueMicrotask(take);
    else digestOf(content, take);
  });
  try {
    await pipeline(Readable.from(chunks, {objectMode: false}), extract);
  } catch (error) {
    throw error instanceof Refusal ? error : toRefusal(error);
  }
  for (let node = 1; node < tree.count; node += 1) {
    if (tree.isThere(node) && tree.kind(node) === 'hardlink') linkContent(tree, node);
  }
}

function digestOf(content: ExtractEvents['entry'][1], done: (digest: Buffer) => void): void {
  let only: Uint8Array | undefined;
  let running: ReturnType<typeof createHash> | undefined;
  content.on('data', (data) => {
    const chunk = data as Uint8Array;
    if (!only && !running) only = chunk;
    else {
      running ??= createHash('sha256').update(only ?? '');
      only = undefined;
      running.update(chunk);
    }
  });
  content.on('end', () => {
    done(running ? running.digest() : hash('sha256', only ?? new Uint8Array(), 'buffer'));
  });
}

/** What tar-stream says of bytes that are none. */
function toRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || 'code' in error) return error;
  if (/end of data/i.test(error.message)) return new Refusal('it ends in the middle');
  if (/header/i.test(error.message)) return new Refusal('the tar in it is damaged');
  return error;
}

function addSingle(tree: Tree, {title, digest, canonical, size}: LayerPlace): void {
  const name = pathOf([title.replaceAll('/', '_')]).slice(1);
  tree.write(tree.make(tree.root, name === '' ? digest : name), {
    kind: 'file',
    size,
    mode: 0o644,
    uid: 0,
    gid: 0,
    modifiedAt: undefined,
    target: undefined,
    layer: 0,
    content: {layer: 0, offset: 0},
    digest: Buffer.from(digestHex(canonical), 'hex'),
  });
}
