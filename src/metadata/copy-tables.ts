/** Puts all rows of one database into another, whatever the engines are. */
import type {ExpressionBuilder, Kysely} from 'kysely';
import {type AnyTables, insertRows, type Row} from './batches.ts';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';
import {type Table, tables} from './tables.ts';

export interface Counted {
  readonly table: string;
  readonly rows: number;
}

/** What becomes of a row on its way; `undefined`: it stays behind. */
export type Passage = (table: string, row: Row) => Row | undefined;

/** Rows that are read at once. */
const batch = 250;

const loosely = (db: Kysely<Schema>): Kysely<AnyTables> => db as unknown as Kysely<AnyTables>;

/** Behind that key, written so that an index serves it: a >= 1 and (a > 1 or (a = 1 and b > 2)). */
function behind(eb: ExpressionBuilder<AnyTables, string>, key: readonly string[], last: Row) {
  const [first = ''] = key;
  const alternatives = key.map((column, index) =>
    eb.and([
      ...key.slice(0, index).map((before) => eb(before, '=', last[before] ?? '')),
      eb(column, '>', last[column] ?? ''),
    ]),
  );
  return eb.and([eb(first, '>=', last[first] ?? ''), eb.or(alternatives)]);
}

async function* batches(db: Kysely<Schema>, {name, key}: Table): AsyncGenerator<readonly Row[]> {
  let last: Row | undefined;
  for (;;) {
    let query = loosely(db).selectFrom(name).selectAll().limit(batch);
    for (const column of key) query = query.orderBy(column);
    const after = last;
    if (after) query = query.where((eb) => behind(eb, key, after));
    const rows = await query.execute();
    if (rows.length > 0) yield rows;
    last = rows.at(-1);
    if (rows.length < batch) return;
  }
}

export async function countRows(db: Kysely<Schema>): Promise<readonly Counted[]> {
  const counts: Counted[] = [];
  for (const {name} of tables) {
    const query = loosely(db).selectFrom(name);
    const {rows} = await query
      .select(({fn}) => fn.countAll<number>().as('rows'))
      .executeTakeFirstOrThrow();
    counts.push({table: name, rows});
  }
  return counts;
}

/** Within a transaction. The counters stay: whoever changes something waits for their rows, and would not wait for new ones. */
export async function clearTables(db: Kysely<Schema>, cleared = tables): Promise<void> {
  for (const {name} of cleared.toReversed()) {
    if (name !== 'revisions') await db.deleteFrom(name).execute();
  }
}

/** Answers how many went in. */
async function put(db: Kysely<Schema>, table: keyof Schema, rows: readonly Row[]): Promise<number> {
  if (table !== 'revisions') return insertRows(db, table, rows);
  for (const {name = '', value = 0} of rows) {
    const change = loosely(db).updateTable(table).set({value}).where('name', '=', name);
    const {numUpdatedRows} = await change.executeTakeFirst();
    if (numUpdatedRows === 0n) await loosely(db).insertInto(table).values({name, value}).execute();
  }
  return rows.length;
}

/** By table, in all schemas: what is nowhere among them can't be put in. */
async function columnsIn(db: Kysely<Schema>): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = Map.groupBy(await db.introspection.getTables(), ({name}) => name);
  return new Map(
    [...found].map(([name, all]) => [
      name,
      new Set(all.flatMap(({columns}) => columns.map((column) => column.name))),
    ]),
  );
}

/** What a newer version has added stays behind. */
function withColumns(rows: readonly Row[], columns: ReadonlySet<string>): readonly Row[] {
  if (Object.keys(rows[0] ?? {}).every((column) => columns.has(column))) return rows;
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).filter(([column]) => columns.has(column))),
  );
}

interface CopyOptions {
  /** All of them unless given. */
  readonly copied?: readonly Table[];
  readonly pass?: Passage;
  readonly onRows?: (rows: number) => void;
}

/**
 * Into empty tables, within a transaction of each side. Counts what went in, and not what is there, as others may put something into a table that nobody
 * waits for; rejects with a MetadataError where that is not what was sent.
 */
export async function copyTables(
  from: Kysely<Schema>,
  to: Kysely<Schema>,
  {copied = tables, pass = (_, row) => row, onRows = () => undefined}: CopyOptions = {},
): Promise<readonly Counted[]> {
  const counts: Counted[] = [];
  const columns = await columnsIn(to);
  for (const table of copied) {
    let rows = 0;
    const known = columns.get(table.name) ?? new Set();
    for await (const part of batches(from, table)) {
      const kept = withColumns(part, known).flatMap((row) => {
        const passed = pass(table.name, row);
        return passed === undefined ? [] : [passed];
      });
      const arrived = await put(to, table.name, kept);
      if (arrived !== kept.length) {
        const message = `of ${table.name} not all rows have arrived: nothing is kept`;
        throw new MetadataError('query', message);
      }
      rows += arrived;
      onRows(part.length);
    }
    counts.push({table: table.name, rows});
  }
  return counts;
}

/** One state of everything, however long it is read. */
export const snapshotOf = async <T>(
  db: Kysely<Schema>,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> => db.transaction().setAccessMode('read only').execute(work);
