/** Nobody and nothing is called that; and what may have been meant. */
import {nearest} from '../../config/nearest.ts';
import {AdministrationError} from './administration-error.ts';

type ListKnown = () => Promise<readonly {readonly name: string}[]>;

const none: ListKnown = async () => Promise.resolve([]);

export class UnknownName extends AdministrationError {
  readonly #name: string;
  readonly #listKnown: ListKnown;

  constructor(noun: string, name: string, listKnown = none) {
    super('unknown', `there is no ${noun} ${name}`);
    this.#name = name;
    this.#listKnown = listKnown;
  }

  /** With the name that is nearest: for the operator alone, as others may not know of what is there. */
  async withHint(): Promise<AdministrationError> {
    const known = await this.#listKnown();
    const meant = nearest(
      this.#name,
      known.map(({name}) => name),
    );
    return meant === undefined
      ? this
      : new AdministrationError('unknown', `${this.message}; did you mean ${meant}?`);
  }
}
