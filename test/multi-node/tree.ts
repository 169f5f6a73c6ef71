/** Every file of a storage root, with what is in it, as it was at a moment. */
import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {filesBelow} from '../support/disk.ts';

export type Tree = ReadonlyMap<string, string>;

export async function treeOf(dataDir: string): Promise<Tree> {
  const tree = new Map<string, string>();
  for (const file of await filesBelow({dataDir}, '')) {
    const bytes = await readFile(path.join(dataDir, 'registry', file));
    tree.set(file, createHash('sha256').update(bytes).digest('hex'));
  }
  return tree;
}

/** What a node did that had no right to do anything any more; empty where it did nothing that counts. */
export function changesBetween(before: Tree, after: Tree): readonly string[] {
  const changes: string[] = [];
  for (const file of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(file), after.get(file)];
    if (was === is || isHarmless(file, is)) continue;
    changes.push(
      `${file} ${is === undefined ? 'has gone' : was === undefined ? 'has come' : 'is another'}`,
    );
  }
  return changes;
}

/** Bytes that are what their name says; and the own file of an upload, which nobody sees, and which may have become such bytes. */
function isHarmless(file: string, is: string | undefined): boolean {
  const hex = /\/blobs\/sha256\/..\/([0-9a-f]{64})\/data$/.exec(file)?.[1];
  return (
    (hex !== undefined && hex === is) ||
    /\/_uploads\/.*\.(part|checkpoint|segment|joined)$/.test(file)
  );
}
