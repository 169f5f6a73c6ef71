/** What was read lately: trees of layers, and of the images made of them. */
import type {Readable} from 'node:stream';
import type {Digest} from '../../oci/digest.ts';
import {type Differences, differencesOf} from './differences.ts';
import type {Entry} from './entry.ts';
import {keyOf, type LayerPlace} from './layer-place.ts';
import {layOver} from './lay-over.ts';
import {Line, type Progress} from './line.ts';
import {mostShown, readContent} from './read-content.ts';
import {readLayer} from './read-layer.ts';
import {Refusal} from './refusal.ts';
import {mostEntries, tooMany, Tree} from './tree.ts';
import {Turns} from './turns.ts';

/** A layer was looked through, or could not be. */
export interface LayerRead {
  readonly outcome: 'read' | 'refused' | 'failed';
  readonly ms: number;
  /** As they are stored. */
  readonly bytes: number;
}

interface ShelfOptions {
  readonly open: (digest: Digest) => Promise<Readable | undefined>;
  readonly onRead: (read: LayerRead) => void;
}

const mebibyte = 1024 ** 2;
/** In milliseconds. */
const minute = 60_000;

export class Shelf {
  readonly #options: ShelfOptions;
  readonly #layers: Line<Tree>;
  /** There is room for the two largest images that are taken, so that they can be compared. */
  readonly #images: Line<Tree>;
  readonly #contents: Line<Buffer>;
  readonly #differences: Line<Differences>;

  constructor(options: ShelfOptions) {
    this.#options = options;
    const few = new Turns(2);
    // They wait for layers, and so for the few.
    const many = new Turns(1000);
    const weigh = ({weight}: Tree): number => weight;
    this.#layers = new Line({
      room: 192 * mebibyte,
      weigh,
      turns: few,
      longest: 5 * minute,
      ended: (outcome, ms, {read}) => {
        options.onRead({outcome, ms, bytes: read});
      },
    });
    this.#images = new Line({room: 384 * mebibyte, weigh, turns: many, longest: 60 * minute});
    this.#contents = new Line({
      room: 32 * mostShown,
      weigh: ({length}) => length + 1,
      turns: few,
      longest: 5 * minute,
    });
    this.#differences = new Line({
      room: 32 * mebibyte,
      weigh: ({pairs}) => pairs.byteLength + 1,
      turns: many,
      longest: 60 * minute,
    });
  }

  async layer(place: LayerPlace): Promise<Tree> {
    const key = keyOf(place);
    return this.#layers.get(key, async (signal, progress) =>
      blaming(place, async () => readLayer(this.#stream(place, signal, progress), place)),
    );
  }

  /** Of all of them, from the lowest. */
  async image(places: readonly LayerPlace[]): Promise<Tree> {
    for (const place of places) this.#layers.want(keyOf(place));
    return this.#images.get(keyOfImage(places), async (signal) => this.#lay(places, signal));
  }

  async content(place: LayerPlace, {content, size}: Entry): Promise<Buffer> {
    const offset = content?.offset ?? 0;
    return this.#contents.get(`${keyOf(place)} ${offset}`, async (signal, progress) =>
      blaming(place, async () => {
        const source = this.#stream(place, signal, progress);
        return readContent(source, {offset, size, isPacked: offset > 0});
      }),
    );
  }

  async differences(
    from: readonly LayerPlace[],
    to: readonly LayerPlace[],
  ): Promise<{readonly from: Tree; readonly to: Tree; readonly found: Differences}> {
    const [one, other] = await Promise.all([this.image(from), this.image(to)]);
    const key = `${keyOfImage(from)}  ${keyOfImage(to)}`;
    const found = await this.#differences.get(key, async () => differencesOf(one, other));
    return {from: one, to: other, found};
  }

  /** In bytes as they are stored, of each layer once. */
  progress(places: readonly LayerPlace[]): {readonly read: number; readonly total: number} {
    let [read, total] = [0, 0];
    for (const place of new Map(places.map((each) => [keyOf(each), each])).values()) {
      total += place.size;
      const key = keyOf(place);
      read += this.#layers.has(key) ? place.size : (this.#layers.progress(key)?.read ?? 0);
    }
    return {read, total};
  }

  async #lay(places: readonly LayerPlace[], signal: AbortSignal): Promise<Tree> {
    const image = new Tree();
    let count = 0;
    // One is read while the one before it is laid: all at once would need the memory of all.
    let next = places[0] && this.layer(places[0]);
    for (const [number, place] of places.entries()) {
      signal.throwIfAborted();
      const layer = await (next ?? this.layer(place));
      const after = places[number + 1];
      next = after && this.layer(after);
      next?.catch(() => undefined);
      count += layer.count;
      await blaming(place, async () => {
        if (count > mostEntries + places.length) throw tooMany();
        await layOver(image, layer, number);
      });
    }
    image.finish();
    return image;
  }

  async *#stream(
    {canonical}: LayerPlace,
    signal: AbortSignal,
    progress: Progress,
  ): AsyncGenerator<Uint8Array> {
    const source = await this.#options.open(canonical);
    if (!source) throw new Refusal('its bytes are not there', {lastsFor: 5000});
    const end = (): void => {
      source.destroy(signal.reason instanceof Error ? signal.reason : undefined);
    };
    signal.addEventListener('abort', end);
    try {
      for await (const chunk of source) {
        signal.throwIfAborted();
        progress.read += (chunk as Uint8Array).length;
        yield chunk as Uint8Array;
      }
    } finally {
      signal.removeEventListener('abort', end);
      source.destroy();
    }
  }
}

const keyOfImage = (places: readonly LayerPlace[]): string => places.map(keyOf).join(' ');

/** What is refused says of which layer. */
async function blaming<T>({digest}: LayerPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal) error.layer ??= digest;
    throw error;
  }
}
