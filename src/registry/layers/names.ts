/** Names of many files, one after the other in one piece of memory. */
import {Refusal} from './refusal.ts';

/** In bytes: of a million files thirty for each. */
const most = 32 * 1024 * 1024;
/** Of one, in UTF-8. */
const longest = 65_535;

export class Names {
  #bytes = Buffer.allocUnsafe(4096);
  #end = 0;

  get capacity(): number {
    return this.#bytes.length;
  }

  /** The beginning of it; it stays only if it is kept. */
  try(text: string): {readonly start: number; readonly length: number} {
    const room = text.length * 3;
    if (this.#end + room > this.#bytes.length) this.#grow(room);
    const length = this.#bytes.write(text, this.#end);
    if (length > longest) throw new Refusal('it has a name that is too long');
    return {start: this.#end, length};
  }

  /** The last that was tried. */
  keep(length: number): void {
    this.#end += length;
  }

  text(start: number, length: number): string {
    return this.#bytes.toString('utf8', start, start + length);
  }

  isSame(one: number, other: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let each = 0; each < length; each += 1) {
      if (bytes[one + each] !== bytes[other + each]) return false;
    }
    return true;
  }

  hash(start: number, length: number, seed: number): number {
    let hash = Math.imul(seed, 0x9e3779b1) ^ 0x811c9dc5;
    for (let each = start; each < start + length; each += 1) {
      hash = Math.imul(hash ^ (this.#bytes[each] ?? 0), 0x01000193);
    }
    // The lower bits choose the slot.
    return (hash ^ (hash >>> 15)) >>> 0;
  }

  #grow(room: number): void {
    if (this.#end + room > most) throw new Refusal('the names in it are too many, or too long');
    const larger = Buffer.allocUnsafeSlow(
      Math.max(Math.min(this.#bytes.length * 2, most), this.#end + room),
    );
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }
}
