/** Many rows and keys, in statements of a bounded size: every engine has a bound for the values of one, and MariaDB for its bytes. */
import {CompiledQuery, type Kysely, type Selectable} from 'kysely';
import {LRUCache} from 'lru-cache';
import type {Schema} from './schema.ts';

export type Row = Readonly<Record<string, string | number | null>>;
/** Of whatever table: which columns it has is known to the rows alone. */
export type AnyTables = Readonly<Record<string, Row>>;

const keysAtOnce = 500;
const rowsAtOnce = 200;
/** Characters of all values. With what escapes them they are up to four times as many bytes: a quarter of what MariaDB takes unless it is told otherwise. */
const longest = 1_000_000;

export function* inBatches<T>(items: readonly T[], size = keysAtOnce): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

export async function insertAll<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Selectable<Schema[T]>[],
): Promise<void> {
  await insertRows(db, table, rows as unknown as readonly Row[]);
}

/** Of a table that is known to the caller alone: what kysely can't follow. Answers how many went in. */
export async function insertRows(
  db: Kysely<Schema>,
  table: keyof Schema,
  rows: readonly Row[],
): Promise<number> {
  let count = 0;
  for (const some of bounded(rows)) {
    const {numAffectedRows} = await db.executeQuery(insertOf(db, table, some));
    count += Number(numAffectedRows);
  }
  return count;
}

/** By engine; each knows its texts by table, columns and number of rows. */
const texts = new WeakMap<object, LRUCache<string, string>>();

/** All rows have the columns of the first. The text of many takes longer to make than they take to be written: it is kept. */
function insertOf(db: Kysely<Schema>, table: keyof Schema, rows: readonly Row[]): CompiledQuery {
  const columns = Object.keys(rows[0] ?? {});
  const {adapter} = db.getExecutor();
  const known = texts.get(adapter) ?? new LRUCache<string, string>({max: 100});
  texts.set(adapter, known);
  const key = [table, rows.length, ...columns].join(' ');
  let text = known.get(key);
  if (text === undefined) {
    text = (db as unknown as Kysely<AnyTables>).insertInto(table).values(rows).compile().sql;
    known.set(key, text);
  }
  const values = rows.flatMap((row) => columns.map((column) => row[column]));
  return CompiledQuery.raw(text, values);
}

/** One that is too long by itself stands alone. */
function* bounded(rows: readonly Row[]): Generator<readonly Row[]> {
  let begin = 0;
  let length = 0;
  for (const [at, row] of rows.entries()) {
    const own = lengthOf(row);
    if (at > begin && (at - begin === rowsAtOnce || length + own > longest)) {
      yield rows.slice(begin, at);
      begin = at;
      length = 0;
    }
    length += own;
  }
  if (begin < rows.length) yield rows.slice(begin);
}

function lengthOf(row: Row): number {
  let length = 0;
  for (const value of Object.values(row)) if (typeof value === 'string') length += value.length;
  return length;
}
