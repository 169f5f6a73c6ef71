/** Moves an object to a key, in place of what holds it. */
import {dirname} from 'node:path';
import {StorageError} from '../../src/storage/driver.ts';
import {tolerate} from './errors.ts';
import {publishInPlace} from './publish.ts';
import type {Volume} from './volume.ts';

/**
 * Not fenced: what is promoted is content-addressed, or put aside. That `from` is gone is not synced: what a power cut brought back is
 * promoted again.
 */
export async function promote(volume: Volume, from: string, to: string): Promise<void> {
  const published = await publishInPlace(volume, from, to);
  if (published === 'missing') throw new StorageError('corrupt', `${from} is missing`);
  await tolerate(volume.directories.prune(dirname(from)));
}
