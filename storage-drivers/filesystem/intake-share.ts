/**
 * What the streams that are taken in at the same time share: how much each may gather before it is written, so that many take the memory of a
 * few, and the memory itself, which is used again and again: a fresh page costs more than the copying into it.
 */
import type {Piece} from '../../src/storage/driver.ts';

const pieceSize = 128 * 1024;
const largest = 1024 * 1024;
const smallest = pieceSize;
/** In bytes, of all together. */
const budget = 8 * largest;
/** Pieces that wait for the next stream: about what the batches of many streams have under way, or each would be taken afresh. */
const mostFree = 128;

/** In bytes, of all together and of one. The disk begins early then, and the last sync has little left to do. */
const syncBudget = 64 * 1024 * 1024;
const smallestSync = 16 * 1024 * 1024;

export class IntakeShare {
  readonly #free: Piece[] = [];
  #streams = 0;

  join(): void {
    this.#streams += 1;
  }

  leave(): void {
    this.#streams -= 1;
  }

  /** How much one stream may gather. */
  get bytes(): number {
    return Math.max(smallest, Math.min(largest, budget / Math.max(1, this.#streams)));
  }

  /** After how many bytes one stream is synced. */
  get syncEvery(): number {
    return Math.max(smallestSync, syncBudget / Math.max(1, this.#streams));
  }

  lend(): Piece {
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(pieceSize);
  }

  /** Any part of a piece gives back the whole. */
  giveBack(pieces: readonly Piece[]): void {
    for (const {buffer} of pieces) {
      if (this.#free.length < mostFree) this.#free.push(Buffer.from(buffer));
      // Left to the garbage collector it would be looked for only when there is very much of it.
      else buffer.transfer(0);
    }
  }
}
