/** The dialects of the servers, on a pool of connections. */
import {type Dialect, type DialectAdapter, MysqlIntrospector, PostgresIntrospector} from 'kysely';
import {MariadbCompiler} from './mariadb-compiler.ts';
import {PostgresCompiler} from './postgres-compiler.ts';
import {ServerDriver, type Timing} from './server-driver.ts';
import type {ServerPool} from './server-pool.ts';

const nothing = async (): Promise<void> => Promise.resolve();

/** `alone` of the engine is the lock. */
const adapter = (supportsTransactionalDdl: boolean): DialectAdapter => ({
  supportsCreateIfNotExists: true,
  supportsMultipleConnections: true,
  supportsTransactionalDdl,
  supportsReturning: false,
  acquireMigrationLock: nothing,
  releaseMigrationLock: nothing,
});

export const mariadbDialect = (pool: ServerPool, timing: Timing): Dialect => ({
  createDriver: () => new ServerDriver(pool, timing),
  createQueryCompiler: () => new MariadbCompiler(),
  createAdapter: () => adapter(false),
  createIntrospector: (db) => new MysqlIntrospector(db),
});

export const postgresDialect = (pool: ServerPool, timing: Timing): Dialect => ({
  createDriver: () => new ServerDriver(pool, timing),
  createQueryCompiler: () => new PostgresCompiler(),
  createAdapter: () => adapter(true),
  createIntrospector: (db) => new PostgresIntrospector(db),
});
