/** Says again and again that this process lives, so that no other takes over; finds out when one has. */
import type {Log} from '../observability/log.ts';

interface HeartbeatOptions {
  /** False: another has taken over. Rejects where it can't be said at present. */
  readonly beat: (word: string) => Promise<boolean>;
  /** In milliseconds. */
  readonly interval: number;
  readonly onOver: () => void;
  readonly log: Log;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #isFailing = false;
  #beating: Promise<void> | undefined;

  /** The first comes at once. */
  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#next();
    }, options.interval);
    this.#next();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
  }

  /** One that hangs is waited for: what comes after it would hang, too. */
  #next(): void {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
  }

  async #beat(): Promise<void> {
    const {beat, onOver, log} = this.#options;
    this.#count += 1;
    try {
      const isOurs = await beat(String(this.#count));
      this.#isFailing = false;
      if (isOurs) return;
      clearInterval(this.#timer);
      onOver();
    } catch (error) {
      if (!this.#isFailing) log.error({err: error}, 'can not say that this node lives');
      this.#isFailing = true;
    }
  }
}
