/** Opens a directory as storage, and takes the right to write there, unless it is only to be read. */
import {resolve} from 'node:path';
import {BufferPool} from './buffer-pool.ts';
import {Directories} from './directories.ts';
import {claimEpoch, noEpoch} from './epoch.ts';
import {toStorageError} from './errors.ts';
import {isLocal} from './file-system-type.ts';
import {FilesystemDriver} from './filesystem-driver.ts';
import {IntakeShare} from './intake-share.ts';
import {KeyedLock} from './keyed-lock.ts';
import {ReadCache} from './read-cache.ts';
import {realSystem, type System} from './system.ts';
import {findVolumeRecord, openVolumeRecord} from './volume-record.ts';

export interface FilesystemDriverOptions {
  readonly root: string;
  /** How one of several writers of a key is chosen: `rename` only where there are no hard links. */
  readonly exclusiveCreate: 'link' | 'rename';
  readonly system?: System;
  /** Claims the directory although a process of this host still serves it: that one can't write any more. */
  readonly takeOver?: boolean;
  /** Claims nothing, so that another process may write; whatever is to be staged fails here. */
  readonly isReader?: boolean;
  /** The volume that it has to be: with another one, or none, it is `unavailable`, and nothing is made. */
  readonly volumeId?: string;
  /** Keeps no objects in memory: for whoever reads each of them once. */
  readonly readsOnce?: boolean;
}

/**
 * Makes the directory where there is none, unless it has to be a certain volume. Throws StorageError: `unavailable` where another process serves it, `corrupt` where it has a newer
 * layout or its records are damaged, and as the file system fails.
 */
export async function openFilesystemDriver(
  options: FilesystemDriverOptions,
): Promise<FilesystemDriver> {
  const {exclusiveCreate, system = realSystem, takeOver = false, isReader = false} = options;
  const {readsOnce = false, volumeId} = options;
  const root = resolve(options.root);
  const directories = new Directories(system, root);
  try {
    const record =
      volumeId === undefined
        ? await openVolumeRecord(system, directories, root, exclusiveCreate)
        : await findVolumeRecord(system, root, volumeId);
    const epoch = isReader ? noEpoch(root) : await claimEpoch(system, directories, root, takeOver);
    const {type} = await system.statfs(root);
    const volume = {
      system,
      root,
      record,
      exclusiveCreate,
      epoch,
      directories,
      buffers: new BufferPool(),
      share: new IntakeShare(),
      cache: isLocal(type) && !readsOnce ? new ReadCache(system) : undefined,
      locks: new KeyedLock(),
      liveParts: new Set<string>(),
    };
    return new FilesystemDriver(volume);
  } catch (error) {
    throw toStorageError(error, 'open', root);
  }
}
