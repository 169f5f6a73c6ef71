/** Removes uploads that nobody finished. */
import type {Logger} from '../observability/log.ts';
import type {Uploads} from '../registry/uploads.ts';
import type {RepositoryStore} from '../storage/repository-store.ts';

interface UploadExpiryOptions {
  readonly repositories: RepositoryStore;
  readonly uploads: Uploads;
  readonly log: Logger;
  /** In milliseconds. */
  readonly interval: number;
}

export class UploadExpiry {
  readonly #options: UploadExpiryOptions;
  readonly #timer: NodeJS.Timeout;
  #run: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: UploadExpiryOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#run ??= this.#sweep().finally(() => {
        this.#run = undefined;
      });
    }, options.interval);
    this.#timer.unref();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#run;
  }

  async #sweep(): Promise<void> {
    const {repositories, uploads, log} = this.#options;
    try {
      for (const name of await repositories.withUploads()) {
        if (this.#isClosed) return;
        const removed = await uploads.expire(name);
        if (removed > 0) log.info({repository: name, removed}, 'expired uploads removed');
      }
    } catch (error) {
      log.error({err: error}, 'expiry of uploads failed');
    }
  }
}
