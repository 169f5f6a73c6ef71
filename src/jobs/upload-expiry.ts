/** Removes uploads that nobody finished. */
import type {Logger} from '../observability/log.ts';
import type {Uploads} from '../registry/uploads.ts';
import type {RepositoryStore} from '../storage/repository-store.ts';
import type {Job} from './job.ts';

interface UploadExpiryOptions {
  readonly repositories: RepositoryStore;
  readonly uploads: Uploads;
  readonly log: Logger;
}

export function uploadExpiry({repositories, uploads, log}: UploadExpiryOptions): Job {
  return {
    name: 'expiry of uploads',
    work: async (signal) => {
      for (const name of await repositories.withUploads()) {
        if (signal.aborted) return;
        const removed = await uploads.expire(name);
        if (removed > 0) log.info({repository: name, removed}, 'expired uploads removed');
      }
    },
  };
}
