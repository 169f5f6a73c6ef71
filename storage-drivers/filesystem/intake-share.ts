/** How much each stream that is taken in may gather before it is written: many at once share the memory of a few. */

const largest = 1024 * 1024;
const smallest = 128 * 1024;
/** In bytes, of all together. */
const budget = 8 * largest;

export class IntakeShare {
  #streams = 0;

  join(): void {
    this.#streams += 1;
  }

  leave(): void {
    this.#streams -= 1;
  }

  get bytes(): number {
    return Math.max(smallest, Math.min(largest, budget / Math.max(1, this.#streams)));
  }
}
