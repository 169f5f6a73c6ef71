/** The counter by which every process notices that an account, a team, a namespace or a token has changed. */
import type {Kysely, Transaction} from 'kysely';
import type {Schema} from './schema.ts';
import {transact} from './transact.ts';

/** Grows with every change; as old as the question. */
export async function readRevision(db: Kysely<Schema>): Promise<number> {
  const {value} = await db
    .selectFrom('revisions')
    .select('value')
    .where('name', '=', 'accounts')
    .executeTakeFirstOrThrow();
  return value;
}

/** Within a transaction: others wait for its end. */
export async function setRevision(db: Kysely<Schema>, value: number): Promise<void> {
  await db.updateTable('revisions').set({value}).where('name', '=', 'accounts').execute();
}

/** The rows stay as they were unless the answer is one of these. */
const isChange = (result: object | string | boolean | undefined): boolean =>
  result === true || result === 'done' || typeof result === 'object';

async function takeTurn<T extends object | string | boolean | undefined>(
  db: Kysely<Schema>,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  // Whoever comes next waits here, on every engine: what `work` reads stays true until it is committed.
  const lock = db.updateTable('revisions').set((eb) => ({value: eb.ref('value')}));
  await lock.where('name', '=', 'accounts').execute();
  const result = await work(db);
  if (isChange(result)) {
    const bump = db.updateTable('revisions').set((eb) => ({value: eb('value', '+', 1)}));
    await bump.where('name', '=', 'accounts').execute();
  }
  return result;
}

/**
 * Changes of accounts take turns, in all processes: `work` may look first and act then, in one transaction, its own or the one that `db` is.
 * An object, true or 'done' says that it has changed something; undefined, false or another word, that it has not.
 */
export async function changing<T extends object | string | boolean | undefined>(
  db: Kysely<Schema> | Transaction<Schema>,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  return transact(db, async (transaction) => takeTurn(transaction, work));
}
