/** Signs in with name and password: of people, by whichever provider. */
import type {LoginRefusal} from '../../auth/login.ts';
import {type Account, isWhole} from '../../auth/caller.ts';
import {looksLikeSecretToken} from '../../auth/secret-token.ts';
import type {Context} from '../context.ts';
import {requestSignal} from '../request-signal.ts';
import {tooMany} from '../login-refused.ts';
import {sentence} from './sentence.ts';
import type {SignInOptions} from './context.ts';

/**
 * Tokens and credentials open nothing here: who has signed in can make tokens, and what is limited must not become what is not. Rejects as logins do.
 */
export async function loginOfPerson(
  ctx: Context,
  {accounts}: Pick<SignInOptions, 'accounts'>,
  {username, password}: {readonly username: string; readonly password: string},
): Promise<Account | LoginRefusal> {
  const refusal = {outcome: 'refused', reason: 'bad-credentials'} as const;
  if (looksLikeSecretToken(password)) return refusal;
  const attempt = {username, password, address: ctx.state.client.address};
  const login = await accounts.logins.login(attempt, requestSignal(ctx));
  if (login.outcome === 'refused') return login;
  // An ID token, or a credential of a part of somebody's rights.
  const {account, isShortLived = false} = login;
  return !isShortLived && isWhole(account) ? account : refusal;
}

/** As the person is told. */
export const sentenceOf = (refusal: LoginRefusal): string =>
  refusal.reason === 'locked' || refusal.reason === 'rate-limited'
    ? sentence(tooMany(refusal))
    : 'The name or the password is not right.';
