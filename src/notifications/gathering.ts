/** What comes within a moment is written together. */

interface Waiting<T> {
  readonly item: T;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Gathering<T> {
  readonly #write: (items: readonly T[]) => Promise<void>;
  readonly #lull: number;
  #waiting: Waiting<T>[] = [];
  #isWriting = false;

  /** `lull` in ms. */
  constructor(write: (items: readonly T[]) => Promise<void>, lull: number) {
    this.#write = write;
    this.#lull = lull;
  }

  /** Resolves when it is written; rejects where that failed. */
  async add(item: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({item, resolve, reject});
      if (!this.#isWriting && this.#waiting.length === 1) {
        setTimeout(() => {
          void this.#go();
        }, this.#lull);
      }
    });
  }

  async #go(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({item}) => item));
        for (const {resolve} of batch) resolve();
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
    }
    this.#isWriting = false;
  }
}
