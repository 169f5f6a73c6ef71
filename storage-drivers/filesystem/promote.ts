/** Moves an object to a key that nobody holds. */
import {dirname} from 'node:path';
import {StorageError} from '../../src/storage/driver.ts';
import {hasCode, tolerate} from './errors.ts';
import {publish} from './publish.ts';
import type {Volume} from './volume.ts';

/**
 * Not fenced: what is promoted is content-addressed, or put aside. That `from` is gone is not synced: promoting what a power cut
 * brought back finds its own file at `to`, and ends what was begun.
 */
export async function promote(
  volume: Volume,
  from: string,
  to: string,
): Promise<'created' | 'exists'> {
  const published = await publish(volume, from, to);
  if (published === 'missing') throw new StorageError('corrupt', `${from} is missing`);
  try {
    await volume.system.unlink(from);
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
  await tolerate(volume.directories.prune(dirname(from)));
  return published;
}
