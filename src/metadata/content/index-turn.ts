/** One node after the other: what is looked at in a turn is in the index before another looks. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';
import {transact} from '../transact.ts';

/** `work` may be done several times. */
export async function inIndexTurn<T>(
  db: Kysely<Schema>,
  work: (db: Kysely<Schema>) => Promise<T>,
): Promise<T> {
  return transact(db, async (turn) => {
    // Whoever comes next waits here, on every engine.
    const next = turn.updateTable('revisions').set((eb) => ({value: eb('value', '+', 1)}));
    await next.where('name', '=', 'index').execute();
    return work(turn);
  });
}
