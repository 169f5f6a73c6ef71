/** The thread that SQLite blocks instead of the event loop. */
import {programBeside, WorkerThread} from '../host/worker-thread.ts';
import {sqliteError} from './sqlite-fault.ts';
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

export interface SqliteReply {
  readonly rows: readonly unknown[];
  /** Rows inserted, updated or deleted. */
  readonly changes?: number;
  readonly error?: {readonly code: string; readonly message: string};
}

export interface SqliteExchange {
  readonly request: SqliteTask;
  readonly reply: SqliteReply;
}

export interface SqliteAnswer extends Omit<SqliteReply, 'error'> {
  /** The thread's number: a transaction ends with its thread. */
  readonly thread: number;
}

/** In MiB. Rows pass through and are gone. */
const resourceLimits = {maxYoungGenerationSizeMb: 8};

export class SqliteThread {
  readonly #file: string;
  readonly #thread: WorkerThread<SqliteExchange>;
  #closing: Promise<void> | undefined;

  constructor(location: SqliteLocation, program = programBeside(import.meta.url, 'sqlite-worker')) {
    const {file} = location;
    this.#file = file;
    this.#thread = new WorkerThread({
      program,
      data: location,
      resourceLimits,
      ended: (cause) =>
        new MetadataError('thread-ended', `the thread that holds ${file} ended`, {cause}),
    });
  }

  /** Tasks are done in their order. `thread`: only in that one. Rejects with a MetadataError. */
  async send(task: SqliteTask, thread?: number): Promise<SqliteAnswer> {
    if (this.#closing) throw new MetadataError('closed', `${this.#file} is closed`);
    return this.#ask(task, thread);
  }

  /** What was asked before is done first. */
  async close(): Promise<void> {
    this.#closing ??= this.#end();
    await this.#closing;
  }

  async #end(): Promise<void> {
    if (this.#thread.running === undefined) return;
    try {
      await this.#ask({kind: 'close'});
    } finally {
      await this.#thread.close();
    }
  }

  async #ask(task: SqliteTask, thread?: number): Promise<SqliteAnswer> {
    const answer = await this.#thread.ask(task, {thread});
    const {error, ...done} = answer.reply;
    if (error) throw sqliteError(this.#file, error);
    return {...done, thread: answer.thread};
  }
}
