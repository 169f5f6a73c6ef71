/** Names of a tar and of a client as parts of a path below the root of an image: they never reach a file system. */
import {createHash} from 'node:crypto';

/** What a file system takes; a longer part is shown shortened, and is no other's. */
const longestPart = 255;

/** `..` leads to the parent, and from the root to the root, as for whoever unpacks there. */
export function partsOf(name: string): string[] {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(shortened(plain(part)));
  }
  return parts;
}

export const pathOf = (parts: readonly string[]): string => `/${parts.join('/')}`;

/** As the API takes it again. */
export const plain = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

function shortened(part: string): string {
  if (part.length <= longestPart) return part;
  const hash = createHash('sha256').update(part).digest('hex').slice(0, 16);
  return `${part.slice(0, 200).toWellFormed()}…${hash}`;
}
