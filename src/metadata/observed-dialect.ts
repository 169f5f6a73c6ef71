/** A dialect whose statements somebody watches. */
import type {
  CompiledQuery,
  DatabaseConnection,
  Dialect,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import type {Statement} from '../observability/database-metrics.ts';

/** Is told when a statement begins; what it answers is called when it has ended, with the error where it failed. */
export type ObserveStatement = (statement: Statement, sql?: string) => (error?: unknown) => void;

const statements: Readonly<Record<string, Statement>> = {
  SelectQueryNode: 'select',
  InsertQueryNode: 'insert',
  UpdateQueryNode: 'update',
  DeleteQueryNode: 'delete',
};

async function watched<T>(ended: (error?: unknown) => void, work: () => Promise<T>): Promise<T> {
  let answer: T;
  try {
    answer = await work();
  } catch (error) {
    ended(error);
    throw error;
  }
  ended();
  return answer;
}

class ObservedConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #observe: ObserveStatement;

  constructor(inner: DatabaseConnection, observe: ObserveStatement) {
    this.inner = inner;
    this.#observe = observe;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const ended = this.#observe(statements[query.query.kind] ?? 'other', query.sql);
    return watched(ended, async () => this.inner.executeQuery<R>(query));
  }

  streamQuery(): never {
    throw new Error('rows are listed by pages');
  }
}

class ObservedDriver implements Driver {
  readonly #inner: Driver;
  readonly #observe: ObserveStatement;

  constructor(inner: Driver, observe: ObserveStatement) {
    this.#inner = inner;
    this.#observe = observe;
  }

  async init(): Promise<void> {
    await this.#inner.init();
  }

  async acquireConnection(): Promise<ObservedConnection> {
    const inner = await watched(this.#observe('connect'), async () =>
      this.#inner.acquireConnection(),
    );
    return new ObservedConnection(inner, this.#observe);
  }

  async beginTransaction(
    {inner}: ObservedConnection,
    settings: TransactionSettings,
  ): Promise<void> {
    await watched(this.#observe('begin'), async () =>
      this.#inner.beginTransaction(inner, settings),
    );
  }

  async commitTransaction({inner}: ObservedConnection): Promise<void> {
    await watched(this.#observe('commit'), async () => this.#inner.commitTransaction(inner));
  }

  async rollbackTransaction({inner}: ObservedConnection): Promise<void> {
    await watched(this.#observe('rollback'), async () => this.#inner.rollbackTransaction(inner));
  }

  async releaseConnection({inner}: ObservedConnection): Promise<void> {
    await this.#inner.releaseConnection(inner);
  }

  async destroy(): Promise<void> {
    await this.#inner.destroy();
  }
}

/** Without somebody who watches, the dialect itself. */
export const observedDialect = (
  dialect: Dialect,
  observe: ObserveStatement | undefined,
): Dialect =>
  observe
    ? {
        createDriver: () => new ObservedDriver(dialect.createDriver(), observe),
        createQueryCompiler: () => dialect.createQueryCompiler(),
        createAdapter: () => dialect.createAdapter(),
        createIntrospector: (db) => dialect.createIntrospector(db),
      }
    : dialect;
