/** What comes while a batch is under way becomes the next: many that come together cost what one costs. */

interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export class Batcher<T, R> {
  readonly #work: (items: readonly T[]) => Promise<readonly R[]>;
  readonly #largest: number;
  #waiting: Waiting<T, R>[] = [];
  #isWorking = false;

  /** `work` answers for each item, in their order; what it rejects with, all of them do. */
  constructor(work: (items: readonly T[]) => Promise<readonly R[]>, largest: number) {
    this.#work = work;
    this.#largest = largest;
  }

  async add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({item, resolve, reject});
      if (!this.#isWorking) void this.#go();
    });
  }

  async #go(): Promise<void> {
    this.#isWorking = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, this.#largest);
      this.#waiting = this.#waiting.slice(this.#largest);
      try {
        const results = await this.#work(batch.map(({item}) => item));
        batch.forEach(({resolve}, at) => {
          resolve(results[at] as R);
        });
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
    }
    this.#isWorking = false;
  }
}
