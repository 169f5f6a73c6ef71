/** What a token grants, and whose it is. */
import type {Database} from '../metadata/database.ts';
import {findUser} from '../metadata/users.ts';
import type {Scope} from '../oci/scope.ts';
import {accountOf} from './account-source.ts';
import {everyAction} from './authorize.ts';
import {anonymous, type Caller} from './caller.ts';
import type {VerifiedToken} from './verified-token.ts';

/** All actions of the scope. */
export function grants({access}: Pick<VerifiedToken, 'access'>, wanted: Scope): boolean {
  const granted = access
    .filter(({type, name}) => type === wanted.type && name === wanted.name)
    .flatMap(({actions}) => actions);
  return granted.includes(everyAction) || wanted.actions.every((each) => granted.includes(each));
}

/** With the limits of the token. `undefined`: the account is not what it was any more. */
export async function holderOf(
  db: Database['db'],
  {accountId, generation, limits}: VerifiedToken,
): Promise<Caller | undefined> {
  if (accountId === undefined) return anonymous;
  const user = await findUser(db, accountId);
  if (user?.isEnabled !== true || user.generation !== generation) return undefined;
  return accountOf(user, limits);
}
