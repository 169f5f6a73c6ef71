/** The use cases of the registry, over one set of stores. */
import type {Config} from '../config/schema.ts';
import type {Clock} from '../host/clock.ts';
import type {Log} from '../observability/log.ts';
import type {Digest} from '../oci/digest.ts';
import type {RepositoryName} from '../oci/name.ts';
import type {DigestThread} from '../storage/digest-thread.ts';
import type {Space} from '../storage/driver.ts';
import type {StoredManifest} from '../storage/manifest-store.ts';
import type {Stores} from '../storage/stores.ts';
import {Blobs} from './blobs.ts';
import {Catalog} from './catalog.ts';
import {type Configuration, readConfiguration} from './configuration.ts';
import {ContentCheck} from './content-check.ts';
import type {OpenIndex} from './index/open-index.ts';
import {ImageComparisons} from './layers/image-comparison.ts';
import {ImageFiles} from './layers/image-files.ts';
import type {LayerThread} from './layers/layer-thread.ts';
import {type TakeReports, takingReports} from './index/reported-changes.ts';
import {Manifests} from './manifests.ts';
import {Referrers} from './referrers.ts';
import {type RemoveRepository, repositoryRemoval} from './repository-removal.ts';
import {RepositoryTurns} from './repository-turns.ts';
import {Room} from './room.ts';
import {type ManifestDetails, readDetails} from './tag-details.ts';
import {TagHistory} from './tag-history.ts';
import {Statistics} from './statistics.ts';
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
  readonly tagHistory: TagHistory;
  readonly removeRepository: RemoveRepository;
  /** Of what others have changed in the storage. */
  readonly takeReports: TakeReports;
  readonly statistics: Statistics;
  /** Of a manifest, for a person; `undefined`: the repository does not hold it. */
  readonly details: (name: RepositoryName, digest: Digest) => Promise<ManifestDetails | undefined>;
  /** Its bytes, without a count; `undefined` as for `details`, but they may be anything. */
  readonly bytesOf: (name: RepositoryName, digest: Digest) => Promise<StoredManifest | undefined>;
  /** Of an image or another artifact; `undefined` as for `details`, or it has none, or none that is there. */
  readonly configurationOf: (
    name: RepositoryName,
    digest: Digest,
  ) => Promise<Configuration | undefined>;
  readonly files: ImageFiles;
  readonly comparisons: ImageComparisons;
  /** The index has what was pushed here before, as far as it can be written. */
  readonly settled: () => Promise<boolean>;
}

interface RegistryOptions {
  readonly config: Pick<Config, 'manifests' | 'storage' | 'cluster' | 'uploads'>;
  readonly digestThread: DigestThread;
  readonly layerThread: LayerThread;
  /** Told of every change of manifests and tags. */
  readonly index: OpenIndex;
  readonly uploadSecret: Uint8Array;
  readonly now: Clock;
  readonly log: Log;
  /** How much storage there is; absent where there is no bound. */
  readonly space: (() => Promise<Space>) | undefined;
}

/** In milliseconds: for who has nobody else to ask. */
const longPatience = 10_000;

export function createRegistry(
  stores: Stores,
  {config, digestThread, layerThread, index, uploadSecret, now, log, space}: RegistryOptions,
): Registry {
  const check = new ContentCheck(stores, config.manifests);
  const turns = new RepositoryTurns();
  const isShared = config.cluster.mode === 'active-active';
  const uploads = new Uploads(stores, digestThread, {
    expireAfter: config.uploads.expireAfter,
    now,
    isShared,
  });
  const {content: journal, counter: counts, db} = index;
  const manifests = new Manifests(stores, check, {journal, counts, turns, isShared});
  const details: Registry['details'] = async (name, digest) =>
    readDetails({stores, db}, name, digest);
  return {
    blobs: new Blobs(stores),
    room: new Room(space, config.storage.reserve),
    uploads,
    uploadStates: new UploadStates(uploadSecret),
    manifests,
    tags: new Tags(stores),
    referrers: new Referrers(stores),
    catalog: new Catalog(stores, index),
    tagHistory: new TagHistory(stores, manifests),
    bytesOf: async (name, digest) => stores.manifests.get(name, digest),
    configurationOf: async (name, digest) => readConfiguration(stores, name, digest),
    details,
    files: new ImageFiles(stores, layerThread),
    comparisons: new ImageComparisons(stores, details),
    statistics: new Statistics({db, now, log}),
    settled: async () => index.content.settled(longPatience),
    takeReports: takingReports(index, now),
    removeRepository: repositoryRemoval({stores, db, journal, turns, uploads}),
  };
}
