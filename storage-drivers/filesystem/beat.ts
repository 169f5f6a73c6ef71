/** `alive` in the directory of an epoch: a word that changes as long as its holder lives. */
import {hasCode, tolerate} from './errors.ts';
import {newStagingPath} from './staging.ts';
import type {Volume} from './volume.ts';

/** Not synced: it need not outlive anything. False: the epoch is over, or the volume away. */
export async function beat(volume: Volume, word: string): Promise<boolean> {
  const {system, epoch} = volume;
  const staged = newStagingPath(volume);
  try {
    const fd = await system.open(staged, 'wx');
    try {
      await system.writev(fd, [Buffer.from(word)]);
    } finally {
      await system.close(fd);
    }
    await system.rename(staged, `${epoch.directory}/alive`);
    return true;
  } catch (error) {
    await tolerate(system.unlink(staged));
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
