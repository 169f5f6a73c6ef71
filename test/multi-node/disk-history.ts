/** What a disk was told, up to a moment: names and bytes, and which of them have been synced since. */
import {basename, dirname} from 'node:path';
import type {Recorded} from './record.ts';

export type ByteChange =
  | {readonly index: number; readonly at: number; readonly bytes: Buffer}
  | {readonly index: number; readonly size: number};

/** A file or a directory, whatever it is called. */
export interface DiskNode {
  readonly isDirectory: boolean;
  mode: number;
  readonly changes: ByteChange[];
  /** What was told before this index is on the disk: bytes of a file, names in a directory. */
  syncedBefore: number;
}

interface Naming {
  readonly parent: DiskNode;
  readonly name: string;
  /** `undefined`: nothing has the name any more. */
  readonly node: DiskNode | undefined;
}

/** A call that changed names: all of them together, or none. */
export interface NameChange {
  readonly index: number;
  readonly kind: 'creation' | 'removal' | 'move';
  readonly namings: readonly Naming[];
  /** Changes that are on the disk if this one is. */
  readonly needs: readonly NameChange[];
  /** No loss of power takes it back. */
  isDurable: boolean;
}

export interface DiskHistory {
  readonly root: DiskNode;
  readonly changes: readonly NameChange[];
}

/** Whether a sync does anything: `path` is what the file or the directory was called when it was opened. */
export type Keeps = (path: string, kind: 'file' | 'directory') => boolean;

/**
 * The history of the first `count` calls. A sync of a file makes its bytes durable and no name; a sync of a directory its names and nothing below
 * them. Less than this no file system promises.
 */
export function historyOf(
  record: readonly Recorded[],
  count: number,
  root: string,
  keeps: Keeps = () => true,
): DiskHistory {
  const disk = new Disk(root, keeps);
  for (let index = 0; index < count; index += 1) {
    const call = record[index];
    if (call) disk.take(call, index);
  }
  return {root: disk.root, changes: disk.settle()};
}

const newNode = (isDirectory: boolean, mode: number): DiskNode => ({
  isDirectory,
  mode,
  changes: [],
  syncedBefore: 0,
});

class Disk {
  readonly root = newNode(true, 0o755);
  readonly #path: string;
  readonly #keeps: Keeps;
  readonly #names = new Map<DiskNode, Map<string, DiskNode>>();
  readonly #open = new Map<number, {readonly node: DiskNode; readonly path: string}>();
  readonly #syncs = new Map<number, {readonly node: DiskNode; readonly index: number}>();
  readonly #changes: NameChange[] = [];
  /** The last change of each name, and all changes in each directory. */
  readonly #lastOf = new Map<DiskNode, Map<string, NameChange>>();
  readonly #within = new Map<DiskNode, NameChange[]>();

  constructor(path: string, keeps: Keeps) {
    this.#path = path;
    this.#keeps = keeps;
  }

