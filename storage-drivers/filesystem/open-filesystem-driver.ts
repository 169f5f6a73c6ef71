/** Opens a directory as storage, and takes the right to write there, unless it is only to be read. */
import {resolve} from 'node:path';
import {BufferPool} from './buffer-pool.ts';
import {Directories} from './directories.ts';
import {type Claim, claimEpoch, fenceEpoch, noEpoch, readHolders} from './epoch.ts';
import {toStorageError} from './errors.ts';
import {isLocal} from './file-system-type.ts';
import {FilesystemDriver} from './filesystem-driver.ts';
import {IntakeShare} from './intake-share.ts';
import {KeyedLock} from './keyed-lock.ts';
import type {Holder} from './owner.ts';
import {ReadCache} from './read-cache.ts';
import {realSystem, type System} from './system.ts';
import {findVolumeRecord, openVolumeRecord, readVolumeId} from './volume-record.ts';

export interface FilesystemDriverOptions {
  readonly root: string;
  /** How one of several writers of a key is chosen: `rename` only where there are no hard links. */
  readonly exclusiveCreate: 'link' | 'rename';
  readonly system?: System;
  /** How the right to write is taken. */
  readonly claim?: Claim;
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
  const {exclusiveCreate, system = realSystem, claim = {}, isReader = false} = options;
  const {readsOnce = false, volumeId} = options;
  const root = resolve(options.root);
  const directories = new Directories(system, root);
  try {
    const record =
      volumeId === undefined
        ? await openVolumeRecord(system, directories, root, exclusiveCreate)
        : await findVolumeRecord(system, root, volumeId);
    const epoch = isReader ? noEpoch(root) : await claimEpoch(system, directories, root, claim);
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

/** Throws as the driver's opening where it is not that volume; makes nothing. */
export async function requireVolume(root: string, id: string): Promise<void> {
  try {
    await findVolumeRecord(realSystem, resolve(root), id);
  } catch (error) {
    throw toStorageError(error, 'open', root);
  }
}

/** Who may write there now, the newest first; makes nothing. Rejects with a StorageError. */
export async function holdersOf(root: string): Promise<readonly Holder[]> {
  try {
    return await readHolders(realSystem, resolve(root));
  } catch (error) {
    throw toStorageError(error, 'list', root);
  }
}

/** Takes the right to write from somebody who does not give it back. */
export async function fence(root: string, epoch: number): Promise<void> {
  try {
    await fenceEpoch(realSystem, resolve(root), epoch);
  } catch (error) {
    throw toStorageError(error, 'delete', root);
  }
}

/** `undefined`: nobody has used the directory so far. Rejects with a StorageError. */
export async function volumeIdOf(root: string): Promise<string | undefined> {
  try {
    return await readVolumeId(realSystem, resolve(root));
  } catch (error) {
    throw toStorageError(error, 'read', root);
  }
}
