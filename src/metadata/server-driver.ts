/** Kysely on a database server: no answer is waited for without end, and a connection that failed is not used again. */
import type {
  CompiledQuery,
  DatabaseConnection,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import {MetadataError} from './metadata-error.ts';
import type {ServerConnection, ServerPool} from './server-pool.ts';

export interface Timing {
  /** Of the server, in messages. */
  readonly title: string;
  /** In milliseconds: for a connection, and for each answer. */
  readonly timeout: number;
  readonly patience: number;
}

/** What a statement needs beyond the patience of the server, which gives up first and says why. */
const grace = 2000;
/** Longer statements are not needed to know which one it was. */
const longestShown = 200;

class Lent implements DatabaseConnection {
  readonly #connection: ServerConnection;
  readonly #pool: ServerPool;
  readonly #timing: Timing;
  /** Why it is of no use any more. */
  #lost: MetadataError | undefined;

  constructor(connection: ServerConnection, pool: ServerPool, timing: Timing) {
    this.#connection = connection;
    this.#pool = pool;
    this.#timing = timing;
  }

  async executeQuery<R>({sql, parameters}: CompiledQuery): Promise<QueryResult<R>> {
    const {rows, changes} = await this.ask(sql, parameters);
    return {
      // What a query answers is known to the query alone.
      rows: rows as R[],
      ...(changes === undefined ? {} : {numAffectedRows: BigInt(changes)}),
    };
  }

  streamQuery(): never {
    throw new Error('rows are listed by pages');
  }

  async ask(sql: string, parameters: readonly unknown[] = []) {
    if (this.#lost) throw this.#lost;
    const asked = this.#connection.query(sql, parameters);
    try {
      return await inTime(asked, this.#timing.patience + grace, () =>
        silence(this.#timing.title, this.#timing.patience),
      );
    } catch (error) {
      throw this.#note(toError(this.#pool, this.#timing.title, error, sql));
    }
  }

  /** What each connection is told once. */
  async prepare(): Promise<void> {
    if (!this.#connection.isNew) return;
    try {
      await this.ask(this.#pool.settings);
    } catch (error) {
      // The next one would take it for prepared.
      this.#lose(error);
      throw error;
    }
  }

  /** Undoes the transaction, or loses it together with the connection. */
  async rollback(): Promise<void> {
    if (this.#lost) return;
    try {
      await this.ask('rollback');
    } catch (error) {
      if (!(error instanceof MetadataError)) throw error;
      this.#lose(error);
    }
  }

  release(): void {
    if (!this.#lost) this.#connection.release();
  }

  #note(error: unknown): unknown {
    // A server that only reads may have been the first of several: the next connection may lead to another.
    const isOver =
      !(error instanceof MetadataError) ||
      error.kind === 'unavailable' ||
      error.kind === 'read-only';
    if (isOver) this.#lose(error);
    return error;
  }

  #lose(error: unknown): void {
    if (this.#lost) return;
    this.#lost =
      error instanceof MetadataError
        ? error
        : new MetadataError('unavailable', `${this.#timing.title} lost the connection`);
    this.#connection.discard();
  }
}

export class ServerDriver implements Driver {
  readonly #pool: ServerPool;
  readonly #timing: Timing;

  constructor(pool: ServerPool, timing: Timing) {
    this.#pool = pool;
    this.#timing = timing;
  }

  async init(): Promise<void> {
    // The first question connects.
  }

  async acquireConnection(): Promise<Lent> {
    const lent = new Lent(await this.#connect(), this.#pool, this.#timing);
    try {
      await lent.prepare();
      return lent;
    } catch (error) {
      lent.release();
      throw error;
    }
  }

  async #connect(): Promise<ServerConnection> {
    const connecting = this.#pool.connect();
    const {title, timeout} = this.#timing;
    try {
      return await inTime(connecting, timeout + grace, () => silence(title, timeout));
    } catch (error) {
      // Nobody waits for the one that comes late.
      connecting.then(
        (late) => {
          late.discard();
        },
        () => undefined,
      );
      throw toError(this.#pool, title, error);
    }
  }

  async beginTransaction(connection: Lent, {accessMode}: TransactionSettings): Promise<void> {
    const statements = accessMode === 'read only' ? this.#pool.snapshot : ['begin'];
    for (const statement of statements) await connection.ask(statement);
  }

  async commitTransaction(connection: Lent): Promise<void> {
    await connection.ask('commit');
  }

  async rollbackTransaction(connection: Lent): Promise<void> {
    await connection.rollback();
  }

  async releaseConnection(connection: Lent): Promise<void> {
    connection.release();
    return Promise.resolve();
  }

  async destroy(): Promise<void> {
    const ended = inTime(this.#pool.end(), this.#timing.timeout + grace, () =>
      silence(this.#timing.title, this.#timing.timeout),
    );
    try {
      await ended;
    } catch (error) {
      if (!(error instanceof MetadataError)) throw toError(this.#pool, this.#timing.title, error);
    } finally {
      this.#pool.destroy();
    }
  }
}

const silence = (title: string, limit: number): MetadataError =>
  new MetadataError('unavailable', `${title} gave no answer within ${limit / 1000} s`);

/** Rejects when the time is over; what comes later is nobody's. */
async function inTime<T>(asked: Promise<T>, patience: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, patience);
  });
  try {
    return await Promise.race([asked, over]);
  } finally {
    clearTimeout(timer);
    asked.catch(() => undefined);
  }
}

const sentences: Readonly<Record<string, string>> = {
  constraint: 'has a rule that stands against it',
  busy: 'is kept busy by others',
  full: 'has no room to grow',
  'read-only': 'only reads at present',
  unavailable: "can't be reached",
  damaged: 'is damaged: put back a backup',
};

/** The driver's own error is left behind: it has the values of the query in it, hashes of passwords among them. */
function toError(pool: ServerPool, title: string, error: unknown, sql?: string): unknown {
  if (error instanceof MetadataError) return error;
  const fault = pool.fault(error);
  if (!fault) return error;
  const {kind, code, message} = fault;
  const what = sentences[kind] ?? 'did not understand';
  const text =
    kind === 'query' && sql !== undefined
      ? `${title} refused (${code}): ${sql.slice(0, longestShown)}`
      : `${title} ${message === undefined ? what : `${what}: ${message}`} (${code})`;
  return new MetadataError(kind, text, {code});
}
