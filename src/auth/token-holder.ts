/** What a token grants, and whose it is. */
import type {Database} from '../metadata/database.ts';
import {findUser} from '../metadata/users.ts';
import type {Scope} from '../oci/scope.ts';
import {accountOf} from './account-source.ts';
import {everyAction} from './authorize.ts';
import {anonymous, type Caller} from './caller.ts';
import {liesIn} from './owning-namespace.ts';
import type {Rights} from './rights.ts';
import type {VerifiedToken} from './verified-token.ts';

/** All actions of the scope. */
function grants({access}: Pick<VerifiedToken, 'access'>, wanted: Scope): boolean {
  const granted = access
    .filter(({type, name}) => type === wanted.type && name === wanted.name)
    .flatMap(({actions}) => actions);
  return granted.includes(everyAction) || wanted.actions.every((each) => granted.includes(each));
}

/** The same, with another look where a namespace was yet to be made: it may be somebody else's by now. */
export async function stillGrants(
  {db, rights}: {readonly db: Database['db']; readonly rights: Pick<Rights, 'refusal'>},
  token: VerifiedToken,
  wanted: Scope,
): Promise<boolean> {
  if (!grants(token, wanted)) return false;
  if (!token.unmade?.some((namespace) => liesIn(namespace, wanted.name))) return true;
  const holder = await holderOf(db, token);
  return holder !== undefined && (await rights.refusal(holder, wanted)) === undefined;
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
