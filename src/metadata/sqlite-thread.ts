/** The thread that SQLite blocks instead of the event loop; started when first needed, and again when it has died. */
import path from 'node:path';
import {Worker} from 'node:worker_threads';
import {sqliteError} from './dialect.ts';
import {MetadataError} from './metadata-error.ts';

export interface SqliteLocation {
  /** Absolute; it exists. */
  readonly file: string;
  /** No other process may have it open: for file systems on which only that is safe. */
  readonly exclusive: boolean;
}

export type SqliteTask =
  | {
      readonly kind: 'query';
      readonly sql: string;
      readonly parameters: readonly unknown[];
      /** Whether it belongs to a transaction: refused where that is not so, any more, in the thread. */
      readonly within: boolean;
    }
  /** Of the transaction, if there still is one. */
  | {readonly kind: 'rollback'}
  /** A copy of what is committed. */
  | {readonly kind: 'backup'; readonly target: string}
  | {readonly kind: 'close'};

export interface SqliteRequest {
  readonly job: number;
  readonly task: SqliteTask;
}

export interface SqliteReply {
  readonly job: number;
  readonly rows: readonly unknown[];
  /** Rows inserted, updated or deleted. */
  readonly changes?: number;
  readonly error?: {readonly code: string; readonly message: string};
}

export interface SqliteAnswer extends Pick<SqliteReply, 'rows' | 'changes'> {
  /** The thread's number: a transaction ends with its thread. */
  readonly thread: number;
}

interface Waiting {
  readonly resolve: (reply: SqliteReply) => void;
  readonly reject: (error: unknown) => void;
}

// Run from source it is TypeScript, built it is JavaScript.
const ownWorker = new URL(`sqlite-worker${path.extname(import.meta.filename)}`, import.meta.url);

export class SqliteThread {
  readonly #location: SqliteLocation;
  readonly #program: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #threads = 0;
  #jobs = 0;
  #closing: Promise<void> | undefined;

  constructor(location: SqliteLocation, program = ownWorker) {
    this.#location = location;
    this.#program = program;
  }

  /** Tasks are done in their order. `thread`: only in that one. Rejects with a MetadataError. */
  async send(task: SqliteTask, thread?: number): Promise<SqliteAnswer> {
    if (this.#closing) throw new MetadataError('closed', `${this.#location.file} is closed`);
    if (thread !== undefined && (!this.#worker || thread !== this.#threads)) throw this.#ended();
    return this.#ask(task);
  }

  /** What was asked before is done first. */
  async close(): Promise<void> {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    try {
      await this.#ask({kind: 'close'});
    } finally {
      await worker.terminate();
    }
  }

  async #ask(task: SqliteTask): Promise<SqliteAnswer> {
    const worker = (this.#worker ??= this.#start());
    const thread = this.#threads;
    this.#jobs += 1;
    const job = this.#jobs;
    // A process must not end while it waits for an answer, nor live on because it could ask.
    if (this.#waiting.size === 0) worker.ref();
    const {rows, changes, error} = await new Promise<SqliteReply>((resolve, reject) => {
      this.#waiting.set(job, {resolve, reject});
      worker.postMessage({job, task} satisfies SqliteRequest);
    });
    if (error) throw sqliteError(this.#location.file, error);
    return {rows, thread, ...(changes === undefined ? {} : {changes})};
  }

  #start(): Worker {
    const worker = new Worker(this.#program, {workerData: this.#location});
    this.#threads += 1;
    worker.unref();
    worker.on('message', (reply: SqliteReply) => {
      const waiting = this.#waiting.get(reply.job);
      this.#waiting.delete(reply.job);
      if (this.#waiting.size === 0) worker.unref();
      waiting?.resolve(reply);
    });
    const fail = (cause: unknown): void => {
      // An error is followed by the exit; by then another may have been started.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      const error = this.#ended(cause);
      const waiting = [...this.#waiting.values()];
      this.#waiting.clear();
      for (const {reject} of waiting) reject(error);
    };
    worker.on('error', fail);
    worker.on('exit', fail);
    return worker;
  }

  #ended(cause?: unknown): MetadataError {
    const message = `the thread that holds ${this.#location.file} ended`;
    return new MetadataError('thread-ended', message, {cause});
  }
}
