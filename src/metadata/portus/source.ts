/** Reads a database of Portus: page by page, as it was at one moment, and without changing a thing. */
import {type Kysely, sql} from 'kysely';
import {describeAddress} from '../../config/database-url.ts';
import {MetadataError} from '../metadata-error.ts';
import {connectForeign} from '../server-database.ts';
import type {ServerOptions} from '../server-pool.ts';
import {numberOf, type Row} from './row.ts';

/** Its tables that have something for us, and those that are counted. */
export const portusTables = [
  'users',
  'registries',
  'teams',
  'team_users',
  'namespaces',
  'repositories',
  'tags',
  'application_tokens',
  'webhooks',
  'webhook_headers',
  'webhook_deliveries',
  'stars',
  'comments',
  'activities',
  'registry_events',
] as const;
export type PortusTable = (typeof portusTables)[number];

export interface PortusSource {
  /** Its address, without the password. */
  readonly title: string;
  count(table: PortusTable): Promise<number>;
  /** Sorted by id, those behind `after`; with `created_text`, in UTC. None, where there is no such table. */
  pages(table: PortusTable, after?: number): AsyncGenerator<readonly Row[]>;
}

const pageSize = 1000;
/** What a Portus has, whatever its version. */
const required: readonly PortusTable[] = ['users', 'teams', 'team_users', 'namespaces'];

type Foreign = Kysely<unknown>;

/** Rejects with a MetadataError where it can't be reached, or is no database of Portus. */
export async function readPortus<T>(
  options: ServerOptions,
  work: (source: PortusSource) => Promise<T>,
): Promise<T> {
  const db = await connectForeign(options);
  try {
    // What begins so is a snapshot: a Portus that is still in use is read as it is now.
    return await db
      .transaction()
      .setAccessMode('read only')
      .execute(async (turn) => work(await sourceOf(turn, options)));
  } finally {
    await db.destroy();
  }
}

async function sourceOf(db: Foreign, options: ServerOptions): Promise<PortusSource> {
  const title = describeAddress({...options, password: undefined});
  const isMariadb = options.engine === 'mariadb';
  const present = await readTables(db, isMariadb);
  const missing = required.filter((table) => !present.has(table));
  if (missing.length > 0) {
    throw new MetadataError(
      'refused',
      `${title} is no database of Portus: it has no table ${missing.join(', ')}`,
    );
  }
  const created = isMariadb
    ? sql`cast(t.created_at as char)`
    : sql`to_char(t.created_at, 'YYYY-MM-DD HH24:MI:SS.MS')`;
  const dated = await readDated(db, isMariadb);
  return {
    title,
    count: async (table) => {
      if (!present.has(table)) return 0;
      const {rows} = await sql<Row>`select count(*) as number from ${sql.table(table)}`.execute(db);
      return numberOf(rows[0] ?? {}, 'number') ?? 0;
    },
    async *pages(table, after = 0) {
      if (!present.has(table)) return;
      let last = after;
      for (;;) {
        const time = dated.has(table) ? created : sql`null`;
        const query = sql<Row>`
          select t.*, ${time} as created_text from ${sql.table(table)} t
          where t.id > ${last} order by t.id limit ${sql.lit(pageSize)}
        `;
        const {rows} = await query.execute(db);
        if (rows.length > 0) yield rows;
        const next = numberOf(rows.at(-1) ?? {}, 'id');
        if (rows.length < pageSize || next === undefined || next <= last) return;
        last = next;
      }
    },
  };
}

const schemaOf = (isMariadb: boolean) => (isMariadb ? sql`database()` : sql`current_schema()`);

async function readTables(db: Foreign, isMariadb: boolean): Promise<ReadonlySet<string>> {
  const {rows} = await sql<{readonly name: string}>`
    select table_name as name from information_schema.tables
    where table_schema = ${schemaOf(isMariadb)}
  `.execute(db);
  return new Set(rows.map(({name}) => name));
}

/** The tables that have a created_at. */
async function readDated(db: Foreign, isMariadb: boolean): Promise<ReadonlySet<string>> {
  const {rows} = await sql<{readonly name: string}>`
    select table_name as name from information_schema.columns
    where table_schema = ${schemaOf(isMariadb)} and column_name = 'created_at'
  `.execute(db);
  return new Set(rows.map(({name}) => name));
}
