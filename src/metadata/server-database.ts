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
