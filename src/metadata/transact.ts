/** A transaction that is begun again where another came between. */
import type {Kysely} from 'kysely';
import {isUniqueViolation} from './unique-violation.ts';
import {MetadataError} from './metadata-error.ts';
import type {Schema} from './schema.ts';

/** What MariaDB and PostgreSQL call it: a deadlock, and an order that there is not. Nothing of the transaction is left then. */
const untied: ReadonlySet<string> = new Set(['ER_LOCK_DEADLOCK', 'ER_CHECKREAD', '40P01', '40001']);
const attempts = 5;

/** Whether it was given up for another: nothing of it is left. */
export const isUntied = (error: unknown): boolean =>
  error instanceof MetadataError && untied.has(error.code ?? '');

/** Whoever has put in the same row meanwhile is seen by the next attempt. */
const mayRepeat = (error: unknown): boolean => isUniqueViolation(error) || isUntied(error);

/**
 * In the transaction that `db` is, or one of its own; `work` may be done several times, and does nothing but ask the database. It is told which attempt
 * it is, from 1 on.
 */
export async function transact<T>(
  db: Kysely<Schema>,
  work: (db: Kysely<Schema>, attempt: number) => Promise<T>,
): Promise<T> {
  if (db.isTransaction) return work(db, 1);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(async (turn) => work(turn, attempt));
    } catch (error) {
      if (attempt === attempts || !mayRepeat(error)) throw error;
    }
  }
}
