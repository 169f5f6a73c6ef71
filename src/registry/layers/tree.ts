/** A tree of files as numbers in one piece of memory: an object for each of a million would take ten times as much. */
import {type Entry, impliedDirectory, kinds} from './entry.ts';
import {Names} from './names.ts';
import {at, flag} from './node-layout.ts';
import {pathOf} from './path-parts.ts';
import {Refusal} from './refusal.ts';

/** In a layer, and in all layers of an image together. */
export const mostEntries = 1_000_000;
/** In signs. */
const longestPath = 8192;
const longestTarget = 4096;

const none = -1;

export class Tree {
  readonly #names = new Names();
  #view = new DataView(new ArrayBuffer(at.end * 16));
  /** Nodes by their parent and name. */
  #slots = new Int32Array(64).fill(none);
  #count = 0;

  constructor() {
    this.#append(none, 0);
    this.write(this.root, impliedDirectory(0), true);
  }

  readonly root = 0;

  /** Nodes, of which some may be gone. */
  get count(): number {
    return this.#count;
  }

  /** In bytes. */
  get weight(): number {
    return this.#view.byteLength + this.#slots.byteLength + this.#names.capacity;
  }

  /** Whether it is there or not, a node that was made. */
  node(parent: number, name: string): number | undefined {
    const {start, length} = this.#names.try(name);
    const found = this.#slots[this.#slotOf(parent, start, length)] ?? none;
    return found === none ? undefined : found;
  }

  child(parent: number, name: string): number | undefined {
    const found = this.node(parent, name);
    return found !== undefined && this.isThere(found) ? found : undefined;
  }

  find(parts: readonly string[]): number | undefined {
    let found: number | undefined = this.root;
    for (const part of parts) {
      found = this.child(found, part);
      if (found === undefined) return undefined;
    }
    return found;
  }

