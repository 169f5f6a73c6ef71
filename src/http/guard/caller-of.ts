/** Who asks, once his route's scope was required. */
import type {Access} from '../../auth/access.ts';
import {anonymous, type Caller} from '../../auth/caller.ts';
import {holderOf} from '../../auth/token-holder.ts';
import type {Context} from '../context.ts';

/** Who shows a token that counts, or logs in; nobody else. */
export async function callerOf(
  {state: {presented}}: Context,
  {db}: Pick<Access, 'db'>,
): Promise<Caller> {
  if (presented?.kind === 'account') return presented.account;
  const token = presented?.kind === 'token' ? presented.token : undefined;
  return (token && (await holderOf(db, token))) ?? anonymous;
}
