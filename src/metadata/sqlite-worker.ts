/** The thread that holds the SQLite file: tasks come in, and are answered in their order. */
import {workerData} from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import {LRUCache} from 'lru-cache';
import {answerRequests} from '../host/answer-requests.ts';
import type {SqliteExchange, SqliteLocation, SqliteReply, SqliteTask} from './sqlite-thread.ts';

const {file, exclusive} = workerData as SqliteLocation;
/** In milliseconds: how long another process may keep us waiting; who has it to himself lets requests in flight end before he goes. */
const patience = exclusive ? 10_000 : 5_000;
const statements = new LRUCache<string, Sqlite.Statement>({max: 300});
let database: Sqlite.Database | undefined;

function open(): Sqlite.Database {
  const opened = new Sqlite(file, {fileMustExist: true, timeout: patience});
  try {
    opened.pragma(`locking_mode = ${exclusive ? 'EXCLUSIVE' : 'NORMAL'}`);
    opened.pragma(`journal_mode = ${exclusive ? 'DELETE' : 'WAL'}`);
    opened.pragma('synchronous = FULL');
    // In KiB, and in pages of 4: digests come in no order, and whoever writes many of them meets all pages again and again.
    opened.pragma('cache_size = -16384');
    opened.pragma('wal_autocheckpoint = 4096');
    opened.pragma('foreign_keys = ON');
    opened.pragma('trusted_schema = OFF');
    opened.pragma('cell_size_check = ON');
    // Two that only read would share the lock, and keep each other from writing for ever.
    if (exclusive) opened.exec('begin exclusive; commit');
    return opened;
  } catch (error) {
    opened.close();
    throw error;
  }
}

const isBusy = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');

/** SQLite does not wait by itself where two processes change the journal's mode at once. */
function openPatiently(): Sqlite.Database {
  const deadline = performance.now() + patience;
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      return open();
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error;
      Atomics.wait(never, 0, 0, 20);
    }
  }
}

function forget(): void {
  statements.clear();
  database?.close();
  database = undefined;
}

function query(
  db: Sqlite.Database,
  {sql, parameters, within}: SqliteTask & {kind: 'query'},
): SqliteReply {
  // SQLite ends a transaction by itself when the disk is full: what follows must not be committed one by one.
  if (db.inTransaction !== within) {
    throw new Sqlite.SqliteError(
      within ? 'the transaction has been ended' : 'a transaction is open',
      'SQLITE_ABORT_ROLLBACK',
    );
  }
  let statement = statements.get(sql);
  if (!statement) {
    statement = db.prepare(sql);
    statements.set(sql, statement);
  }
  if (statement.reader) return {rows: statement.all(...parameters)};
  return {rows: [], changes: statement.run(...parameters).changes};
}

/** More pages than a file can have. */
const allPages = 0x7f_ff_ff_ff;

async function backup(db: Sqlite.Database, target: string): Promise<void> {
  // A connection can't be copied from while it has changes of its own.
  const source = db.inTransaction ? new Sqlite(file, {readonly: true}) : db;
  try {
    // In one step: whatever is committed between two would have it begin anew, without end where somebody always pushes.
    await source.backup(target, {progress: () => allPages});
  } finally {
    if (source !== db) source.close();
  }
}

async function perform(task: SqliteTask): Promise<SqliteReply> {
  if (task.kind === 'close') {
    forget();
    return {rows: []};
  }
  const db = (database ??= openPatiently());
  if (task.kind === 'query') return query(db, task);
  if (task.kind === 'backup') await backup(db, task.target);
  else if (db.inTransaction) db.exec('rollback');
  return {rows: []};
}

function failure(error: unknown): SqliteReply {
  const {message} = error instanceof Error ? error : new Error(String(error));
  const code = error instanceof Sqlite.SqliteError ? error.code : 'ERROR';
  // A disk that was away comes back under a new handle.
  if (/^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN)/.test(code)) forget();
  return {rows: [], error: {code, message}};
}

answerRequests<SqliteExchange>(async (task) => perform(task).catch(failure));
