/** What clients asked of a server and what it answered, in the order of the record of its disk. */
import {strict as assert} from 'node:assert';
import type {Content} from '../support/content.ts';
import type {RawAnswer} from '../support/raw-request.ts';

/** What a path of the registry answers with: the digest of the content, or `gone`. */
export type Value = string;
export const gone: Value = 'gone';

/** One request, by the length of the record before it was sent and after it was answered; `Infinity`: it was not. */
interface Deed {
  readonly sent: number;
  answered: number;
}

interface Setting extends Deed {
  readonly value: Value;
}

/** So many bytes of an upload are there once it is answered. */
interface Filling extends Deed {
  readonly size: number;
  /** Of the answer. */
  location: string;
}

export interface Upload {
  readonly name: string;
  readonly content: Content;
  readonly fillings: Filling[];
  /** It became a blob, or was given up. */
  end: Deed | undefined;
}

export class Ledger {
  readonly contents = new Map<string, Content>();
  /** By the path of a blob, a manifest, a tag. */
  readonly settings = new Map<string, Setting[]>();
  readonly uploads: Upload[] = [];
  /** The paths of the referrers of each manifest's subject, by the path of the manifest. */
  readonly referrers = new Map<string, string>();
  readonly #clock: () => number;

  /** The clock tells the length of a record, or the time. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  knows(...contents: readonly Content[]): void {
    for (const content of contents) this.contents.set(content.digest, content);
  }

  /** A request that sets what is at these paths. */
  async sets(
    values: Readonly<Record<string, Value>>,
    send: () => Promise<RawAnswer>,
    status: number,
  ): Promise<void> {
    const deed = this.#begin();
    for (const [path, value] of Object.entries(values)) {
      const settings = this.settings.get(path) ?? [];
      const setting = {...deed, value};
      settings.push(setting);
      this.settings.set(path, settings);
    }
    await this.#answer(send, status);
    for (const path of Object.keys(values)) {
      const setting = this.settings.get(path)?.at(-1);
      if (setting) setting.answered = this.#clock();
    }
  }

  /** A request that adds to an upload; answers where the next goes. */
  async fills(upload: Upload, size: number, send: () => Promise<RawAnswer>): Promise<string> {
    const filling: Filling = {...this.#begin(), size, location: ''};
    upload.fillings.push(filling);
    const {headers} = await this.#answer(send, 202);
    filling.location = headers.location ?? '';
    filling.answered = this.#clock();
    return filling.location;
  }

  /** A request that ends an upload. */
  async ends(upload: Upload, work: () => Promise<void>): Promise<void> {
    upload.end = this.#begin();
    await work();
    upload.end.answered = this.#clock();
  }

  #begin(): Deed {
    return {sent: this.#clock(), answered: Infinity};
  }

  async #answer(send: () => Promise<RawAnswer>, status: number): Promise<RawAnswer> {
    const answer = await send();
    assert.equal(answer.status, status, `${answer.status} ${answer.body.toString()}`);
    return answer;
  }
}

/**
 * What counts where the power was cut between two moments: what was answered before the first is certain, what was sent before the second is
 * possible. To be asked for with a length of `Number.MAX_VALUE`.
 */
export function cutBetween(ledger: Ledger, first: number, second: number): Ledger {
  const cut = <T extends Deed>(deeds: readonly T[]): T[] =>
    deeds
      .filter(({sent}) => sent < second)
      .map((deed) => ({...deed, answered: deed.answered <= first ? deed.answered : Infinity}));
  const copy = new Ledger(() => second);
  for (const [path, settings] of ledger.settings) copy.settings.set(path, cut(settings));
  for (const [path, list] of ledger.referrers) copy.referrers.set(path, list);
  for (const upload of ledger.uploads) {
    const [end] = upload.end ? cut([upload.end]) : [];
    copy.uploads.push({...upload, fillings: cut(upload.fillings), end});
  }
  return copy;
}

/** What may be found at a path when the record was so long: the last that was answered, or one that was under way since. */
export function possible(settings: readonly Setting[], length: number): ReadonlySet<Value> {
  let values = new Set<Value>([gone]);
  for (const {sent, answered, value} of settings) {
    if (sent >= length) break;
    if (answered <= length) values = new Set();
    values.add(value);
  }
  return values;
}

export interface UploadState {
  /** The last that was answered; `undefined`: nobody was told where it is. */
  readonly location: string | undefined;
  /** In bytes: what was answered, and what was sent. */
  readonly least: number;
  readonly most: number;
  readonly end: 'none' | 'possible' | 'certain';
}

export function stateOf({fillings, end}: Upload, length: number): UploadState {
  const sent = fillings.filter((filling) => filling.sent < length);
  const answered = sent.filter((filling) => filling.answered <= length);
  const isOver = end !== undefined && end.answered <= length;
  const mayBeOver = end !== undefined && end.sent < length;
  return {
    location: answered.at(-1)?.location,
    least: answered.at(-1)?.size ?? 0,
    most: sent.at(-1)?.size ?? 0,
    end: isOver ? 'certain' : mayBeOver ? 'possible' : 'none',
  };
}
