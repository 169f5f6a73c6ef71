/** Accounts out of the database, as the login needs them. */
import {findApplicationToken} from '../metadata/application-tokens.ts';
import type {ApplicationToken} from '../metadata/application-tokens.ts';
import type {Database} from '../metadata/database.ts';
import {findUserByName, type User} from '../metadata/users.ts';
import type {Account, Limits} from './caller.ts';
import type {FoundToken} from './token-login.ts';

type Db = Database['db'];

export function accountOf(user: User, limits?: Limits): Account {
  const {id, name, provider, isAdmin, isRobot, generation} = user;
  const account = {kind: 'account', id, name, provider, isAdmin, isRobot, generation} as const;
  return {...account, ...(limits && {limits})};
}

/** Absent where the token has all that its user has. */
export function limitsOf({namespaces, isPullOnly}: ApplicationToken): Limits | undefined {
  if (namespaces === undefined && !isPullOnly) return undefined;
  return {isPullOnly, ...(namespaces && {namespaces})};
}

/** `undefined`: there is no robot of that name. */
export async function findRobot(
  db: Db,
  name: string,
): Promise<{readonly account: Account; readonly isEnabled: boolean} | undefined> {
  const user = await findUserByName(db, name);
  // A database may compare names without their case.
  if (user?.isRobot !== true || user.name !== name) return undefined;
  return {account: accountOf(user), isEnabled: user.isEnabled};
}

/** `undefined`: this user has no such application token. Unknown users cost as many questions as others. */
export async function findLoginToken(
  db: Db,
  username: string,
  id: string,
): Promise<FoundToken | undefined> {
  // The user first: if the token is deleted thereafter, what ends with it ends what is issued for this generation.
  const user = await findUserByName(db, username);
  const found = await findApplicationToken(db, id);
  if (!user || user.id !== found?.token.userId) return undefined;
  const {expiresAt} = found.token;
  return {
    hash: found.hash,
    account: accountOf(user, limitsOf(found.token)),
    isEnabled: user.isEnabled,
    ...(expiresAt === undefined ? {} : {expiresAt}),
  };
}