  /** The node of that name: it is there once it is written. */
  make(parent: number, name: string): number {
    const {start, length} = this.#names.try(name);
    const slot = this.#slotOf(parent, start, length);
    const found = this.#slots[slot] ?? none;
    if (found !== none) return found;
    const pathLength =
      this.#view.getUint32(parent * at.end + at.pathLength, true) + 1 + name.length;
    if (pathLength > longestPath) {
      throw new Refusal(`a path in it has more than ${longestPath} characters`);
    }
    if (this.#count > mostEntries) throw tooMany();
    this.#names.keep(length);
    const made = this.#append(parent, pathLength);
    this.#view.setUint32(made * at.end + at.nameStart, start, true);
    this.#view.setUint16(made * at.end + at.nameLength, length, true);
    this.#slots[slot] = made;
    if (this.#count * 2 > this.#slots.length) this.#rehash();
    return made;
  }

  write(node: number, entry: Entry, implied = false): void {
    const begin = node * at.end;
    const {target = ''} = entry;
    const {start, length} = this.#names.try(target.slice(0, longestTarget).toWellFormed());
    this.#names.keep(length);
    const view = this.#view;
    view.setUint32(begin + at.targetStart, start, true);
    view.setUint16(begin + at.targetLength, length, true);
    view.setUint16(begin + at.mode, entry.mode, true);
    view.setUint16(begin + at.layer, entry.layer, true);
    view.setUint16(begin + at.contentLayer, entry.content?.layer ?? 0, true);
    view.setUint8(begin + at.kind, kinds.indexOf(entry.kind));
    view.setUint32(begin + at.uid, entry.uid, true);
    view.setUint32(begin + at.gid, entry.gid, true);
    view.setFloat64(begin + at.size, entry.size, true);
    view.setFloat64(begin + at.time, entry.modifiedAt ?? NaN, true);
    view.setFloat64(begin + at.offset, entry.content?.offset ?? NaN, true);
    const kept = this.#flags(node) & (flag.isHiding | flag.isOpaque);
    const flags =
      kept | flag.isLive | (entry.digest ? flag.hasDigest : 0) | (implied ? flag.isImplied : 0);
    view.setUint8(begin + at.flags, flags);
    if (entry.digest) {
      new Uint8Array(view.buffer).set(entry.digest, begin + at.digest);
    }
  }

  read(node: number): Entry {
    const begin = node * at.end;
    const view = this.#view;
    const time = view.getFloat64(begin + at.time, true);
    const offset = view.getFloat64(begin + at.offset, true);
    const targetLength = view.getUint16(begin + at.targetLength, true);
    const targetStart = view.getUint32(begin + at.targetStart, true);
    return {
      kind: this.kind(node),
      size: view.getFloat64(begin + at.size, true),
      mode: view.getUint16(begin + at.mode, true),
      uid: view.getUint32(begin + at.uid, true),
      gid: view.getUint32(begin + at.gid, true),
      modifiedAt: Number.isNaN(time) ? undefined : time,
      target: targetLength === 0 ? undefined : this.#names.text(targetStart, targetLength),
      layer: view.getUint16(begin + at.layer, true),
      content: Number.isNaN(offset)
        ? undefined
        : {layer: view.getUint16(begin + at.contentLayer, true), offset},
      digest: this.#has(node, flag.hasDigest)
        ? Buffer.from(view.buffer, begin + at.digest, 32)
        : undefined,
    };
  }

  kind(node: number): Entry['kind'] {
    return kinds[this.#view.getUint8(node * at.end + at.kind)] ?? 'file';
  }

  size(node: number): number {
    return this.#view.getFloat64(node * at.end + at.size, true);
  }

  name(node: number): string {
    const begin = node * at.end;
    const start = this.#view.getUint32(begin + at.nameStart, true);
    return this.#names.text(start, this.#view.getUint16(begin + at.nameLength, true));
  }

  parent(node: number): number {
    return this.#view.getInt32(node * at.end + at.parent, true);
  }

  path(node: number): string {
    const parts: string[] = [];
    for (let each = node; each > this.root; each = this.parent(each)) parts.push(this.name(each));
    return pathOf(parts.reverse());
  }

  isThere(node: number): boolean {
    return this.#has(node, flag.isLive);
  }

  /** Only names below it tell of it. */
  isImplied(node: number): boolean {
    return this.#has(node, flag.isImplied);
  }

  /** It deletes what is called so in the layers below, whether it is there or not. */
  isHiding(node: number): boolean {
    return this.#has(node, flag.isHiding);
  }

  /** It deletes what is in it in the layers below. */
  isOpaque(node: number): boolean {
    return this.#has(node, flag.isOpaque);
  }

  hide(node: number, what: 'itself' | 'what is in it'): void {
    const bit = what === 'itself' ? flag.isHiding : flag.isOpaque;
    this.#view.setUint8(node * at.end + at.flags, this.#flags(node) | bit);
  }

  /** Those that are there, and those that only hide something. */
  *nodes(parent: number): Generator<number> {
    const view = this.#view;
    let node = view.getInt32(parent * at.end + at.first, true);
    for (; node !== none; node = this.#view.getInt32(node * at.end + at.next, true)) yield node;
  }

  *children(parent: number): Generator<number> {
    for (const node of this.nodes(parent)) if (this.isThere(node)) yield node;
  }

  /** With all that is in it. */
  remove(node: number): void {
    this.removeBelow(node);
    this.#view.setUint8(node * at.end + at.flags, 0);
  }

  removeBelow(node: number): void {
    const left = [...this.children(node)];
    for (let each = left.pop(); each !== undefined; each = left.pop()) {
      for (const child of this.children(each)) left.push(child);
      this.#view.setUint8(each * at.end + at.flags, 0);
    }
  }

  /** To be called once, when all is there: adds up what is below each directory, and gives back what is not needed. */
  finish(): void {
    this.#view = new DataView(this.#view.buffer.slice(0, this.#count * at.end));
    const view = this.#view;
    // Whoever is below comes later.
    for (let node = this.#count - 1; node > this.root; node -= 1) {
      if (!this.isThere(node)) continue;
      const begin = node * at.end;
      const parent = this.parent(node) * at.end;
      const kind = this.kind(node);
      const own = kind === 'file' ? this.size(node) : 0;
      const bytes = own + view.getFloat64(begin + at.bytesBelow, true);
      const files = (kind === 'directory' ? 0 : 1) + view.getUint32(begin + at.filesBelow, true);
      const sum = bytes + view.getFloat64(parent + at.bytesBelow, true);
      view.setFloat64(parent + at.bytesBelow, sum, true);
      const count = files + view.getUint32(parent + at.filesBelow, true);
      view.setUint32(parent + at.filesBelow, count, true);
    }
  }

  /** All that is no directory; hard links have no bytes of their own. */
  below(node: number): {readonly files: number; readonly bytes: number} {
    const begin = node * at.end;
    return {
      files: this.#view.getUint32(begin + at.filesBelow, true),
      bytes: this.#view.getFloat64(begin + at.bytesBelow, true),
    };
  }

  #flags(node: number): number {
    return this.#view.getUint8(node * at.end + at.flags);
  }

  #has(node: number, bit: number): boolean {
    return (this.#flags(node) & bit) !== 0;
  }

  #append(parent: number, pathLength: number): number {
    const made = this.#count;
    this.#count += 1;
    if (this.#count * at.end > this.#view.byteLength) {
      const former = new Uint8Array(this.#view.buffer);
      const larger = new Uint8Array(Math.ceil((this.#count * 1.5) / 16) * 16 * at.end);
      larger.set(former);
      this.#view = new DataView(larger.buffer);
    }
    const view = this.#view;
    const begin = made * at.end;
    view.setInt32(begin + at.parent, parent, true);
    view.setInt32(begin + at.first, none, true);
    view.setInt32(begin + at.next, none, true);
    view.setUint32(begin + at.pathLength, pathLength, true);
    if (parent !== none) {
      view.setInt32(begin + at.next, view.getInt32(parent * at.end + at.first, true), true);
      view.setInt32(parent * at.end + at.first, made, true);
    }
    return made;
  }

  /** That of the node, or the free one where it belongs. */
  #slotOf(parent: number, start: number, length: number): number {
    const names = this.#names;
    const mask = this.#slots.length - 1;
    let slot = names.hash(start, length, parent) & mask;
    for (;;) {
      const node = this.#slots[slot] ?? none;
      if (node === none) return slot;
      const begin = node * at.end;
      const isIt =
        this.#view.getInt32(begin + at.parent, true) === parent &&
        this.#view.getUint16(begin + at.nameLength, true) === length &&
        names.isSame(this.#view.getUint32(begin + at.nameStart, true), start, length);
      if (isIt) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 2).fill(none);
    for (let node = 1; node < this.#count; node += 1) {
      const begin = node * at.end;
      const start = this.#view.getUint32(begin + at.nameStart, true);
      const length = this.#view.getUint16(begin + at.nameLength, true);
      this.#slots[this.#slotOf(this.parent(node), start, length)] = node;
    }
  }
}

export const tooMany = (): Refusal => new Refusal(`it has more than ${mostEntries} files`);
