/** Takes away what the index has of a repository, however much that is. */
import {type Kysely, sql} from 'kysely';
import type {Schema} from '../schema.ts';

/** By what their rows differ within a repository. */
const keys = {
  tags: 'name',
  revisions_held: 'digest',
  repository_descriptions: 'path',
  stars: 'user_id',
  comments: 'id',
  pulls: 'reference',
} as const satisfies Partial<{readonly [T in keyof Schema]: keyof Schema[T]}>;

/** A server ends a statement that takes long. */
const atOnce = 500;

/** Within a transaction, where it has to be all or nothing. */
export async function deleteOfPath(
  db: Kysely<Schema>,
  table: keyof typeof keys,
  path: string,
): Promise<void> {
  const key = sql.ref<string>(keys[table]);
  // What was deleted just now is still passed over by whoever begins at the start.
  for (let after = ''; ;) {
    const last = await db
      .selectFrom(table)
      .select(key.as('key'))
      .where('path', '=', path)
      .where(key, '>', after)
      .orderBy(key)
      .limit(1)
      .offset(atOnce - 1)
      .executeTakeFirst();
    const rows = db.deleteFrom(table).where('path', '=', path).where(key, '>', after);
    if (!last) {
      await rows.execute();
      return;
    }
    await rows.where(key, '<=', last.key).execute();
    after = last.key;
  }
}
