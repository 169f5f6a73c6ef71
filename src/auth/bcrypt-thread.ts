/** Passwords against bcrypt hashes, off the event loop: bcryptjs computes in JavaScript, 100 ms at a stretch. */
import path from 'node:path';
import {Worker} from 'node:worker_threads';
import {Gate} from './gate.ts';

export interface BcryptRequest {
  readonly job: number;
  readonly password: string;
  readonly hash: string;
}

export interface BcryptReply {
  readonly job: number;
  readonly matches: boolean;
}

interface Waiting {
  readonly resolve: (matches: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** One thread, started when first needed, and again after it has died. */
export class BcryptThread {
  readonly #gate = new Gate({running: 1, waiting: 256});
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #jobs = 0;

  /** The hash must have bcrypt's form. Rejects with BusyError, and where the thread died. */
  compare(password: string, hash: string, signal?: AbortSignal): Promise<boolean> {
    return this.#gate.run(() => this.#send(password, hash), signal);
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  #send(password: string, hash: string): Promise<boolean> {
    const worker = (this.#worker ??= this.#start());
    this.#jobs += 1;
    const job = this.#jobs;
    return new Promise((resolve, reject) => {
      this.#waiting.set(job, {resolve, reject});
      worker.postMessage({job, password, hash} satisfies BcryptRequest);
    });
  }

  #start(): Worker {
    // Run from source it is TypeScript, built it is JavaScript.
    const file = `bcrypt-worker${path.extname(import.meta.filename)}`;
    const worker = new Worker(new URL(file, import.meta.url));
    worker.unref();
    worker.on('message', ({job, matches}: BcryptReply) => {
      this.#waiting.get(job)?.resolve(matches);
      this.#waiting.delete(job);
    });
    const fail = (cause: unknown): void => {
      // An error is followed by the exit; by then another may have been started.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const error = new Error('the thread that checks bcrypt hashes ended', {cause});
      for (const {reject} of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    };
    worker.on('error', fail);
    worker.on('exit', fail);
    return worker;
  }
}
