/** Whom an id, a name or an e-mail stands for, as far as this caller may know. */
import type {Database} from '../../metadata/database.ts';
import {findUserByEmail} from '../../metadata/user-pages.ts';
import {findUser, findUserByName, type User} from '../../metadata/users.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';

/** `undefined`: for nobody. */
export async function findAnyUser(db: Database['db'], text: string): Promise<User | undefined> {
  return (
    (await findUser(db, text)) ??
    (await findUserByName(db, text)) ??
    (text.includes('@') ? findUserByEmail(db, text) : undefined)
  );
}

/** Admins see everybody, others themselves; who is there is not told to them. Throws an ApiError. */
export async function findUserFor(
  db: Database['db'],
  {caller, isWhole}: Asker,
  text: string,
): Promise<User> {
  const user = await findAnyUser(db, text);
  if (caller.kind === 'account' && user?.id === caller.id) return user;
  if (caller.kind !== 'account' || !caller.isAdmin || !isWhole) {
    throw new ApiError('denied', 'only an admin may see other accounts');
  }
  if (!user) throw new ApiError('unknown', 'there is no such account');
  return user;
}
