/** MariaDB and PostgreSQL: locks of the server's, that end with the connection of who has them. */
import {setTimeout as pause} from 'node:timers/promises';
import {type Kysely, type RawBuilder, sql} from 'kysely';
import {type Engine, hasTableOnServer, patience} from './engine.ts';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';

/** In milliseconds. Asked again and again: a question that waits for long looks like a server that is silent. */
const between = 200;

async function acquire(
  db: Kysely<Schema>,
  title: string,
  attempt: RawBuilder<{readonly got: number}>,
): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const {rows} = await attempt.execute(db);
    if (rows[0]?.got === 1) return;
    if (performance.now() > deadline) {
      throw new MetadataError('busy', `${title} is being changed by another process`);
    }
    await pause(between);
  }
}

/** For changes of tables, which take longer than questions: connections of their own, while `work` lasts. */
export type WithPatience = <T>(work: (db: Kysely<Schema>) => Promise<T>) => Promise<T>;

/** Its locks are the whole server's: the name of the database is in theirs. No transaction: a change of tables would commit it. */
export const mariadbEngine = (title: string, withPatience: WithPatience): Engine => ({
  name: 'mariadb',
  title,
  hasTable: async (db, name) => hasTableOnServer(db, 'database()', name),
  alone: async (_, work) =>
    withPatience(async (db) =>
      db.connection().execute(async (connection) => {
        // It ends with the connection, which ends with the work.
        const attempt = sql<{readonly got: number}>`
          select get_lock(concat('holdfast-', database()), 0) as got
        `;
        await acquire(connection, title, attempt);
        return work(connection);
      }),
    ),
});

/** An arbitrary number, the same for ever. */
const lockNumber = 7_215_302_118;

export const postgresEngine = (title: string, withPatience: WithPatience): Engine => ({
  name: 'postgres',
  title,
  hasTable: async (db, name) => hasTableOnServer(db, 'current_schema()', name),
  alone: async (_, work) =>
    withPatience(async (db) =>
      db.transaction().execute(async (transaction) => {
        const attempt = sql<{readonly got: number}>`
          select pg_try_advisory_xact_lock(${sql.lit(lockNumber)})::int as got
        `;
        await acquire(transaction, title, attempt);
        return work(transaction);
      }),
    ),
});
