/** What the verbs share: an opened storage root, and this process's right to write on it. */
import type {BufferPool} from './buffer-pool.ts';
import type {Directories} from './directories.ts';
import type {Epoch} from './epoch.ts';
import type {IntakeShare} from './intake-share.ts';
import type {KeyedLock} from './keyed-lock.ts';
import type {ReadCache} from './read-cache.ts';
import type {System} from './system.ts';
import type {VolumeRecord} from './volume-record.ts';

export interface Volume {
  readonly system: System;
  readonly root: string;
  readonly record: VolumeRecord;
  /** `rename` is for file systems without hard links: exclusive among the writers of this process only. */
  readonly exclusiveCreate: 'link' | 'rename';
  readonly epoch: Epoch;
  readonly directories: Directories;
  readonly buffers: BufferPool;
  readonly share: IntakeShare;
  /** Absent where only the file server knows what a file holds now. */
  readonly cache: ReadCache | undefined;
  readonly locks: KeyedLock;
  /** The `.part` files that a stream of this process is writing, without their suffix. */
  readonly liveParts: Set<string>;
}
