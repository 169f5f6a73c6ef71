/** Kysely on the thread that holds SQLite: one connection, which queries and transactions have one after the other. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type QueryResult,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type TransactionSettings,
} from 'kysely';
import {MetadataError} from './metadata-error.ts';
import type {SqliteThread} from './sqlite-thread.ts';

/** What is asked of it here. */
type Thread = Pick<SqliteThread, 'send' | 'close'>;

class Connection implements DatabaseConnection {
  readonly #thread: Thread;
  /** The number of the thread in which the transaction lives, while there is one. */
  #transaction: number | undefined;

  constructor(thread: Thread) {
    this.#thread = thread;
  }

  async executeQuery<R>({sql, parameters}: CompiledQuery): Promise<QueryResult<R>> {
    const within = this.#transaction !== undefined;
    const task = {kind: 'query', sql, parameters, within} as const;
    const {rows, changes} = await this.#thread.send(task, this.#transaction);
    return {
      // What a query answers is known to the query alone.
      rows: rows as R[],
      ...(changes === undefined ? {} : {numAffectedRows: BigInt(changes)}),
    };
  }

  streamQuery(): never {
    throw new Error('rows are listed by pages');
  }

  async begin(sql: string): Promise<void> {
    const task = {kind: 'query', sql, parameters: [], within: false} as const;
    this.#transaction = (await this.#thread.send(task)).thread;
  }

  async commit(): Promise<void> {
    const task = {kind: 'query', sql: 'commit', parameters: [], within: true} as const;
    await this.#thread.send(task, this.#transaction);
    this.#transaction = undefined;
  }

  async rollback(): Promise<void> {
    const thread = this.#transaction;
    this.#transaction = undefined;
    try {
      await this.#thread.send({kind: 'rollback'}, thread);
    } catch (error) {
      // It went with its thread, or with the file.
      if (!(error instanceof MetadataError)) throw error;
    }
  }
}

class ThreadDriver implements Driver {
  readonly #thread: Thread;
  readonly #connection: Connection;

  constructor(thread: Thread) {
    this.#thread = thread;
    this.#connection = new Connection(thread);
  }

  async init(): Promise<void> {
    // The thread starts by itself.
  }

  async acquireConnection(): Promise<Connection> {
    return Promise.resolve(this.#connection);
  }

  /** A transaction that may write is the only writer from its start: one that reads first could not become one in WAL mode once another had written. */
  async beginTransaction(_: Connection, {accessMode}: TransactionSettings): Promise<void> {
    await this.#connection.begin(accessMode === 'read only' ? 'begin' : 'begin immediate');
  }

  async commitTransaction(): Promise<void> {
    await this.#connection.commit();
  }

  async rollbackTransaction(): Promise<void> {
    await this.#connection.rollback();
  }

  async releaseConnection(): Promise<void> {
    // There is but one.
  }

  async destroy(): Promise<void> {
    await this.#thread.close();
  }
}

const nothing = async (): Promise<void> => Promise.resolve();

/** `alone` of the engine is the lock: it is the transaction. */
const adapter: DialectAdapter = {
  supportsCreateIfNotExists: true,
  supportsMultipleConnections: false,
  supportsTransactionalDdl: true,
  supportsReturning: false,
  acquireMigrationLock: nothing,
  releaseMigrationLock: nothing,
};

export const sqliteDialect = (thread: Thread): Dialect => ({
  createDriver: () => new ThreadDriver(thread),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createAdapter: () => adapter,
  createIntrospector: (db) => new SqliteIntrospector(db),
});
