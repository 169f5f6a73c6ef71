/**
 * The frames of zstd (RFC 8878) in a blob: Node.js reads one and says nothing of the others, and what podman pushes as zstd:chunked has one for
 * each file.
 */
import {Refusal} from './refusal.ts';

const frameMagic = 0xfd2fb528;
const skippedMagic = 0x184d2a50;
const magicBytes = 4;
const blockHeaderBytes = 3;

/** A source of which so many bytes are taken as are wanted. */
class Intake {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Piece by piece; fewer where the source ends. */
  async *pass(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      if (this.#chunk.length === 0) {
        const next = await this.#source.next();
        if (next.done === true) return;
        this.#chunk = next.value;
      }
      const piece = this.#chunk.subarray(0, left);
      this.#chunk = this.#chunk.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  /** At once: for a few. */
  async take(count: number): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.pass(count)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async skip(count: number): Promise<void> {
    let passed = 0;
    for await (const piece of this.pass(count)) passed += piece.length;
    if (passed < count) throw new Refusal('it ends in the middle');
  }
}

/** Each with the bytes of one frame, to be read to its end before the next is asked for. */
export async function* zstdFrames(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const intake = new Intake(source);
  for (;;) {
    const magic = await intake.take(magicBytes);
    if (magic.length === 0) return;
    if (magic.length < magicBytes) throw new Refusal('it ends in the middle');
    const kind = magic.readUInt32LE();
    if (kind >>> 4 === skippedMagic >>> 4) {
      const size = await intake.take(4);
      if (size.length < 4) throw new Refusal('it ends in the middle');
      await intake.skip(size.readUInt32LE());
    } else if (kind === frameMagic) yield frameAfter(magic, intake);
    else throw new Refusal('what it is compressed by is damaged');
  }
}

/** Where it is cut, it ends: whoever unpacks it says so. */
async function* frameAfter(magic: Buffer, intake: Intake): AsyncGenerator<Uint8Array> {
  yield magic;
  const head = await intake.take(1);
  yield head;
  const descriptor = head[0] ?? 0;
  yield* intake.pass(restOfHeader(descriptor));
  for (let isLast = false; !isLast;) {
    const header = await intake.take(blockHeaderBytes);
    yield header;
    if (header.length < blockHeaderBytes) return;
    const block = header.readUIntLE(0, blockHeaderBytes);
    isLast = (block & 1) === 1;
    // One byte again and again stands there once.
    yield* intake.pass(((block >>> 1) & 3) === 1 ? 1 : block >>> 3);
  }
  const hasChecksum = (descriptor & 0b100) !== 0;
  if (hasChecksum) yield* intake.pass(4);
}

/** In bytes: the window, the dictionary and the size of the content, each if it is there. */
function restOfHeader(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b10_0000) !== 0;
  const window = isSingleSegment ? 0 : 1;
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const size = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6] ?? 0;
  return window + dictionary + size;
}
