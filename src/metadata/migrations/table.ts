/** Tables and their indexes, as migrations make them. */
import type {CreateTableBuilder, Kysely} from 'kysely';
import {columns} from '../dialect.ts';

type Columns = Readonly<Record<string, keyof typeof columns>>;

/** A table with the columns that must have a value, and those that may have none. */
export function table(
  {schema}: Pick<Kysely<unknown>, 'schema'>,
  name: string,
  filled: Columns,
  optional: Columns = {},
): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = schema.createTable(name);
  for (const [column, type] of Object.entries(filled)) {
    builder = builder.addColumn(column, columns[type], (it) => it.notNull());
  }
  for (const [column, type] of Object.entries(optional)) {
    builder = builder.addColumn(column, columns[type]);
  }
  return builder;
}

export async function index(
  {schema}: Pick<Kysely<unknown>, 'schema'>,
  name: string,
  ...on: string[]
): Promise<void> {
  const builder = schema.createIndex(`${name}_${on.join('_')}`).on(name);
  await builder.columns(on).execute();
}
