/** Application tokens that another program has made: nothing in them says which one each is. */
import type {Kysely} from 'kysely';
import type {ApplicationToken} from './application-tokens.ts';
import type {Schema} from './schema.ts';
import {listApplicationTokens} from './application-tokens.ts';

export interface ForeignToken {
  readonly token: ApplicationToken;
  /** bcrypt's. */
  readonly hash: string;
}

/** The token of this user that has this hash; of those that came from elsewhere, and were used since. */
export async function findTokenByHash(
  db: Kysely<Schema>,
  {userId, hash}: {readonly userId: string; readonly hash: string},
): Promise<ApplicationToken | undefined> {
  const row = await db
    .selectFrom('application_tokens')
    .select('id')
    .where('user_id', '=', userId)
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (!row) return undefined;
  return (await listApplicationTokens(db, userId)).find(({id}) => id === row.id);
}

/** Those of this user that nobody has used here yet. */
export async function listForeignTokens(
  db: Kysely<Schema>,
  userId: string,
): Promise<readonly ForeignToken[]> {
  const rows = await db
    .selectFrom('application_tokens')
    .select(['id', 'hash'])
    .where('user_id', '=', userId)
    .where('hash', 'like', '$2%')
    .execute();
  if (rows.length === 0) return [];
  const tokens = await listApplicationTokens(db, userId);
  return rows.flatMap(({id, hash}) => {
    const token = tokens.find((each) => each.id === id);
    return token ? [{token, hash}] : [];
  });
}

/** The same token, under a hash that is quick to compare: ends nothing. Does nothing where it was deleted meanwhile. */
export async function keepTokenHash(
  db: Kysely<Schema>,
  {id, former, hash}: {readonly id: string; readonly former: string; readonly hash: string},
): Promise<void> {
  await db
    .updateTable('application_tokens')
    .set({hash})
    .where('id', '=', id)
    .where('hash', '=', former)
    .execute();
}
