/** One directory, of an image or of what a layer changes: which rows it has, in which order. */
import type {Entry} from './entry.ts';
import type {Tree} from './tree.ts';

export type Change = 'added' | 'changed' | 'deleted';
export type Sort = 'name' | 'size';

/** What is listed: an image; or a layer, over what is below it. */
export interface Sight {
  readonly tree: Tree;
  /** Absent: it is an image. */
  readonly below: Tree | undefined;
  /** Of `tree`, where that is a layer's own. */
  readonly number: number | undefined;
}

export interface Row extends Entry {
  readonly name: string;
  readonly change: Change | undefined;
  /** Of a directory: what is below it. */
  readonly sum: {readonly files: number; readonly bytes: number} | undefined;
}

/** Those of a directory in their order: nodes of the tree, and -1 - node for those of what is below. */
export type Order = Int32Array;

export function orderOf(sight: Sight, parts: readonly string[], sort: Sort): Order {
  const rows: {readonly ref: number; readonly name: string; readonly weight: number}[] = [];
  const add = (tree: Tree, node: number, ref: number): void => {
    const isDirectory = tree.kind(node) === 'directory';
    const size = isDirectory ? tree.below(node).bytes : tree.size(node);
    const weight = sort === 'size' ? size : Number(isDirectory);
    rows.push({ref, name: tree.name(node), weight});
  };
  const {tree, below} = sight;
  const directory = tree.find(parts);
  const former = below?.find(parts);
  if (directory !== undefined) {
    for (const node of tree.nodes(directory)) {
      if (tree.isThere(node)) add(tree, node, node);
      else if (below && former !== undefined && tree.isHiding(node)) {
        const hidden = below.child(former, tree.name(node));
        if (hidden !== undefined) add(below, hidden, -1 - hidden);
      }
    }
    if (below && former !== undefined && tree.isOpaque(directory)) {
      for (const node of below.children(former)) {
        const own = tree.node(directory, below.name(node));
        const isTold = own !== undefined && (tree.isThere(own) || tree.isHiding(own));
        if (!isTold) add(below, node, -1 - node);
      }
    }
  }
  rows.sort((one, other) => other.weight - one.weight || (one.name < other.name ? -1 : 1));
  return Int32Array.from(rows, ({ref}) => ref);
}

export function rowOf(sight: Sight, ref: number): Row {
  const {tree, below, number} = sight;
  if (ref < 0 && below) return {...rowIn(below, -1 - ref), change: 'deleted'};
  const row = rowIn(tree, ref);
  return {
    ...row,
    layer: number ?? row.layer,
    content: row.content && {...row.content, layer: number ?? row.content.layer},
    change: below && changeOf(tree, ref, below),
  };
}

function rowIn(tree: Tree, node: number): Row {
  const isDirectory = tree.kind(node) === 'directory';
  return {
    ...tree.read(node),
    name: tree.name(node),
    change: undefined,
    sum: isDirectory ? tree.below(node) : undefined,
  };
}

/** `undefined`: a directory that is as it was, but perhaps for what is in it. */
function changeOf(tree: Tree, node: number, below: Tree): Change | undefined {
  const names: string[] = [];
  for (let each = node; each > tree.root; each = tree.parent(each)) names.push(tree.name(each));
  const former = below.find(names.reverse());
  if (former === undefined) return 'added';
  if (tree.isImplied(node)) return undefined;
  const [is, was] = [tree.read(node), below.read(former)];
  const isSame =
    is.kind === 'directory' &&
    was.kind === 'directory' &&
    is.mode === was.mode &&
    is.uid === was.uid &&
    is.gid === was.gid;
  return isSame ? undefined : 'changed';
}
