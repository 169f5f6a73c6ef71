/** One level of the tree. */
import type {Dirent} from 'node:fs';
import type {ListEntry} from '../../src/storage/driver.ts';
import {absentCodes, hasCode} from './errors.ts';
import {isHidden, isSegment} from './key.ts';
import type {System} from './system.ts';
import type {Volume} from './volume.ts';

export interface ListOptions {
  readonly after?: string;
  readonly limit?: number;
}

export async function* list(
  volume: Volume,
  prefix: string,
  {after = '', limit = Infinity}: ListOptions,
): AsyncGenerator<ListEntry> {
  const {system, root} = volume;
  const directory = prefix === '' ? root : `${root}/${prefix}`;
  const entries = (await entriesOf(volume, directory)).filter(
    ({name}) => isSegment(name) && name > after,
  );
  // Names are ASCII by now, and for ASCII the order of strings is that of their bytes.
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  let count = 0;
  for (const entry of entries) {
    if (count >= limit) return;
    const {name} = entry;
    const kind = await kindOf(system, `${directory}/${name}`, entry);
    if (!kind || isHiddenEntry(prefix === '' ? name : `${prefix}/${name}`, kind)) continue;
    count++;
    yield {name, kind};
  }
}

/** Repositories and tags may be called `x.tmp`: only files of such names are staged ones. */
function isHiddenEntry(key: string, kind: ListEntry['kind']): boolean {
  return key === '_holdfast' || isHidden(kind === 'object' ? key : `${key}/x`);
}

async function entriesOf({system, record}: Volume, directory: string): Promise<Dirent[]> {
  try {
    return await system.readdir(directory);
  } catch (error) {
    if (!hasCode(error, ...absentCodes)) throw error;
  }
  await record.require();
  return [];
}

/** Links count as what they point at; what is neither file nor directory, or can't be followed, is nothing. */
async function kindOf(
  system: System,
  path: string,
  entry: Dirent,
): Promise<ListEntry['kind'] | undefined> {
  if (entry.isFile()) return 'object';
  if (entry.isDirectory()) return 'prefix';
  if (!entry.isSymbolicLink()) return undefined;
  try {
    const stats = await system.stat(path);
    if (stats.isFile()) return 'object';
    return stats.isDirectory() ? 'prefix' : undefined;
  } catch (error) {
    if (hasCode(error, ...absentCodes, 'EACCES')) return undefined;
    throw error;
  }
}
