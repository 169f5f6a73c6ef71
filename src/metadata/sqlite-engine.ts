/** SQLite: a database is a file, and the transaction is the lock. */
import {type Kysely, sql} from 'kysely';
import {findCopy, keepCopy} from './database-file.ts';
import {type Engine, patience} from './engine.ts';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';
import type {SqliteThread} from './sqlite-thread.ts';

const copyName = (migration: string): string => `before-${migration}`;

async function hasTable(db: Kysely<Schema>, name: string): Promise<boolean> {
  const {rows} = await sql`
    select name from sqlite_master where type = 'table' and name = ${name}
  `.execute(db);
  return rows.length > 0;
}

/** One process at a time. `db.transaction` alone waits for 5 seconds. */
async function alone<T>(db: Kysely<Schema>, work: (db: Kysely<Schema>) => Promise<T>): Promise<T> {
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

/** `isAlone`: nobody else may have the file open. */
export function sqliteEngine(file: string, thread: SqliteThread, isAlone: boolean): Engine {
  return {
    name: 'sqlite',
    title: file,
    hasTable,
    alone,
    copies: {
      isEarly: isAlone,
      keep: (migration) =>
        keepCopy(file, copyName(migration), async (target) => {
          await thread.send({kind: 'backup', target});
        }),
      find: async (migration) => findCopy(file, copyName(migration)),
    },
  };
}
