/** What a token grants, and whose it is. */
import {LRUCache} from 'lru-cache';
import type {Database} from '../metadata/database.ts';
import {findUser} from '../metadata/users.ts';
import {formatScope, type Scope} from '../oci/scope.ts';
import {accountOf} from './account-source.ts';
import {everyAction} from './authorize.ts';
import {anonymous, type Caller} from './caller.ts';
import type {Generations} from './generations.ts';
import type {Rights} from './rights.ts';
import type {VerifiedToken} from './verified-token.ts';

interface StandingOf {
  readonly db: Database['db'];
  readonly rights: Pick<Rights, 'refusal'>;
  readonly generations: Pick<Generations, 'hasChangedSince' | 'era'>;
  readonly judgements: Judgements;
}

/** In which era a token and what it was needed for were last judged: once is enough until something changes. */
export type Judgements = LRUCache<string, number>;

export const newJudgements = (): Judgements => new LRUCache({max: 10_000});

/** All actions of the scope. */
function grants({access}: Pick<VerifiedToken, 'access'>, wanted: Scope): boolean {
  const granted = access
    .filter(({type, name}) => type === wanted.type && name === wanted.name)
    .flatMap(({actions}) => actions);
  return granted.includes(everyAction) || wanted.actions.every((each) => granted.includes(each));
}

/** Whether a token grants a scope, and its holder still may what he might when it was issued: of what has changed since, nobody knows what it was. */
export async function stillGrants(
  {db, rights, generations, judgements}: StandingOf,
  token: VerifiedToken,
  wanted: Scope,
): Promise<boolean> {
  if (!grants(token, wanted)) return false;
  // That of an account is tied to this database by the account; one of nobody may be of another registry with the same key.
  const isOurs = token.accountId !== undefined;
  if (isOurs && !generations.hasChangedSince(token.issuedAt)) return true;
  const {era} = generations;
  const key = `${token.id} ${formatScope(wanted)}`;
  if (judgements.get(key) === era) return true;
  const holder = await holderOf(db, token);
  const may = holder !== undefined && (await rights.refusal(holder, wanted)) === undefined;
  if (may) judgements.set(key, era);
  return may;
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
