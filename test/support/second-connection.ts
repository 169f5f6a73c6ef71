/** A further connection to a server's database, as another process would have it, without a thread: its start would cost more than all that a test asks. */
import {setImmediate} from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import {Kysely} from 'kysely';
import type {Database} from '../../src/metadata/database.ts';
import {sqliteError} from '../../src/metadata/sqlite-fault.ts';
import type {Schema} from '../../src/metadata/schema.ts';
import {sqliteDialect} from '../../src/metadata/sqlite-dialect.ts';
import type {SqliteAnswer, SqliteTask} from '../../src/metadata/sqlite-thread.ts';

/** In milliseconds, as long as the thread would. */
const patience = 5000;

function perform(connection: Sqlite.Database, task: SqliteTask): SqliteAnswer {
  const thread = 1;
  if (task.kind === 'rollback') {
    if (connection.inTransaction) connection.exec('rollback');
    return {rows: [], thread};
  }
  if (task.kind !== 'query') throw new TypeError(`a test asks for no ${task.kind}`);
  const statement = connection.prepare(task.sql);
  if (statement.reader) return {rows: statement.all(...task.parameters), thread};
  return {rows: [], changes: statement.run(...task.parameters).changes, thread};
}

/** The file is there, and on the state of this version: a server has it open. */
export function openSecondConnection(file: string): Pick<Database, 'db' | 'close'> {
  // It must not wait by itself: the server whose transaction it waits for may be in this very thread.
  const connection = new Sqlite(file, {fileMustExist: true, timeout: 0});
  connection.pragma('foreign_keys = ON');
  const send = async (task: SqliteTask): Promise<SqliteAnswer> => {
    for (const deadline = performance.now() + patience; ;) {
      try {
        return perform(connection, task);
      } catch (error) {
        if (!(error instanceof Sqlite.SqliteError)) throw error;
        const isBusy = error.code.startsWith('SQLITE_BUSY');
        if (!isBusy || performance.now() > deadline) throw sqliteError(file, error);
        await setImmediate();
      }
    }
  };
  const close = async (): Promise<void> => {
    connection.close();
    return Promise.resolve();
  };
  const db = new Kysely<Schema>({dialect: sqliteDialect({send, close})});
  return {db, close: async () => db.destroy()};
}
