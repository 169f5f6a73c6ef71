/** An entry of a tar becomes a node: of whatever it says only the name, what it is and a few numbers. */
import {type Entry, impliedDirectory, type Kind} from './entry.ts';
import {partsOf, plain} from './path-parts.ts';
import type {Tree} from './tree.ts';

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';
/** What AUFS kept for itself. */
const reserved = '.wh..wh.';

const kindsOfTar: Readonly<Record<string, Kind>> = {
  link: 'hardlink',
  symlink: 'symlink',
  directory: 'directory',
  'character-device': 'device',
  'block-device': 'device',
  fifo: 'fifo',
};

/** What is told of an entry; numbers may be none. */
export interface TarHeader {
  readonly name: string;
  readonly type: string | null;
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: Date;
  readonly linkname: string | null;
  readonly pax?: unknown;
}

/** `offset`: where its bytes begin. */
export function addEntry(
  tree: Tree,
  header: TarHeader,
  {offset, digest}: {readonly offset: number; readonly digest: Buffer | undefined},
): void {
  const pax = toPax(header.pax);
  const sparseName = pax['GNU.sparse.name'];
  const parts = partsOf(sparseName ?? header.name);
  const name = parts.pop();
  if (name === undefined) {
    if (header.type === 'directory') tree.write(tree.root, entryOf(header, pax));
    return;
  }
  const parent = parts.reduce((node, part) => directory(tree, node, part), tree.root);
  if (name === opaque) {
    tree.hide(parent, 'what is in it');
    return;
  }
  if (name.startsWith(reserved)) return;
  if (name.startsWith(whiteout) && name.length > whiteout.length) {
    tree.hide(tree.make(parent, name.slice(whiteout.length)), 'itself');
    return;
  }
  const entry = entryOf(header, pax);
  const node = tree.make(parent, name);
  // The last of a name is what whoever unpacks it has.
  if (entry.kind !== 'directory' && tree.isThere(node)) tree.removeBelow(node);
  const isSparse = Object.keys(pax).some((key) => key.startsWith('GNU.sparse.'));
  const isFile = entry.kind === 'file';
  tree.write(node, {
    ...entry,
    ...(isFile && !isSparse && {content: {layer: 0, offset}}),
    digest: isFile ? digest : undefined,
  });
}

function directory(tree: Tree, parent: number, name: string): number {
  const node = tree.make(parent, name);
  if (!tree.isThere(node) || tree.kind(node) !== 'directory') {
    tree.write(node, impliedDirectory(0), true);
  }
  return node;
}

type Pax = Readonly<Record<string, string | undefined>>;

const toPax = (given: unknown): Pax =>
  typeof given === 'object' && given !== null ? (given as Pax) : {};

function entryOf(header: TarHeader, pax: Pax): Entry {
  const kind = kindsOfTar[header.type ?? 'file'] ?? 'file';
  const time = Number(pax['mtime'] ?? header.mtime.getTime() / 1000);
  const isLink = kind === 'symlink' || kind === 'hardlink';
  return {
    kind,
    size: kind === 'file' ? count(pax['GNU.sparse.realsize'] ?? header.size, largestSize) : 0,
    mode: header.mode & 0o7777,
    uid: count(pax['uid'] ?? header.uid, largestId),
    gid: count(pax['gid'] ?? header.gid, largestId),
    modifiedAt: Math.abs(time) <= latest ? time : undefined,
    target: isLink ? plain(header.linkname ?? '') : undefined,
    layer: 0,
    content: undefined,
    digest: undefined,
  };
}

const largestId = 0xffff_ffff;
const largestSize = Number.MAX_SAFE_INTEGER;
/** In seconds: what a Date can tell. */
const latest = 8.64e12;

function count(value: string | number, largest: number): number {
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 && number <= largest ? number : 0;
}
