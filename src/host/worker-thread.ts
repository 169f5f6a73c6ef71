/** A thread of ours that answers requests: started when first needed, and again when it has died. */
import {basename} from 'node:path';
import {type ResourceLimits, Worker} from 'node:worker_threads';

/** What both sides agree on: what is asked, and what is answered. */
export interface Exchange {
  readonly request: unknown;
  readonly reply: unknown;
}

export interface Asked<E extends Exchange> {
  readonly job: number;
  readonly request: E['request'];
}

export interface Answered<E extends Exchange> {
  readonly job: number;
  readonly reply: E['reply'];
}

interface Answer<E extends Exchange> {
  readonly reply: E['reply'];
  /** The thread's number: what it kept of a request ends with it. */
  readonly thread: number;
}

interface WorkerThreadOptions {
  /** It calls `answerRequests`. */
  readonly program: URL;
  /** The program's `workerData`. */
  readonly data?: unknown;
  readonly resourceLimits?: ResourceLimits;
  /** What whoever waits is told when the thread ends. */
  readonly ended: (cause?: unknown) => Error;
}

export type Moved = readonly ArrayBuffer[];

interface Waiting<E extends Exchange> {
  readonly resolve: (answer: Answer<E>) => void;
  readonly reject: (error: unknown) => void;
}

/** The program that a module names: where that is run from source it lies in its own place, and where it is built beside all others. */
export const programBeside = (module: string, name: string): URL =>
  new URL(module.endsWith('.ts') ? `${name}.ts` : `${basename(name)}.js`, module);

export class WorkerThread<E extends Exchange> {
  readonly #options: WorkerThreadOptions;
  readonly #waiting = new Map<number, Waiting<E>>();
  #worker: Worker | undefined;
  #isEnding = false;
  #threads = 0;
  #jobs = 0;

  constructor(options: WorkerThreadOptions) {
    this.#options = options;
  }

  /**
   * Requests reach the thread in their order. `thread`: only that one, which holds what came before. `moved`: memory that goes to the thread, and is not here any
   * more. Rejects with what `ended` makes where the thread ends, or has ended.
   */
  async ask(
    request: E['request'],
    {thread, moved = []}: {readonly thread?: number | undefined; readonly moved?: Moved} = {},
  ): Promise<Answer<E>> {
    if (thread !== undefined && thread !== this.running) throw this.#options.ended();
    const worker = (this.#worker ??= this.#start());
    this.#jobs += 1;
    const job = this.#jobs;
    return new Promise((resolve, reject) => {
      worker.postMessage({job, request} satisfies Asked<E>, moved);
      // A process must not end while it waits for an answer, nor live on because it could ask.
      if (this.#waiting.size === 0) worker.ref();
      this.#waiting.set(job, {resolve, reject});
    });
  }

  /** The number of the thread that runs. */
  get running(): number | undefined {
    return this.#worker && this.#threads;
  }

  /** Requests without an answer so far. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** What waits for an answer is rejected. */
  async close(): Promise<void> {
    // A thread that is made to end holds the process until it has: a late answer must not let go of it.
    this.#isEnding = true;
    await this.#worker?.terminate();
  }

  #start(): Worker {
    const {program, data, resourceLimits, ended} = this.#options;
    const worker = new Worker(program, {workerData: data, ...(resourceLimits && {resourceLimits})});
    this.#isEnding = false;
    this.#threads += 1;
    const thread = this.#threads;
    worker.unref();
    worker.on('message', ({job, reply}: Answered<E>) => {
      const waiting = this.#waiting.get(job);
      this.#waiting.delete(job);
      if (this.#waiting.size === 0 && !this.#isEnding) worker.unref();
      waiting?.resolve({reply, thread});
    });
    const fail = (cause: unknown): void => {
      // An error is followed by the exit; by then another may have been started.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const error = ended(cause);
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const {reject} of waiting) reject(error);
    };
    worker.on('error', fail);
    worker.on('exit', fail);
    return worker;
  }
}
