/** Bytes that wait to be written, copied into pieces of the memory that all streams share. */
import type {Piece} from '../../src/storage/driver.ts';
import type {IntakeShare} from './intake-share.ts';

export class Gathering {
  readonly #share: IntakeShare;
  #full: Piece[] = [];
  #fullBytes = 0;
  #last: Piece | undefined;
  #lastBytes = 0;

  constructor(share: IntakeShare) {
    this.#share = share;
  }

  get bytes(): number {
    return this.#fullBytes + this.#lastBytes;
  }

  add(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.byteLength;) {
      const piece = (this.#last ??= this.#share.lend());
      const part = chunk.subarray(at, at + piece.byteLength - this.#lastBytes);
      piece.set(part, this.#lastBytes);
      this.#lastBytes += part.byteLength;
      at += part.byteLength;
      if (this.#lastBytes === piece.byteLength) this.#fill(piece);
    }
  }

  /** What is gathered; a piece that is not full stays, unless nothing more will come. */
  take(isLast: boolean): readonly Piece[] {
    if (isLast && this.#last) this.#fill(this.#last.subarray(0, this.#lastBytes));
    const pieces = this.#full;
    this.#full = [];
    this.#fullBytes = 0;
    return pieces;
  }

  #fill(piece: Piece): void {
    this.#full.push(piece);
    this.#fullBytes += piece.byteLength;
    this.#last = undefined;
    this.#lastBytes = 0;
  }
}
