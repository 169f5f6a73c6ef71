/** Takes objects and whole prefixes away: by rename into the staging area, so that an epoch that is over fails at it. */
import type {BigIntStats} from 'node:fs';
import {dirname} from 'node:path';
import {fenced} from './epoch.ts';
import {hasCode, tolerate} from './errors.ts';
import {lookAt} from './look-at.ts';
import {removeTree} from './remove-tree.ts';
import {newStagingPath} from './staging.ts';
import type {Volume} from './volume.ts';

export async function deleteObject(volume: Volume, path: string): Promise<boolean> {
  // A directory would be moved as a whole, with every object in it.
  return deleteEntry(volume, path, (entry) => !entry.isDirectory());
}

export async function deletePrefix(volume: Volume, path: string): Promise<boolean> {
  return deleteEntry(volume, path, (entry) => !entry.isFile());
}

async function deleteEntry(
  volume: Volume,
  path: string,
  isMeant: (entry: BigIntStats) => boolean,
): Promise<boolean> {
  const staged = newStagingPath(volume);
  if (!(await moveAway(volume, path, staged, isMeant))) return false;
  const {system, directories} = volume;
  await directories.sync(await directories.prune(dirname(path)));
  // What can't be removed now goes with the staging area.
  await tolerate(removeTree(system, staged));
  return true;
}

async function moveAway(
  {system, epoch}: Volume,
  path: string,
  staged: string,
  isMeant: (entry: BigIntStats) => boolean,
): Promise<boolean> {
  try {
    const entry = await lookAt(system, path);
    if (entry && !isMeant(entry)) return false;
    await system.rename(path, staged);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP')) return false;
    if (!hasCode(error, 'ENOENT')) throw error;
    if (!(await lookAt(system, epoch.directory))) throw fenced(epoch, error);
    // On NFS a RENAME that was sent twice answers ENOENT after its own success.
    return (await lookAt(system, staged)) !== undefined;
  }
}
