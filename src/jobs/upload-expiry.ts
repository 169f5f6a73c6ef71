/** Removes uploads that nobody finished. */
import type {ContentMetrics} from '../observability/content-metrics.ts';
import type {Log} from '../observability/log.ts';
import type {Uploads} from '../registry/uploads.ts';
import type {RepositoryStore} from '../storage/repository-store.ts';
import type {Job} from './job.ts';

interface UploadExpiryOptions {
  readonly repositories: RepositoryStore;
  readonly uploads: Uploads;
  readonly metrics: Pick<ContentMetrics, 'expired'>;
  readonly log: Log;
}

export function uploadExpiry({repositories, uploads, metrics, log}: UploadExpiryOptions): Job {
  return {
    task: 'upload-expiry',
    name: 'expiry of uploads',
    work: async (signal) => {
      for (const name of await repositories.withUploads()) {
        if (signal.aborted) return;
        const {removed, failures} = await uploads.expire(name);
        metrics.expired({removed, failed: failures.length});
        if (removed > 0) log.info({repository: name, removed}, 'expired uploads removed');
        const [err] = failures;
        if (failures.length > 0)
          log.error({err, repository: name, count: failures.length}, 'expired uploads not removed');
      }
    },
  };
}
