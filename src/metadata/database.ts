/** Opens the database, on the state that this version works on. */
import {Kysely, sql} from 'kysely';
import {type Clock, systemClock} from '../host/clock.ts';
import {type FileOptions, prepareFile} from './database-file.ts';
import type {Engine} from './engine.ts';
import {MetadataError} from './metadata-error.ts';
import {type MigrationReport, type Migrations, migrate} from './migrate.ts';
import {allMigrations} from './migrations/all.ts';
import type {Schema} from './schema.ts';
import {type ObserveStatement, observedDialect} from './observed-dialect.ts';
import {connectPatiently, connectServer} from './server-database.ts';
import type {ServerOptions} from './server-pool.ts';
import {sqliteDialect} from './sqlite-dialect.ts';
import {sqliteEngine} from './sqlite-engine.ts';
import {SqliteThread} from './sqlite-thread.ts';
import type {Visibility} from './words.ts';

/** A file of SQLite's, or a server. */
export type DatabasePlace = FileOptions | {readonly server: ServerOptions};

export type DatabaseOptions = DatabasePlace & {
  readonly now?: Clock;
  /** Of the root namespace of a new database; protected unless given. */
  readonly rootVisibility?: Visibility;
  /** What a test may steer: the steps, and the program of SQLite's thread. */
  readonly migrations?: Migrations;
  readonly program?: URL;
  /** Nodes that serve on it meanwhile: nothing is done that they could not bear. */
  readonly others?: readonly string[] | undefined;
  /** Watches all statements but those of `patiently`. */
  readonly observe?: ObserveStatement | undefined;
};

export interface Database {
  readonly db: Kysely<Schema>;
  readonly engine: Engine;
  /** What was asked before is done first. */
  readonly close: () => Promise<void>;
}

/** In bytes: smaller ones are looked through when they are opened; damage in larger ones shows when it is met. */
const quicklyChecked = 64 * 1024 * 1024;

async function checkWhole(db: Kysely<Schema>, file: string): Promise<void> {
  const {rows: counts} = await sql<{size: number}>`
    select page_count * page_size as size from pragma_page_count, pragma_page_size
  `.execute(db);
  if ((counts[0]?.size ?? 0) > quicklyChecked) return;
  const {rows} = await sql<{quick_check: string}>`pragma quick_check(1)`.execute(db);
  const finding = rows[0]?.quick_check ?? 'no answer';
  if (finding === 'ok') return;
  throw new MetadataError(
    'damaged',
    `${file} is damaged, put back a copy of it (${finding.split('\n').at(-1) ?? ''})`,
  );
}

interface Opened {
  readonly database: Database;
  readonly report: MigrationReport;
}

const migrationsFor = (options: DatabaseOptions): Migrations =>
  options.migrations ??
  allMigrations({
    now: options.now ?? systemClock,
    rootVisibility: options.rootVisibility ?? 'protected',
  });

async function openFile(options: DatabaseOptions & FileOptions): Promise<Opened> {
  const {file, program, observe} = options;
  const {isOnNetwork} = await prepareFile(options);
  const thread = new SqliteThread({file, exclusive: isOnNetwork}, program);
  const db = new Kysely<Schema>({dialect: observedDialect(sqliteDialect(thread), observe)});
  const engine = sqliteEngine(file, thread, isOnNetwork);
  const close = async (): Promise<void> => {
    await db.destroy();
    await thread.close();
  };
  try {
    await checkWhole(db, file);
    const report = await migrate({
      db,
      engine,
      migrations: migrationsFor(options),
      others: options.others,
    });
    return {database: {db, engine, close}, report};
  } catch (error) {
    await close();
    throw error;
  }
}

async function openServer(
  options: DatabaseOptions & {readonly server: ServerOptions},
): Promise<Opened> {
  const {db, engine} = await connectServer(options.server, options.observe);
  const close = async (): Promise<void> => db.destroy();
  try {
    const report = await migrate({
      db,
      engine,
      migrations: migrationsFor(options),
      others: options.others,
    });
    return {database: {db, engine, close}, report};
  } catch (error) {
    await close();
    throw error;
  }
}

const openMigrated = async (options: DatabaseOptions): Promise<Opened> =>
  'server' in options ? openServer(options) : openFile(options);

/** Rejects with a MetadataError that says what to do about it. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  return (await openMigrated(options)).database;
}

/** Opens it, as a start would, and closes it: tells what had to be changed for this version. */
export async function migrateDatabase(options: DatabaseOptions): Promise<MigrationReport> {
  const {database, report} = await openMigrated(options);
  await database.close();
  return report;
}

/** For what goes through all rows of a table: on a server by connections of its own, which are waited for long. */
export const patiently = async <T>(
  db: Kysely<Schema>,
  place: DatabasePlace,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> => ('server' in place ? connectPatiently(place.server, work) : work(db));
