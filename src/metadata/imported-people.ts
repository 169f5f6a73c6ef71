/** People of a directory who were taken from another system: it has told their names, and not yet what the directory calls them for good. */
import type {Kysely} from 'kysely';
import {changing} from './revisions.ts';
import type {Schema} from './schema.ts';
import {findUser, type User} from './users.ts';

const prefix = 'imported:';

/** What stands for the subject until the first login. */
export const awaitedSubject = (id: string): string => prefix + id;

/** Whether the provider can't know this subject yet. */
export const isAwaited = ({subject}: Pick<User, 'subject'>): boolean => subject.startsWith(prefix);

/** The kind of its rows in `imported`. */
const kind = 'ldap-name';

/** In the form of the table's key. */
export const awaitedName = (name: string): string => name.toLowerCase().slice(0, 255);

interface Arrival {
  readonly provider: string;
  readonly subject: string;
  /** As the provider writes it. */
  readonly username: string;
  readonly now: number;
}

/** The account of whom the provider knows by this name becomes his. `undefined`: nobody is awaited under it. */
export async function adoptImported(
  db: Kysely<Schema>,
  {provider, subject, username, now}: Arrival,
): Promise<User | undefined> {
  if (provider !== 'ldap') return undefined;
  const awaited = await findAwaited(db, username);
  if (!awaited) return undefined;
  return changing(db, async (turn) => {
    const {numUpdatedRows} = await turn
      .updateTable('users')
      .set({subject, updated_at: now})
      .where('id', '=', awaited.id)
      .where('subject', '=', awaited.subject)
      .executeTakeFirst();
    return numUpdatedRows > 0n ? {...awaited, subject} : undefined;
  });
}

async function findAwaited(db: Kysely<Schema>, username: string): Promise<User | undefined> {
  const rows = await db
    .selectFrom('imported')
    .select('id')
    .where('kind', '=', kind)
    .where('source_id', '=', awaitedName(username))
    .execute();
  for (const {id} of rows) {
    const user = await findUser(db, id);
    if (user?.provider === 'ldap' && isAwaited(user)) return user;
  }
  return undefined;
}
