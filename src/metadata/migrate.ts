/** Brings the tables to the state that this version works on. */
import {type Kysely, type Transaction, sql} from 'kysely';
import {type Migration, Migrator} from 'kysely/migration';
import {hasCopy, keepCopy} from './database-file.ts';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';

export type Migrations = Readonly<Record<string, Migration>>;

export interface MigrationReport {
  /** Names of what was done, in its order; empty: nothing was to do. */
  readonly applied: readonly string[];
  /** The path of the copy that was made before; absent where there was nothing to copy. */
  readonly copy?: string;
}

export interface MigrationOptions {
  readonly db: Kysely<Schema>;
  readonly file: string;
  readonly migrations: Migrations;
  /** Copies what is committed into a file. */
  readonly backup: (target: string) => Promise<void>;
  /** Nobody else has the file open. */
  readonly isAlone: boolean;
}

/** In milliseconds: as long as another process may take for its migration. */
const patience = 120_000;

const copyName = (migration: string): string => `before-${migration}`;

async function readApplied(db: Kysely<Schema>): Promise<readonly string[]> {
  const {rows: tables} = await sql`
    select name from sqlite_master where type = 'table' and name = 'kysely_migration'
  `.execute(db);
  if (tables.length === 0) return [];
  const {rows} = await sql<{name: string}>`select name from kysely_migration order by name`.execute(
    db,
  );
  return rows.map(({name}) => name);
}

async function readPending({file, migrations}: MigrationOptions, applied: readonly string[]) {
  const newer = applied.find((name) => !Object.hasOwn(migrations, name));
  if (newer === undefined) {
    return Object.keys(migrations)
      .filter((name) => !applied.includes(name))
      .sort();
  }
  const remedy = (await hasCopy(file, copyName(newer)))
    ? `, or stop every process that uses it and put back ${file}.${copyName(newer)}, the copy from before`
    : '';
  throw new MetadataError(
    'newer',
    `${file} was changed by a newer version of Holdfast (${newer} is not known here): run that version${remedy}`,
  );
}

/** One process at a time. `db.transaction` alone waits for 5 seconds. */
async function takeTurn<T>(
  db: Kysely<Schema>,
  work: (transaction: Transaction<Schema>) => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      const isBusy = error instanceof MetadataError && error.kind === 'busy';
      if (!isBusy || performance.now() > deadline) throw error;
    }
  }
}

/** All or nothing, under a lock between processes. Rejects with a MetadataError: `newer` where this version is too old. */
export async function migrateFile(options: MigrationOptions): Promise<MigrationReport> {
  const {db, file, migrations, backup, isAlone} = options;
  const applied = await readApplied(db);
  const [first] = await readPending(options, applied);
  if (first === undefined) return {applied: []};
  const keep = async (migration: string): Promise<string> =>
    keepCopy(file, copyName(migration), backup);
  // Who is alone can't copy under a lock of his own, and needs none.
  const earlyCopy = isAlone && applied.length > 0 ? await keep(first) : undefined;
  return takeTurn(db, async (transaction) => {
    const present = await readApplied(transaction);
    const [next] = await readPending(options, present);
    if (next === undefined) return {applied: []};
    const copy = earlyCopy ?? (present.length > 0 ? await keep(next) : undefined);
    const provider = {getMigrations: async () => Promise.resolve({...migrations})};
    const {error, results = []} = await new Migrator({db: transaction, provider}).migrateToLatest();
    // Whatever it is, thrown here it undoes all of it.
    if (error !== undefined) {
      throw error instanceof Error ? error : new Error('a migration failed', {cause: error});
    }
    const done = results.map(({migrationName}) => migrationName);
    return {applied: done, ...(copy === undefined ? {} : {copy})};
  });
}
