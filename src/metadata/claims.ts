/** What only one can have. */
import type {Kysely} from 'kysely';
import {changing} from './revisions.ts';
import type {Schema} from './schema.ts';

const firstAdmin = 'first-admin';

/** Whether there has been an admin: no sign-in makes one any more. */
export async function isFirstAdminClaimed(db: Kysely<Schema>): Promise<boolean> {
  const query = db.selectFrom('claims').select('name').where('name', '=', firstAdmin);
  return (await query.executeTakeFirst()) !== undefined;
}

/** Within `changing`. False: somebody had it. */
export async function takeFirstAdmin(
  db: Kysely<Schema>,
  {id, now}: {readonly id: string; readonly now: number},
): Promise<boolean> {
  if (await isFirstAdminClaimed(db)) return false;
  const claim = {name: firstAdmin, user_id: id, created_at: now};
  await db.insertInto('claims').values(claim).execute();
  return true;
}

/** Makes this person the admin, if there never was one: of N racers exactly one gets true. Robots and the disabled do not count. */
export async function claimFirstAdmin(
  db: Kysely<Schema>,
  {id, now}: {readonly id: string; readonly now: number},
): Promise<boolean> {
  return changing(db, async (turn) => {
    const user = await turn
      .selectFrom('users')
      .select(['is_robot', 'is_enabled'])
      .where('id', '=', id)
      .executeTakeFirst();
    if (user?.is_enabled !== 1 || user.is_robot === 1) return false;
    if (!(await takeFirstAdmin(turn, {id, now}))) return false;
    await turn
      .updateTable('users')
      .set((eb) => ({is_admin: 1, generation: eb('generation', '+', 1), updated_at: now}))
      .where('id', '=', id)
      .execute();
    return true;
  });
}
