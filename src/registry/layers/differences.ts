/** What two images have in different: files of one, of the other, and of both that are not the same. */
import {setImmediate as rest} from 'node:timers/promises';
import type {Entry} from './entry.ts';
import {partsOf} from './path-parts.ts';
import type {Tree} from './tree.ts';

export const aspects = ['kind', 'content', 'mode', 'owner', 'target'] as const;

export type Aspect = (typeof aspects)[number];

export interface Difference {
  readonly path: string;
  /** Absent: it is not there. */
  readonly from: Entry | undefined;
  readonly to: Entry | undefined;
  /** Of what is in both. */
  readonly aspects: readonly Aspect[];
}

export interface Differences {
  /** Two nodes for each, sorted by path; -1: not there. */
  readonly pairs: Int32Array;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Of files alone. */
  readonly addedBytes: number;
  readonly removedBytes: number;
}

const none = -1;
/** So many directories without a pause. */
const stride = 2000;

export async function differencesOf(from: Tree, to: Tree): Promise<Differences> {
  const pairs: number[] = [];
  const sums = {added: 0, removed: 0, changed: 0, addedBytes: 0, removedBytes: 0};
  const note = (one: number, other: number): void => {
    pairs.push(one, other);
    if (one === none) sums.added += 1;
    else if (other === none) sums.removed += 1;
    else sums.changed += 1;
    sums.removedBytes += one === none ? 0 : ownBytes(from, one);
    sums.addedBytes += other === none ? 0 : ownBytes(to, other);
  };
  // The last is the next: what is in a directory comes right behind it.
  const left: [number, number][] = [[from.root, to.root]];
  for (let looked = 1; left.length > 0; looked += 1) {
    if (looked % stride === 0) await rest();
    const [one, other] = left.pop() ?? [none, none];
    const isNoted =
      one === none || other === none || aspectsOf(from.read(one), to.read(other)).length > 0;
    if (isNoted && one !== from.root) note(one, other);
    const names = new Map<string, [number, number]>();
    for (const node of one === none ? [] : from.children(one)) {
      names.set(from.name(node), [node, none]);
    }
    for (const node of other === none ? [] : to.children(other)) {
      const name = to.name(node);
      names.set(name, [names.get(name)?.[0] ?? none, node]);
    }
    const sorted = [...names].sort(([a], [b]) => (a < b ? 1 : -1));
    for (const [, pair] of sorted) left.push(pair);
  }
  return {pairs: Int32Array.from(pairs), ...sums};
}

const ownBytes = (tree: Tree, node: number): number =>
  tree.kind(node) === 'file' ? tree.size(node) : 0;

/** The time does not count: a build that is repeated sets it anew. */
function aspectsOf(from: Entry, to: Entry): readonly Aspect[] {
  if (from.kind !== to.kind && !(hasBytes(from) && hasBytes(to))) return ['kind'];
  const found: Aspect[] = [];
  if (hasBytes(from) && !isSameContent(from, to)) found.push('content');
  if (from.mode !== to.mode) found.push('mode');
  if (from.uid !== to.uid || from.gid !== to.gid) found.push('owner');
  if (from.kind === 'symlink' && from.target !== to.target) found.push('target');
  return found;
}

/** Which of several names of a file is the first in the tar is chance. */
const hasBytes = ({kind}: Entry): boolean => kind === 'file' || kind === 'hardlink';

const isSameContent = (from: Entry, to: Entry): boolean =>
  from.size === to.size &&
  (from.digest && to.digest ? from.digest.equals(to.digest) : from.digest === to.digest);

/** The one behind that path; 0 where no difference has it. */
export function indexBehind({pairs}: Differences, from: Tree, to: Tree, path: string): number {
  const parts = partsOf(path);
  const [one, other] = [from.find(parts) ?? none, to.find(parts) ?? none];
  for (let each = 0; each < pairs.length; each += 2) {
    if (pairs[each] === one && pairs[each + 1] === other) return each / 2 + 1;
  }
  return 0;
}

export function differenceAt(
  {pairs}: Differences,
  from: Tree,
  to: Tree,
  index: number,
): Difference | undefined {
  const [one, other] = [pairs[index * 2] ?? none, pairs[index * 2 + 1] ?? none];
  const was = one === none ? undefined : from.read(one);
  const is = other === none ? undefined : to.read(other);
  if (!was && !is) return undefined;
  return {
    path: was ? from.path(one) : to.path(other),
    from: was,
    to: is,
    aspects: was && is ? aspectsOf(was, is) : [],
  };
}
