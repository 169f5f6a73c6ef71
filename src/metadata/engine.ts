/** What the engines do differently where a database is opened: how it is called, looked into, and changed by one process alone. */
import {type Kysely, sql} from 'kysely';
import type {Schema} from './schema.ts';

export interface Engine {
  readonly name: 'sqlite' | 'mariadb' | 'postgres';
  /** The file, or the address without its password. */
  readonly title: string;
  /** Whether there is a table of that name. */
  readonly hasTable: (db: Kysely<Schema>, name: string) => Promise<boolean>;
  /** `work` has the tables for itself, among all processes; on engines that can, in one transaction. */
  readonly alone: <T>(db: Kysely<Schema>, work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;
  /** Copies of a file, from before it is changed; a server's is for its administrator to back up. */
  readonly copies?: Copies;
}

interface Copies {
  /** It must be made before `alone`: who has the file alone can't copy it within. */
  readonly isEarly: boolean;
  /** Resolves with its path. */
  readonly keep: (migration: string) => Promise<string>;
  /** The path of one that was made, if it is there. */
  readonly find: (migration: string) => Promise<string | undefined>;
}

/** In milliseconds: as long as another process may take for its migration. */
export const patience = 120_000;

/** Both servers have the views that the standard names. */
export async function hasTableOnServer(
  db: Kysely<Schema>,
  schema: 'database()' | 'current_schema()',
  name: string,
): Promise<boolean> {
  const {rows} = await sql`
    select 1 as found from information_schema.tables
    where table_schema = ${sql.raw(schema)} and table_name = ${name}
  `.execute(db);
  return rows.length > 0;
}
