/** Whom an id or a name stands for, as far as this caller may know. */
import type {Database} from '../../metadata/database.ts';
import {findUserByEmail} from '../../metadata/user-pages.ts';
import {findUser, findUserByName, type User} from '../../metadata/users.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';

/** `undefined`: for nobody. */
export const findAnyUser = async (db: Database['db'], text: string): Promise<User | undefined> =>
  (await findUser(db, text)) ?? findUserByName(db, text);

/** Admins see everybody, others themselves; who is there is not told to them. Throws an ApiError. */
export const findUserFor = async (db: Database['db'], asker: Asker, text: string): Promise<User> =>
  requireSeen(await findAnyUser(db, text), asker);

/** By the e-mail, too. People say it of themselves: it is good to look for somebody, and nothing is changed or given by it. */
export async function findShownUser(db: Database['db'], asker: Asker, text: string): Promise<User> {
  const named = await findAnyUser(db, text);
  return requireSeen(named ?? (await findUserByEmail(db, text)), asker);
}

function requireSeen(user: User | undefined, {caller, isWhole}: Asker): User {
  if (caller.kind === 'account' && user?.id === caller.id) return user;
  if (caller.kind !== 'account' || !caller.isAdmin || !isWhole) {
    throw new ApiError('denied', 'only an admin may see other accounts');
  }
  if (!user) throw new ApiError('unknown', 'there is no such account');
  return user;
}
