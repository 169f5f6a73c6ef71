/** Answers a task from the shelf: at once, or with how far the reading is. */
import {LRUCache} from 'lru-cache';
import {StorageError} from '../../storage/driver.ts';
import {differenceAt, indexBehind} from './differences.ts';
import type {Entry} from './entry.ts';
import {type Order, orderOf, type Row, rowOf, type Sight, type Sort} from './listing.ts';
import {partsOf, pathOf} from './path-parts.ts';
import {Refusal} from './refusal.ts';
import type {Shelf} from './shelf.ts';
import type {FileFacts, Layers, Outcome, Task} from './task.ts';
import {Tree} from './tree.ts';

/** In milliseconds: for so long whoever asks waits for the answer itself. */
const patience = 1500;

type Of<K extends Task['kind']> = Extract<Task, {readonly kind: K}>;

export class Desk {
  readonly #shelf: Shelf;
  readonly #orders = new WeakMap<Tree, LRUCache<string, Order>>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  async answer(task: Task): Promise<Outcome> {
    const {promise: later, resolve} = Promise.withResolvers<undefined>();
    const timer = setTimeout(resolve, patience, undefined);
    try {
      const outcome = await Promise.race([this.#perform(task), later]);
      const layers = task.kind === 'compare' ? [...task.from, ...task.to] : task.layers;
      return outcome ?? {kind: 'reading', ...this.#shelf.progress(layers)};
    } catch (error) {
      return outcomeOf(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async #perform(task: Task): Promise<Outcome> {
    switch (task.kind) {
      case 'list':
        return this.#list(task);
      case 'show':
        return this.#show(task);
      case 'compare':
        return this.#compare(task);
    }
  }

  async #list({layers, own, path, sort, after, limit}: Of<'list'>): Promise<Outcome> {
    const sight = await this.#sight(layers, own);
    const parts = partsOf(path);
    const node = sight.tree.find(parts);
    if (node === undefined) return noSuchPath;
    const entry = sight.tree.read(node);
    if (entry.kind !== 'directory') {
      const target = entry.target === undefined ? '' : ` to ${entry.target}`;
      return {kind: 'refused', message: `this is no directory, but a ${entry.kind}${target}`};
    }
    const order = this.#order(sight, parts, sort);
    const begin = after === undefined ? 0 : positionBehind(sight, order, after);
    const rows = [...order.subarray(begin, begin + limit)].map((ref) => rowOf(sight, ref));
    return {
      kind: 'list',
      path: pathOf(parts),
      entries: rows.map((row) => ({
        ...factsOf(row),
        name: row.name,
        layer: layers[row.layer]?.digest ?? '',
        change: row.change,
        below: row.sum,
      })),
      next: begin + limit < order.length ? rows.at(-1)?.name : undefined,
      total: order.length,
      ...sight.tree.below(node),
    };
  }

  async #show({layers, own, path}: Of<'show'>): Promise<Outcome> {
    const sight = await this.#sight(layers, own);
    const parts = partsOf(path);
    const node = sight.tree.find(parts);
    if (node === undefined) return noSuchPath;
    const row = rowOf(sight, node);
    const place = row.content && layers[row.content.layer];
    const content = place && (await this.#shelf.content(place, row));
    const file = {
      ...factsOf(row),
      path: pathOf(parts),
      layer: layers[row.layer]?.digest ?? '',
      change: row.change,
      content: row.size === 0 && row.kind === 'file' ? new Uint8Array() : content,
    };
    return {kind: 'show', file};
  }

  async #compare({from, to, after, limit}: Of<'compare'>): Promise<Outcome> {
    const {found, ...trees} = await this.#shelf.differences(from, to);
    const {pairs, ...sums} = found;
    const begin = after === undefined ? 0 : indexBehind(found, trees.from, trees.to, after);
    const files = [];
    for (let index = begin; index < begin + limit; index += 1) {
      const difference = differenceAt(found, trees.from, trees.to, index);
      if (!difference) break;
      files.push({
        ...difference,
        from: difference.from && factsOf(difference.from),
        to: difference.to && factsOf(difference.to),
      });
    }
    const isMore = (begin + limit) * 2 < pairs.length;
    return {kind: 'compare', files, next: isMore ? files.at(-1)?.path : undefined, ...sums};
  }

  async #sight(layers: Layers, own: number | undefined): Promise<Sight> {
    const place = own === undefined ? undefined : layers[own];
    if (own === undefined || !place) {
      return {tree: await this.#shelf.image(layers), below: undefined, number: undefined};
    }
    const below = layers.slice(0, own);
    const [tree, image] = await Promise.all([
      this.#shelf.layer(place),
      below.length === 0 ? new Tree() : this.#shelf.image(below),
    ]);
    return {tree, below: image, number: own};
  }

  /** The pages of a large directory follow each other: it is sorted once. */
  #order(sight: Sight, parts: readonly string[], sort: Sort): Order {
    const {tree, number} = sight;
    const orders = this.#orders.get(tree) ?? new LRUCache<string, Order>({max: 4});
    this.#orders.set(tree, orders);
    const key = `${sort} ${number ?? ''} ${pathOf(parts)}`;
    const order = orders.get(key) ?? orderOf(sight, parts, sort);
    orders.set(key, order);
    return order;
  }
}

const noSuchPath: Outcome = {kind: 'unknown', message: 'there is no such path'};

/** The first behind that name; from the start where it is not there. */
function positionBehind({tree, below}: Sight, order: Order, name: string): number {
  return (
    order.findIndex((ref) => {
      const holder = ref < 0 && below ? below : tree;
      return holder.name(ref < 0 ? -1 - ref : ref) === name;
    }) + 1
  );
}

function factsOf(entry: Entry | Row): FileFacts {
  const {kind, size, mode, uid, gid, modifiedAt, target, digest} = entry;
  return {
    kind,
    size,
    mode,
    uid,
    gid,
    modifiedAt: modifiedAt === undefined ? undefined : new Date(modifiedAt * 1000).toISOString(),
    target,
    digest: digest && `sha256:${digest.toString('hex')}`,
  };
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof Refusal) {
    const {layer, message} = error;
    return {
      kind: 'refused',
      message: layer === undefined ? message : `the layer ${layer} can't be read: ${message}`,
    };
  }
  if (error instanceof StorageError) {
    return error.kind === 'unavailable'
      ? {kind: 'unavailable', message: error.message}
      : {kind: 'refused', message: 'the bytes of a layer are damaged on the storage'};
  }
  return {kind: 'failed', error};
}
