/** Passwords against bcrypt hashes, off the event loop: bcryptjs computes in JavaScript, 100 ms at a stretch. */
import {programBeside, WorkerThread} from '../host/worker-thread.ts';
import {Gate} from './gate.ts';

export interface BcryptExchange {
  readonly request: {readonly password: string; readonly hash: string};
  /** Whether they match. */
  readonly reply: boolean;
}

export class BcryptThread {
  readonly #gate = new Gate({running: 1, waiting: 256});
  readonly #thread = new WorkerThread<BcryptExchange>({
    program: programBeside(import.meta.url, 'bcrypt-worker'),
    ended: (cause) => new Error('the thread that checks bcrypt hashes ended', {cause}),
  });

  /** The hash must have bcrypt's form. Rejects with BusyError, and where the thread died. */
  compare(password: string, hash: string, signal?: AbortSignal): Promise<boolean> {
    return this.#gate.run(async () => (await this.#thread.ask({password, hash})).reply, signal);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
