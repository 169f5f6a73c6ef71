/** Connections to PostgreSQL. */
import {basename, dirname} from 'node:path';
import pg from 'pg';
import {MetadataError} from './metadata-error.ts';
import {postgresFault} from './postgres-fault.ts';
import {type PoolOptions, type ServerConnection, type ServerPool} from './server-pool.ts';
import {ServerSockets} from './server-sockets.ts';

/** In milliseconds: idle connections are closed before a firewall forgets them. */
const idleTimeout = 60_000;
/** In milliseconds: a process that stands still in a transaction holds up all others no longer. */
const idleInTransaction = 60_000;

/** What the server, or the user's own settings there, say otherwise. */
const settings = (patience: number): string =>
  [
    "set default_transaction_isolation = 'read committed'",
    'set standard_conforming_strings = on',
    "set client_encoding = 'UTF8'",
    `set lock_timeout = ${patience}`,
    `set statement_timeout = ${patience + 1000}`,
    `set idle_in_transaction_session_timeout = ${idleInTransaction}`,
  ].join('; ');

const numbers: ReadonlySet<number> = new Set([pg.types.builtins.INT8, pg.types.builtins.NUMERIC]);

/** Counts and sums are numbers, as on the other engines; none of ours is larger than one can be. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id, format) =>
    numbers.has(id) ? Number : (pg.types.getTypeParser(id, format) as (text: string) => unknown),
};

/** The verbs that change rows. */
const changing = new Set(['INSERT', 'UPDATE', 'DELETE']);

function lend(client: pg.PoolClient, isNew: boolean): ServerConnection {
  // Whoever waits for an answer hears of it as well; without anybody to hear it, it would end the process.
  const onError = (): void => undefined;
  client.on('error', onError);
  const giveBack = (isLost: boolean): void => {
    client.off('error', onError);
    client.release(isLost);
  };
  return {
    isNew,
    query: async (sql, parameters) => {
      const {command, rowCount, rows} = await client.query<object>(sql, [...parameters]);
      // What failed before has undone it already, and the server is polite about it.
      if (sql === 'commit' && command === 'ROLLBACK') {
        throw new MetadataError('query', 'the transaction had failed, and was undone');
      }
      return {rows, ...(changing.has(command) && rowCount !== null ? {changes: rowCount} : {})};
    },
    release: () => {
      giveBack(false);
    },
    discard: () => {
      giveBack(true);
    },
  };
}

/** PostgreSQL names a socket by its directory and the port; whoever writes the whole path means that. */
function placeOf({host, port, socket}: PoolOptions): {
  readonly host: string;
  readonly port: number;
} {
  if (socket === undefined) return {host, port};
  const named = /^\.s\.PGSQL\.(\d+)$/.exec(basename(socket));
  return named ? {host: dirname(socket), port: Number(named[1])} : {host: socket, port};
}

export function postgresPool(options: PoolOptions): ServerPool {
  const {host, user, password, database, connections, timeout, patience, tls, ca} = options;
  // Without a name, Node would compare the certificate with the name localhost.
  const verified = {rejectUnauthorized: true, host, ...(ca === undefined ? {} : {ca})};
  // A connection that it could not make sense of the driver leaves open.
  const sockets = new ServerSockets(tls === 'off' ? idleTimeout + 2 * patience : undefined);
  const pool = new pg.Pool({
    stream: () => sockets.open(),
    ...placeOf(options),
    user,
    // Else the driver looks into the variables and files of whoever started it.
    password: password ?? '',
    database,
    ssl: tls === 'off' ? false : tls === 'require' ? {rejectUnauthorized: false} : verified,
    max: connections,
    connectionTimeoutMillis: timeout,
    idleTimeoutMillis: idleTimeout,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: 'holdfast',
    types,
  });
  // One that is idle and lost is not there for the next one, and nobody need hear of it.
  pool.on('error', () => undefined);
  const known = new WeakSet<pg.PoolClient>();
  return {
    settings: settings(patience),
    snapshot: ['begin isolation level repeatable read read only'],
    connect: async () => {
      const client = await pool.connect();
      const isNew = !known.has(client);
      known.add(client);
      return lend(client, isNew);
    },
    end: async () => pool.end(),
    destroy: () => {
      sockets.destroy();
    },
    fault: postgresFault,
  };
}
