/** A transaction that is begun again where the server has ended it to untie two that waited for each other. */
import type {Kysely} from 'kysely';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';

/** What MariaDB and PostgreSQL call it: a deadlock, and an order that there is not. Nothing of the transaction is left then. */
const untied: ReadonlySet<string> = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', '40P01', '40001']);
const attempts = 5;

const mayRepeat = (error: unknown): boolean =>
  error instanceof MetadataError && untied.has(error.code ?? '');

/** In the transaction that `db` is, or one of its own; `work` may be done several times, and does nothing but ask the database. */
export async function transact<T>(
  db: Kysely<Schema>,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (attempt === attempts || !mayRepeat(error)) throw error;
    }
  }
}
