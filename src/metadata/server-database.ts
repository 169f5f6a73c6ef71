/** Opens connections to a database server; its driver is loaded where one is used. */
import {Kysely} from 'kysely';
import {describeAddress} from '../config/database-url.ts';
import {readCaFile} from '../tls/ca-file.ts';
import type {Engine} from './engine.ts';
import {type ObserveStatement, observedDialect} from './observed-dialect.ts';
import type {Schema} from './schema.ts';
import {mariadbDialect, postgresDialect} from './server-dialect.ts';
import {mariadbEngine, postgresEngine, type WithPatience} from './server-engines.ts';
import type {PoolOptions, ServerOptions, ServerPool} from './server-pool.ts';

export interface OpenServer {
  readonly db: Kysely<Schema>;
  readonly engine: Engine;
}

async function poolOf(options: PoolOptions): Promise<ServerPool> {
  if (options.engine === 'mariadb') {
    const {mariadbPool} = await import('./mariadb-pool.ts');
    return mariadbPool(options);
  }
  const {postgresPool} = await import('./postgres-pool.ts');
  return postgresPool(options);
}

/** In milliseconds: what goes through all rows of a table. */
const longPatience = 15 * 60_000;

/** What MySQL 5.7, MariaDB and PostgreSQL understand alike; times are those of UTC. */
const foreignSettings = {
  mariadb: "set session sql_mode = '', time_zone = '+00:00'",
  postgres: "set client_encoding = 'UTF8'; set timezone = 'UTC'",
} as const;
/** In milliseconds: a page of a large table on a slow disk. */
const foreignPatience = 120_000;

/** Another program's database, on one connection that is told nothing of our own. `caFile` is what a fault is told of. */
export async function connectForeign(options: ServerOptions): Promise<Kysely<unknown>> {
  const {engine, caFile, tls, timeout} = options;
  const ca = tls === 'verify' ? readCaFile('--database-ca-file', caFile) : undefined;
  const title = titleOf(options);
  const patience = foreignPatience;
  const pool = await poolOf({...options, ca, patience, connections: 2});
  const settled = {...pool, settings: foreignSettings[engine]};
  const dialect = engine === 'mariadb' ? mariadbDialect : postgresDialect;
  return new Kysely<unknown>({dialect: dialect(settled, {title, timeout, patience})});
}

async function connect(
  options: ServerOptions,
  {
    patience,
    connections,
    observe,
  }: {
    readonly patience: number;
    readonly connections: number;
    readonly observe?: ObserveStatement | undefined;
  },
): Promise<Kysely<Schema>> {
  const {engine, caFile, tls, timeout} = options;
  const ca = tls === 'verify' ? readCaFile('metadata.caFile', caFile) : undefined;
  const pool = await poolOf({...options, ca, patience, connections});
  const dialect = engine === 'mariadb' ? mariadbDialect : postgresDialect;
  const plain = dialect(pool, {title: titleOf(options), timeout, patience});
  return new Kysely<Schema>({dialect: observedDialect(plain, observe)});
}

const titleOf = (options: ServerOptions): string =>
  describeAddress({...options, password: undefined});

/** For what goes through all rows of a table: connections of their own, while `work` lasts. */
export async function connectPatiently<T>(
  options: ServerOptions,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  const db = await connect(options, {patience: longPatience, connections: 2});
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

/** Nothing is asked of the server yet. Rejects with a ConfigError where metadata.caFile is no file of certificates. */
export async function connectServer(
  options: ServerOptions,
  observe?: ObserveStatement,
): Promise<OpenServer> {
  const withPatience: WithPatience = async (work) => connectPatiently(options, work);
  const {timeout: patience, connections} = options;
  return {
    db: await connect(options, {patience, connections, observe}),
    engine: (options.engine === 'mariadb' ? mariadbEngine : postgresEngine)(
      titleOf(options),
      withPatience,
    ),
  };
}
