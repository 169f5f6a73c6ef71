/** Opens connections to a database server; its driver is loaded where one is used. */
import {Kysely} from 'kysely';
import {describeAddress} from '../config/database-url.ts';
import {readCaFile} from '../tls/ca-file.ts';
import type {Engine} from './engine.ts';
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

/** In milliseconds: a change of tables goes through all of their rows. */
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
  const title = describeAddress({...options, password: undefined});
  const patience = foreignPatience;
  const pool = await poolOf({...options, ca, patience, connections: 2});
  const settled = {...pool, settings: foreignSettings[engine]};
  const dialect = engine === 'mariadb' ? mariadbDialect : postgresDialect;
  return new Kysely<unknown>({dialect: dialect(settled, {title, timeout, patience})});
}

/** Nothing is asked of the server yet. Rejects with a ConfigError where metadata.caFile is no file of certificates. */
export async function connectServer(options: ServerOptions): Promise<OpenServer> {
  const {caFile, tls, timeout} = options;
  const ca = tls === 'verify' ? readCaFile('metadata.caFile', caFile) : undefined;
  const title = describeAddress({...options, password: undefined});
  const isMariadb = options.engine === 'mariadb';
  const connect = async (patience: number, connections: number): Promise<Kysely<Schema>> => {
    const pool = await poolOf({...options, ca, patience, connections});
    const timing = {title, timeout, patience};
    const dialect = (isMariadb ? mariadbDialect : postgresDialect)(pool, timing);
    return new Kysely<Schema>({dialect});
  };
  const withPatience: WithPatience = async (work) => {
    const db = await connect(longPatience, 2);
    try {
      return await work(db);
    } finally {
      await db.destroy();
    }
  };
  return {
    db: await connect(timeout, options.connections),
    engine: (isMariadb ? mariadbEngine : postgresEngine)(title, withPatience),
  };
}
