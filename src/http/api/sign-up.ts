/** Accounts that people make by themselves, by whichever address. */
import {userName} from '../../auth/administration/fields.ts';
import type {User} from '../../metadata/users.ts';
import {originOf} from '../activity-origin.ts';
import type {Context} from '../context.ts';
import type {SignInOptions} from '../sign-in/context.ts';
import {ApiError} from './api-error.ts';

interface Wanted {
  readonly username: string;
  readonly password: string;
  /** Null or empty: none. */
  readonly email?: string | null | undefined;
}

/** Rejects with an ApiError `off`, `taken` or `limited`, and as logins do. */
export async function signUp(
  ctx: Context,
  {accounts}: Pick<SignInOptions, 'accounts'>,
  {username, password, email}: Wanted,
): Promise<User> {
  if (!accounts.signUp.isOn) throw new ApiError('off', 'accounts are made by the admin here');
  const account = {name: userName.parse(username), password, ...(email ? {email} : {})};
  const made = await accounts.signUp.create(account, originOf(ctx, undefined));
  if (made === 'taken') {
    throw new ApiError('taken', [{field: 'username', message: 'is taken'}]);
  }
  if (made.outcome === 'limited') {
    const headers = {'Retry-After': String(made.retryAfter)};
    throw new ApiError('limited', 'too many accounts were made from there; try later', {headers});
  }
  return made.user;
}
