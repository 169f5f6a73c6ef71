/** The use cases of the registry, over one set of stores. */
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import type {DigestThread} from '../storage/digest-thread.ts';
import type {Space} from '../storage/driver.ts';
import type {Stores} from '../storage/stores.ts';
import {Blobs} from './blobs.ts';
import {Catalog} from './catalog.ts';
import {ContentCheck} from './content-check.ts';
import type {OpenIndex} from './index/open-index.ts';
import {Manifests} from './manifests.ts';
import {Referrers} from './referrers.ts';
import {Room} from './room.ts';
import {Tags} from './tags.ts';
import {Uploads} from './uploads.ts';
import {UploadStates} from './upload-state.ts';

export interface Registry {
  readonly blobs: Blobs;
  readonly room: Room;
  readonly uploads: Uploads;
  readonly uploadStates: UploadStates;
  readonly manifests: Manifests;
  readonly tags: Tags;
  readonly referrers: Referrers;
  readonly catalog: Catalog;
}

interface RegistryOptions {
  readonly config: Pick<Config, 'manifests' | 'storage' | 'uploads'>;
  readonly digestThread: DigestThread;
  /** Told of every change of manifests and tags. */
  readonly index: OpenIndex;
  readonly uploadSecret: Uint8Array;
  readonly now: Clock;
  /** How much storage there is; absent where there is no bound. */
  readonly space: (() => Promise<Space>) | undefined;
}

export function createRegistry(
  stores: Stores,
  {config, digestThread, index, uploadSecret, now, space}: RegistryOptions,
): Registry {
  const check = new ContentCheck(stores, config.manifests);
  return {
    blobs: new Blobs(stores),
    room: new Room(space, config.storage.reserve),
    uploads: new Uploads(stores, digestThread, {expireAfter: config.uploads.expireAfter, now}),
    uploadStates: new UploadStates(uploadSecret),
    manifests: new Manifests(stores, check, {journal: index.content, counts: index.counter}),
    tags: new Tags(stores),
    referrers: new Referrers(stores),
    catalog: new Catalog(stores, index),
  };
}
