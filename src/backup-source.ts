/** The storage as a backup reads it: beside whoever serves it, and never writing. */
import {openFilesystemDriver} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import type {StorageDriver} from './storage/driver.ts';

/** Rejects with a StorageError where the volume is not there, or is another one. */
export const openBackupSource = async (place: {
  readonly root: string;
  readonly exclusiveCreate: 'link' | 'rename';
  readonly volumeId: string;
}): Promise<StorageDriver> => openFilesystemDriver({...place, isReader: true, readsOnce: true});
