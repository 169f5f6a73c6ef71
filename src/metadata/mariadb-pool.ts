/** Connections to MariaDB. */
import {createPool, type Pool, type PoolConnection, type PoolOptions as Options} from 'mysql2';
import {mariadbFault} from './mariadb-fault.ts';
import {type PoolOptions, type ServerConnection, type ServerPool} from './server-pool.ts';
import {ServerSockets} from './server-sockets.ts';

/** In milliseconds: idle connections are closed before a firewall forgets them. */
const idleTimeout = 60_000;
/** In milliseconds. */
const keepAliveDelay = 10_000;
/** In seconds: a process that stands still in a transaction holds up all others no longer. */
const idleInTransaction = 60;

/**
 * Values are put into the statements by the driver, with backslashes: so the server must not be set to read those as they are. Nor may it
 * cut what is too long, or wait longer than we do.
 */
const settings = (patience: number): string =>
  [
    "set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO'",
    "tx_isolation = 'READ-COMMITTED'",
    `innodb_lock_wait_timeout = ${Math.max(1, Math.floor(patience / 1000))}`,
    `max_statement_time = ${patience / 1000 + 1}`,
    `idle_transaction_timeout = ${idleInTransaction}`,
    'autocommit = 1',
    'foreign_key_checks = 1',
  ].join(', ');

/** As mysql2 types it: what a statement answers. */
interface Changed {
  readonly affectedRows: number;
}

const isChanged = (answer: unknown): answer is Changed =>
  typeof answer === 'object' && answer !== null && 'affectedRows' in answer;

const isValue = (value: unknown): boolean =>
  value === null || ['string', 'number', 'bigint'].includes(typeof value);

async function ask(connection: PoolConnection, sql: string, parameters: readonly unknown[] = []) {
  // The driver would make SQL of the keys of an object.
  if (!parameters.every(isValue)) throw new TypeError('a value is neither text nor a number');
  return new Promise<unknown>((resolve, reject) => {
    connection.query(sql, [...parameters], (error, answer) => {
      if (error) reject(error);
      else resolve(answer);
    });
  });
}

function lend(connection: PoolConnection, isNew: boolean): ServerConnection {
  return {
    isNew,
    query: async (sql, parameters) => {
      const answer = await ask(connection, sql, parameters);
      if (Array.isArray(answer)) return {rows: answer};
      return {rows: [], ...(isChanged(answer) ? {changes: answer.affectedRows} : {})};
    },
    release: () => {
      connection.release();
    },
    discard: () => {
      connection.destroy();
    },
  };
}

const take = (pool: Pool): Promise<PoolConnection> =>
  new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => {
      if (error) reject(error);
      else resolve(connection);
    });
  });

function tlsOf({tls, ca}: PoolOptions): Options['ssl'] {
  if (tls === 'off') return undefined;
  if (tls === 'require') return {rejectUnauthorized: false};
  return {rejectUnauthorized: true, verifyIdentity: true, ...(ca === undefined ? {} : {ca})};
}

export function mariadbPool(options: PoolOptions): ServerPool {
  const {host, port, socket, user, password, database, connections, timeout, patience} = options;
  const ssl = tlsOf(options);
  const sockets = new ServerSockets();
  const pool = createPool({
    host,
    stream: () =>
      sockets
        .open()
        .connect(socket === undefined ? {host, port} : {path: socket})
        .setNoDelay(true)
        .setKeepAlive(true, keepAliveDelay),
    ...(password === undefined ? {} : {password}),
    ...(ssl === undefined ? {} : {ssl}),
    user,
    database,
    connectionLimit: connections,
    connectTimeout: timeout,
    idleTimeout,
    maxIdle: Math.min(2, connections - 1),
    charset: 'utf8mb4_bin',
    // Sums are decimals.
    decimalNumbers: true,
    stringifyObjects: true,
    // A server must not be able to ask for files of ours.
    flags: ['-LOCAL_FILES'],
    trace: false,
  });
  const known = new WeakSet<PoolConnection>();
  return {
    settings: settings(patience),
    snapshot: [
      'set transaction isolation level repeatable read',
      'start transaction with consistent snapshot, read only',
    ],
    connect: async () => {
      const connection = await take(pool);
      const isNew = !known.has(connection);
      known.add(connection);
      return lend(connection, isNew);
    },
    end: () =>
      new Promise((resolve, reject) => {
        pool.end((error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    destroy: () => {
      sockets.destroy();
    },
    fault: mariadbFault,
  };
}
