/**
 * `alive` in the directory of an epoch: a word that changes as long as its holder lives. It is written in place: making or moving a name waits for all
 * that the disk has to sync at that moment. Never synced itself, as it need not outlive anything.
 */
import {hasCode} from './errors.ts';
import type {System} from './system.ts';

/** Makes it: the first word is 0. */
export const firstBeat = async (system: System, directory: string): Promise<void> =>
  write(system, directory, 'wx', '0');

/** Words only get longer. False: the epoch is over, or the volume away. Rejects as the system does. */
export async function beat(system: System, directory: string, word: string): Promise<boolean> {
  try {
    await write(system, directory, 'r+', word);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function write(system: System, directory: string, flags: 'wx' | 'r+', word: string) {
  const fd = await system.open(`${directory}/alive`, flags);
  try {
    await system.writev(fd, [Buffer.from(word)]);
  } finally {
    await system.close(fd);
  }
}
