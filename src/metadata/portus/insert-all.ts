/** Puts in many rows. */
import type {Kysely, Selectable} from 'kysely';
import type {Schema} from '../schema.ts';

type AnyTables = Readonly<Record<string, Readonly<Record<string, string | number | null>>>>;

/** Few enough for the values that a statement may have, and the bytes that a server takes at once. */
const batch = 250;

export async function insertAll<T extends keyof Schema>(
  db: Kysely<Schema>,
  table: T,
  rows: readonly Selectable<Schema[T]>[],
): Promise<void> {
  // Kysely can't follow a table that is known to the caller alone.
  const loosely = db as unknown as Kysely<AnyTables>;
  for (let start = 0; start < rows.length; start += batch) {
    const some = rows.slice(start, start + batch) as unknown as AnyTables[string][];
    await loosely.insertInto(table).values(some).execute();
  }
}
