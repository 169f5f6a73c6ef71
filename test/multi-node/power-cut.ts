/** What a file system may show after the power was cut: some of what it was told and not asked to sync is there, some is not. */
import type {DiskHistory, DiskNode, NameChange} from './disk-history.ts';

/**
 * Names that were not synced. `least`: none of them. `creations`, `removals`: those changes alone, as far as they can be without others. `first`: as a
 * journal has them, those that came first. `any`: some. `all`: every one, and so files that nobody has written yet.
 */
export const nameStyles = ['least', 'all', 'any', 'removals', 'first', 'creations'] as const;

/** Bytes that were not synced. `least`: none, and the file is as short. `zeros`: it is as long, and zeros are in it. `any`: some pages, and a length that it once had. */
export const byteStyles = ['least', 'zeros', 'any', 'all'] as const;

export interface CutStyle {
  readonly names: (typeof nameStyles)[number];
  readonly bytes: (typeof byteStyles)[number];
}

/** A number from 0 up to 1. */
export type Random = () => number;

export interface FoundFile {
  readonly mode: number;
  readonly bytes: Buffer;
  /** The first of its names. */
  readonly alsoAt: string | undefined;
}

/** By their paths below the root; a directory comes before what is in it. */
export interface FoundTree {
  readonly directories: ReadonlyMap<string, {readonly mode: number}>;
  readonly files: ReadonlyMap<string, FoundFile>;
}

const page = 4096;

export function cutPower(history: DiskHistory, style: CutStyle, random: Random): FoundTree {
  const names = new Map<DiskNode, Map<string, DiskNode>>();
  for (const {namings} of chosen(history.changes, style.names, random)) {
    for (const {parent, name, node} of namings) {
      const of = names.get(parent) ?? new Map<string, DiskNode>();
      names.set(parent, of);
      if (node) of.set(name, node);
      else of.delete(name);
    }
  }
  const directories = new Map<string, {readonly mode: number}>();
  const files = new Map<string, FoundFile>();
  const seen = new Map<DiskNode, string>();
  const walk = (directory: DiskNode, prefix: string): void => {
    for (const [name, node] of names.get(directory) ?? []) {
      const path = `${prefix}${name}`;
      if (node.isDirectory) {
        directories.set(path, {mode: node.mode});
        walk(node, `${path}/`);
        continue;
      }
      const alsoAt = seen.get(node);
      const bytes = alsoAt === undefined ? bytesOf(node, style.bytes, random) : Buffer.alloc(0);
      files.set(path, {mode: node.mode, bytes, alsoAt});
      if (alsoAt === undefined) seen.set(node, path);
    }
  };
  walk(history.root, '');
  return {directories, files};
}

function chosen(
  changes: readonly NameChange[],
  style: CutStyle['names'],
  random: Random,
): readonly NameChange[] {
  const last = changes.findLastIndex(({isDurable}) => isDurable);
  const first = last + 1 + Math.floor(random() * (changes.length - last));
  const there = new Set<NameChange>();
  for (const [at, change] of changes.entries()) {
    const wanted = {
      least: () => false,
      all: () => true,
      any: () => random() < 0.5,
      removals: () => change.kind !== 'creation',
      creations: () => change.kind === 'creation',
      first: () => at < first,
    }[style];
    const isThere = wanted() && change.needs.every((needed) => there.has(needed));
    if (change.isDurable || isThere) there.add(change);
  }
  return [...there];
}

function bytesOf(
  {changes, syncedBefore}: DiskNode,
  style: CutStyle['bytes'],
  random: Random,
): Buffer {
  const file = new Content();
  const pending = changes.filter(({index}) => index >= syncedBefore);
  for (const change of changes) {
    if (change.index >= syncedBefore) continue;
    if ('size' in change) file.resize(change.size);
    else file.write(change.at, change.bytes);
  }
  if (style === 'least') return file.bytes();
  const count = style === 'any' ? Math.floor(random() * (pending.length + 1)) : pending.length;
  for (const [at, change] of pending.entries()) {
    // The file has the length that it had after the last of those that count.
    const isCounted = at < count;
    if ('size' in change) {
      if (isCounted) file.resize(change.size);
      continue;
    }
    const {bytes} = change;
    if (isCounted) file.resize(Math.max(file.size, change.at + bytes.length));
    if (style === 'all') file.write(change.at, bytes);
    else if (style === 'any') file.writeSome(change.at, bytes, random);
  }
  return file.bytes();
}

class Content {
  size = 0;
  #buffer = Buffer.alloc(page);

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.size);
  }

  resize(size: number): void {
    if (size < this.size) this.#buffer.fill(0, size, this.size);
    if (size > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(size, 2 * this.#buffer.length));
      this.#buffer.copy(larger, 0, 0, this.size);
      this.#buffer = larger;
    }
    this.size = size;
  }

  write(at: number, bytes: Buffer): void {
    if (at + bytes.length > this.size) this.resize(at + bytes.length);
    bytes.copy(this.#buffer, at);
  }

  /** Page by page, and never beyond the end. */
  writeSome(at: number, bytes: Buffer, random: Random): void {
    for (let from = 0; from < bytes.length;) {
      const to = Math.min(bytes.length, from + page - ((at + from) % page));
      const end = Math.min(to, this.size - at);
      if (end > from && random() < 0.5) bytes.copy(this.#buffer, at + from, from, end);
      from = to;
    }
  }
}