  take(call: Recorded, index: number): void {
    // Sockets, of which nobody was told that they were made.
    if ('path' in call && call.path.startsWith(`${this.#path}/run/`)) return;
    switch (call.what) {
      case 'began':
        this.#open.clear();
        this.#syncs.clear();
        return;
      case 'opened':
        this.#opened(call, index);
        return;
      case 'closed':
        this.#open.delete(call.fd);
        return;
      case 'written':
        this.#nodeAt(call.fd).changes.push({index, at: call.at, bytes: call.bytes});
        return;
      case 'truncated':
        this.#nodeOf(call).changes.push({index, size: call.size});
        return;
      case 'sync begun':
        this.#beginSync(call, index);
        return;
      case 'sync ended':
        this.#endSync(call.sync);
        return;
      case 'linked':
        this.#change(index, 'creation', [[call.to, this.#find(call.path)]]);
        return;
      case 'renamed': {
        const node = this.#find(call.path);
        // Two names of one file: nothing happens.
        if (node === this.#lookUp(call.to)) return;
        this.#change(index, 'move', [
          [call.path, undefined],
          [call.to, node],
        ]);
        return;
      }
      case 'unlinked':
      case 'removed':
        this.#change(index, 'removal', [[call.path, undefined]]);
        return;
      case 'made':
        this.#change(index, 'creation', [[call.path, newNode(true, call.mode)]]);
        return;
      case 'mode set':
        this.#nodeOf(call).mode = call.mode & 0o777;
        return;
    }
  }

  /** All changes, with what is durable of them. */
  settle(): readonly NameChange[] {
    for (const change of this.#changes.toReversed()) {
      change.isDurable ||= change.namings.some(({parent}) => parent.syncedBefore > change.index);
      if (change.isDurable) for (const needed of change.needs) needed.isDurable = true;
    }
    return this.#changes;
  }

  #opened(call: Recorded & {what: 'opened'}, index: number): void {
    let node = this.#lookUp(call.path);
    if (!node) {
      node = newNode(false, call.mode & 0o777);
      this.#change(index, 'creation', [[call.path, node]]);
    } else if (call.isEmptied) node.changes.push({index, size: 0});
    this.#open.set(call.fd, {node, path: call.path});
  }

  #beginSync({fd, sync}: {readonly fd: number; readonly sync: number}, index: number): void {
    const {node, path} = this.#openAt(fd);
    const kind = node.isDirectory ? 'directory' : 'file';
    if (this.#keeps(path.slice(this.#path.length + 1), kind)) this.#syncs.set(sync, {node, index});
  }

  #endSync(number: number): void {
    const sync = this.#syncs.get(number);
    if (sync) sync.node.syncedBefore = Math.max(sync.node.syncedBefore, sync.index);
  }

  #change(
    index: number,
    kind: NameChange['kind'],
    names: readonly (readonly [string, DiskNode | undefined])[],
  ): void {
    const needs: NameChange[] = [];
    const namings = names.map(([path, node]): Naming => {
      const parent = this.#find(dirname(path));
      const name = basename(path);
      const last = this.#lastOf.get(parent)?.get(name);
      if (last) needs.push(last);
      const former = this.#lookUp(path);
      // It was empty when it went.
      if (former?.isDirectory === true && node === undefined && kind === 'removal')
        needs.push(...(this.#within.get(former) ?? []));
      return {parent, name, node};
    });
    const change = {index, kind, namings, needs, isDurable: false};
    for (const {parent, name, node} of namings) {
      if (node) inner(this.#names, parent).set(name, node);
      else inner(this.#names, parent).delete(name);
      inner(this.#lastOf, parent).set(name, change);
      const within = this.#within.get(parent) ?? [];
      within.push(change);
      this.#within.set(parent, within);
    }
    this.#changes.push(change);
  }

  #lookUp(path: string): DiskNode | undefined {
    if (path === this.#path) return this.root;
    let at: DiskNode | undefined = this.root;
    for (const name of path.slice(this.#path.length + 1).split('/'))
      at = at && this.#names.get(at)?.get(name);
    return at;
  }

  #find(path: string): DiskNode {
    const node = this.#lookUp(path);
    if (!node) throw new Error(`the record has not told how ${path} came to be`);
    return node;
  }

  #openAt(fd: number): {readonly node: DiskNode; readonly path: string} {
    const open = this.#open.get(fd);
    if (!open) throw new Error(`the record has not told what descriptor ${fd} is`);
    return open;
  }

  readonly #nodeAt = (fd: number): DiskNode => this.#openAt(fd).node;

  readonly #nodeOf = ({fd, path}: {readonly fd: number; readonly path: string}): DiskNode =>
    fd < 0 ? this.#find(path) : this.#nodeAt(fd);
}

function inner<T>(of: Map<DiskNode, Map<string, T>>, node: DiskNode): Map<string, T> {
  const found = of.get(node) ?? new Map<string, T>();
  of.set(node, found);
  return found;
}
