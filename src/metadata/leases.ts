/** Work that one process does at a time: whoever holds its lease, which ends by itself. */
import type {Kysely} from 'kysely';
import type {Schema} from './schema.ts';
import {transact} from './transact.ts';

interface Wanted {
  readonly name: string;
  /** Another one for each process. */
  readonly holder: string;
  /** In ms. */
  readonly now: number;
  readonly until: number;
}

/** Takes it, or goes on holding it. False: somebody else has it. */
export async function takeLease(
  db: Kysely<Schema>,
  {name, holder, now, until}: Wanted,
): Promise<boolean> {
  return transact(db, async (turn) => {
    const {numUpdatedRows} = await turn
      .updateTable('leases')
      .set({holder, expires_at: until})
      .where('name', '=', name)
      .where((eb) => eb.or([eb('holder', '=', holder), eb('expires_at', '<=', now)]))
      .executeTakeFirst();
    if (numUpdatedRows > 0n) return true;
    const query = turn.selectFrom('leases').select('name').where('name', '=', name);
    if (await query.executeTakeFirst()) return false;
    await turn.insertInto('leases').values({name, holder, expires_at: until}).execute();
    return true;
  });
}

export async function endLease(
  db: Kysely<Schema>,
  {name, holder}: Pick<Wanted, 'name' | 'holder'>,
): Promise<void> {
  await db.deleteFrom('leases').where('name', '=', name).where('holder', '=', holder).execute();
}
