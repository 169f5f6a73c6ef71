/** Takes away old backups, and the content that no other needs. */
import {digestHex} from '../oci/digest.ts';
import type {BackupDirectory} from './backup-directory.ts';
import {readContentList} from './content-line.ts';

export interface Removed {
  readonly sets: readonly string[];
  /** Of content. */
  readonly bytes: number;
}

/** Within `exclusively`. Rejects with a BackupError where a list can't be read: then nothing of the content goes. */
export async function keepNewest(directory: BackupDirectory, count: number): Promise<Removed> {
  const sets = await directory.sets();
  const old = sets.slice(0, Math.max(0, sets.length - count));
  const kept = sets.slice(old.length);
  const wanted = new Set<string>();
  for (const {paths} of kept) {
    for await (const {blob} of readContentList(paths.content)) {
      if (blob !== undefined) wanted.add(digestHex(blob));
    }
  }
  for (const set of old) await directory.remove(set);
  return {sets: old.map(({name}) => name), bytes: await directory.shelf.keepOnly(wanted)};
}
