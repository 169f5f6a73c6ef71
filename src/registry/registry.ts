/** The use cases of the registry, over one set of stores. */
import type {Config} from '../config/schema.ts';
import type {DigestThread} from '../storage/digest-thread.ts';
import type {Stores} from '../storage/stores.ts';
import {Blobs} from './blobs.ts';
import {Catalog} from './catalog.ts';
import {ContentCheck} from './content-check.ts';
import {Manifests} from './manifests.ts';
import {Referrers} from './referrers.ts';
import {Tags} from './tags.ts';
import {Uploads} from './uploads.ts';
import {UploadStates} from './upload-state.ts';

export interface Registry {
  readonly blobs: Blobs;
  readonly uploads: Uploads;
  readonly uploadStates: UploadStates;
  readonly manifests: Manifests;
  readonly tags: Tags;
  readonly referrers: Referrers;
  readonly catalog: Catalog;
}

interface RegistryOptions {
  readonly config: Pick<Config, 'manifests' | 'uploads'>;
  readonly digestThread: DigestThread;
  readonly uploadSecret: Uint8Array;
  readonly now: () => Date;
}

export function createRegistry(
  stores: Stores,
  {config, digestThread, uploadSecret, now}: RegistryOptions,
): Registry {
  const check = new ContentCheck(stores, config.manifests);
  return {
    blobs: new Blobs(stores),
    uploads: new Uploads(stores, digestThread, {expireAfter: config.uploads.expireAfter, now}),
    uploadStates: new UploadStates(uploadSecret),
    manifests: new Manifests(stores, check),
    tags: new Tags(stores),
    referrers: new Referrers(stores),
    catalog: new Catalog(stores),
  };
}
