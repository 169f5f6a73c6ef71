/** All stores over one driver. */
import type {Clock} from '../host/clock.ts';
import {BlobSizes, type RememberedSize} from './blob-sizes.ts';
import {BlobStore} from './blob-store.ts';
import type {ReportDamage} from './damage.ts';
import type {DigestThread} from './digest-thread.ts';
import type {StorageDriver} from './driver.ts';
import {HistoryStore} from './history-store.ts';
import {LayerStore} from './layer-store.ts';
import {LinkStore} from './link-store.ts';
import {ManifestStore} from './manifest-store.ts';
import {ReferrerStore} from './referrer-store.ts';
import {RepositoryStore} from './repository-store.ts';
import {TagStore} from './tag-store.ts';
import {UploadStore} from './upload-store.ts';

export interface Stores {
  readonly sizes: BlobSizes;
  readonly blobs: BlobStore;
  readonly layers: LayerStore;
  readonly manifests: ManifestStore;
  readonly tags: TagStore;
  readonly history: HistoryStore;
  readonly referrers: ReferrerStore;
  readonly repositories: RepositoryStore;
  readonly uploads: UploadStore;
}

export function createStores(
  driver: StorageDriver,
  {
    report,
    now,
    digestThread,
    rememberedSize = async () => Promise.resolve('unknown'),
  }: {
    readonly report: ReportDamage;
    readonly now: Clock;
    readonly digestThread: DigestThread;
    readonly rememberedSize?: RememberedSize;
  },
): Stores {
  const sizes = new BlobSizes(rememberedSize);
  const links = new LinkStore(driver, report);
  const history = new HistoryStore(driver, now);
  const blobs = new BlobStore(driver, {report, now, digestThread, sizes});
  return {
    sizes,
    blobs,
    layers: new LayerStore(links, blobs),
    manifests: new ManifestStore(driver, links, {blobs, sizes, report}),
    tags: new TagStore(driver, links, history),
    history,
    referrers: new ReferrerStore(driver, links),
    repositories: new RepositoryStore(driver),
    uploads: new UploadStore(driver, now),
  };
}
