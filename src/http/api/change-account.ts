/** Changes an account as far as the asker may: all that is not the password at once, or nothing of it, and then the password. */
import {operator} from '../../auth/administration/actor.ts';
import {changeProfile} from '../../auth/administration/profile.ts';
import {
  changeAdmin,
  changePassword,
  disableUser,
  enableUser,
} from '../../auth/administration/users.ts';
import type {User} from '../../metadata/users.ts';
import type {RouteContext} from '../context.ts';
import {requestSignal} from '../request-signal.ts';
import {renewSession} from '../sign-in/context.ts';
import {tooMany} from '../login-refused.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';
import {edit} from './edit.ts';
import {accountOf} from './fields.ts';
import type {PeopleOptions} from './people.ts';
import {presentUser} from './present-user.ts';

interface Wanted {
  /** Null or empty: none any more. */
  readonly email?: string | null | undefined;
  readonly display_name?: string | null | undefined;
  readonly password?: string | undefined;
  readonly current_password?: string | undefined;
  readonly admin?: boolean | undefined;
  readonly enabled?: boolean | undefined;
}

interface Change {
  readonly asker: Asker;
  readonly user: User;
  readonly wanted: Wanted;
}

/** The account as it is then. */
export async function changeAccount(
  ctx: RouteContext,
  options: PeopleOptions,
  change: Change,
): Promise<object> {
  const {signIn, context} = options;
  const {asker, user, wanted} = change;
  const {name} = user;
  const account = accountOf(asker);
  const {admin: isAdmin, enabled, password} = wanted;
  if (password !== undefined) await requirePassword(ctx, options, change);
  const edited = await edit(ctx, context, {
    current: async (within) => presentUser(within.db, name),
    change: async (within) => {
      const profile = {displayName: orNull(wanted.display_name), email: orNull(wanted.email)};
      if (Object.values(profile).some((value) => value !== undefined)) {
        await changeProfile.perform(within, account, {name, ...profile});
      }
      if (isAdmin !== undefined && isAdmin !== user.isAdmin) {
        await changeAdmin.perform(within, account, {name, isAdmin});
      }
      if (enabled === undefined || enabled === user.isEnabled) return;
      await (enabled ? enableUser : disableUser).perform(within, account, {name});
    },
  });
  if (password === undefined) return edited;
  // Who has shown the password that he has needs be no admin. Not within the edit: its hash is slow, and all others would wait.
  await changePassword.perform(context, operator, {name, password});
  if (asker.session && user.id === account.id) await renewSession(ctx, signIn, asker.session);
  return presentUser(context.db, name);
}

const orNull = (text: string | null | undefined): string | null | undefined =>
  text === '' ? null : text;

/** Of an admin nothing, unless it is his own; of others, the password that they have. Throws an ApiError. */
async function requirePassword(
  ctx: RouteContext,
  {signIn: {accounts}}: PeopleOptions,
  {asker, user, wanted: {current_password: password}}: Change,
): Promise<void> {
  const account = accountOf(asker);
  if (account.isAdmin && account.id !== user.id) return;
  const field = 'current_password';
  if (password === undefined) {
    throw new ApiError('invalid', [{field, message: 'must be given for a password of your own'}]);
  }
  const attempt = {username: user.name, password, address: ctx.state.client.address};
  const login = await accounts.logins.login(attempt, requestSignal(ctx));
  if (login.outcome === 'refused') {
    const {reason, retryAfter} = login;
    if (reason === 'locked' || reason === 'rate-limited') {
      throw new ApiError('limited', tooMany(login), {
        headers: {'Retry-After': String(retryAfter ?? 1)},
      });
    }
    throw new ApiError('invalid', [{field, message: 'is not right'}]);
  }
  // A token is no password, and must not become one.
  if (login.applicationTokenId !== undefined || login.isShortLived === true) {
    throw new ApiError('invalid', [{field, message: 'must be the password, and no token'}]);
  }
}
