/** How long somebody who wants to be told has waited. */
import type {Kysely} from 'kysely';
import type {Schema} from '../schema.ts';

/** When the first that waits for it was handed out, in ms: by the index, however many are over. */
export async function waitingSince(
  db: Kysely<Schema>,
  endpoint: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('deliveries')
    .select('created_at')
    .where('endpoint', '=', endpoint)
    .where('state', '=', 'waiting')
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row?.created_at;
}
