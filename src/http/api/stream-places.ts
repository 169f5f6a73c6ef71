/** How many answers may last at a time: in all, and of one. */
import {ApiError} from './api-error.ts';

interface Bounds {
  readonly ofOne: number;
  /** Of those without an account together, so that they take nobody's place. */
  readonly ofStrangers: number;
  readonly all: number;
}

/** In seconds. */
const retryAfter = '30';

export class StreamPlaces {
  readonly #bounds: Bounds;
  readonly #taken = new Map<string, number>();
  #all = 0;
  #strangers = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  /** Answers with what gives the place back. Throws an ApiError `limited` where there is none. */
  take(whose: string, isStranger: boolean): () => void {
    const {ofOne, ofStrangers, all} = this.#bounds;
    const own = this.#taken.get(whose) ?? 0;
    const isFull = this.#all >= all || (isStranger && this.#strangers >= ofStrangers);
    if (own >= ofOne || isFull) {
      const message =
        own >= ofOne
          ? `there are ${ofOne} streams of yours already: end one first`
          : 'there are as many streams as this server has at a time; try again';
      throw new ApiError('limited', message, {headers: {'Retry-After': retryAfter}});
    }
    this.#add(whose, isStranger, 1);
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      this.#add(whose, isStranger, -1);
    };
  }

  #add(whose: string, isStranger: boolean, by: 1 | -1): void {
    this.#all += by;
    if (isStranger) this.#strangers += by;
    const own = (this.#taken.get(whose) ?? 0) + by;
    if (own === 0) this.#taken.delete(whose);
    else this.#taken.set(whose, own);
  }
}
