/** Takes an object away: by rename into the staging area, so that an epoch that is over fails at it. */
import {dirname} from 'node:path';
import {fenced} from './epoch.ts';
import {hasCode, tolerate} from './errors.ts';
import {lookAt} from './publish.ts';
import {newStagingPath} from './staging.ts';
import type {Volume} from './volume.ts';

export async function deleteObject(volume: Volume, path: string): Promise<boolean> {
  const staged = newStagingPath(volume);
  if (!(await moveAway(volume, path, staged))) return false;
  await tolerate(volume.system.unlink(staged));
  await volume.directories.sync(await volume.directories.prune(dirname(path)));
  return true;
}

async function moveAway({system, epoch}: Volume, path: string, staged: string): Promise<boolean> {
  try {
    // A directory would be moved as a whole, with every object in it.
    if ((await lookAt(system, path))?.isDirectory()) return false;
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
