/** What there is to tell of a database. */
import {type Kysely, type RawBuilder, sql} from 'kysely';
import {type Counted, countRows} from './copy-tables.ts';
import type {Engine} from './engine.ts';
import type {Schema} from './schema.ts';

export interface DatabaseStatus {
  readonly engine: Engine['name'];
  /** The file, or the address without its password. */
  readonly place: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
  readonly migrations: readonly string[];
  readonly tables: readonly Counted[];
  /** In milliseconds: the shortest answer of a few. */
  readonly latency: number;
}

const versions: Readonly<Record<Engine['name'], RawBuilder<{readonly version: string}>>> = {
  sqlite: sql`select sqlite_version() as version`,
  mariadb: sql`select version() as version`,
  postgres: sql`select current_setting('server_version') as version`,
};

const sizes: Readonly<Record<Engine['name'], RawBuilder<{readonly size: number | null}>>> = {
  sqlite: sql`select page_count * page_size as size from pragma_page_count, pragma_page_size`,
  mariadb: sql`
    select sum(data_length + index_length) as size from information_schema.tables
    where table_schema = database()
  `,
  postgres: sql`select pg_database_size(current_database()) as size`,
};

const probes = 5;

async function shortestAnswer(db: Kysely<Schema>): Promise<number> {
  const times: number[] = [];
  for (let probe = 0; probe < probes; probe += 1) {
    const began = performance.now();
    await sql`select 1 as one`.execute(db);
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}

export async function readDatabaseStatus(
  db: Kysely<Schema>,
  {name, title}: {readonly name: Engine['name']; readonly title: string},
): Promise<DatabaseStatus> {
  const {rows: named} = await versions[name].execute(db);
  const {rows: measured} = await sizes[name].execute(db);
  const {rows: applied} = await sql<{
    name: string;
  }>`select name from kysely_migration order by name`.execute(db);
  return {
    engine: name,
    place: title,
    version: named[0]?.version ?? '',
    size: measured[0]?.size ?? 0,
    migrations: applied.map((migration) => migration.name),
    tables: await countRows(db),
    latency: await shortestAnswer(db),
  };
}
