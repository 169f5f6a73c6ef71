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

/** In milliseconds. */
const firstAfter = 60_000;

export class UploadExpiry {
  readonly #options: UploadExpiryOptions;
  #timer: NodeJS.Timeout | undefined;
  #run: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: UploadExpiryOptions) {
    this.#options = options;
    // Soon after the start: a server that is restarted every day has to get to it too.
    this.#schedule(Math.min(firstAfter, options.interval));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#run;
  }

  #schedule(delay: number): void {
    this.#timer = setTimeout(() => {
      this.#run = this.#sweep().finally(() => {
        if (!this.#isClosed) this.#schedule(this.#options.interval);
      });
    }, delay).unref();
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
