/** A hard link has the bytes of the file to which it leads. */
import {partsOf} from './path-parts.ts';
import type {Tree} from './tree.ts';

export function linkContent(tree: Tree, link: number): void {
  const entry = tree.read(link);
  const found = tree.find(partsOf(entry.target ?? ''));
  if (found === undefined || found === link) return;
  const {size, content, digest} = tree.read(found);
  if (content) tree.write(link, {...entry, size, content, digest});
}
