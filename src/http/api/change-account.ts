/** Changes an account as far as the asker may: all that is not the password at once, or nothing of it, and then the password. */
import type {AdministrationContext} from '../../auth/administration/context.ts';
import {changeProfile} from '../../auth/administration/profile.ts';
import {
  changeAdmin,
  changePassword,
  disableUser,
  enableUser,
  requirePasswordHere,
} from '../../auth/administration/users.ts';
import type {Account} from '../../auth/caller.ts';
import {setOwnPassword} from '../../auth/own-password.ts';
import {findUser, type User} from '../../metadata/users.ts';
import type {RouteContext} from '../context.ts';
import {requestSignal} from '../request-signal.ts';
import {renewSession} from '../sign-in/context.ts';
import {tooMany} from '../login-refused.ts';
import {ApiError} from './api-error.ts';
import type {Asker} from './asker.ts';
import {changed, edit} from './edit.ts';
import {accountOf} from './fields.ts';
import type {PeopleOptions} from './people.ts';
import {presentUser, userSight} from './present-user.ts';

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
  const {password} = wanted;
  const mustProve = password !== undefined || endsItself(change);
  let owner = mustProve ? await ownerOf(ctx, options, change) : undefined;
  const edited = await edit(ctx, context, {
    current: async (within) => presentUser(userSight(within, asker), name),
    change: async (within) => {
      if (owner) await requireUnchanged(within, owner);
      await changeFields(within, change);
      // What has just been changed here may have ended what was issued before.
      owner &&= await findUser(within.db, owner.id);
    },
  });
  if (password === undefined) return edited;
  // Not within the edit: the hash is slow, and all others would wait.
  if (!owner) await changePassword.perform(context, accountOf(asker), {name, password});
  else if (!(await setOwnPassword(context, owner, {password, origin: asker.origin})))
    throw changed();
  if (asker.session && user.id === accountOf(asker).id) {
    await renewSession(ctx, signIn, asker.session);
  }
  return presentUser(userSight(context, asker), name);
}

async function changeFields(
  within: AdministrationContext,
  {asker, user, wanted: {display_name: shown, email, admin: isAdmin, enabled}}: Change,
): Promise<void> {
  const account = accountOf(asker);
  const {name} = user;
  const profile = {displayName: orNull(shown), email: orNull(email)};
  if (Object.values(profile).some((value) => value !== undefined)) {
    await changeProfile.perform(within, account, {name, ...profile});
  }
  if (isAdmin !== undefined && isAdmin !== user.isAdmin) {
    await changeAdmin.perform(within, account, {name, isAdmin});
  }
  if (enabled === undefined || enabled === user.isEnabled) return;
  await (enabled ? enableUser : disableUser).perform(within, account, {name});
}

/** Where a provider keeps the password, there is none to be shown. */
const endsItself = ({asker, user, wanted: {enabled}}: Change): boolean =>
  enabled === false &&
  user.isEnabled &&
  user.provider === 'local' &&
  accountOf(asker).id === user.id;

type Owner = Pick<Account, 'id' | 'name' | 'isRobot' | 'generation'>;

/** Throws an ApiError where the password that was shown may be a thief's by now. */
async function requireUnchanged(
  {db}: AdministrationContext,
  {id, generation}: Owner,
): Promise<void> {
  if ((await findUser(db, id))?.generation !== generation) throw changed();
}

const orNull = (text: string | null | undefined): string | null | undefined =>
  text === '' ? null : text;

/**
 * Who has shown the password that the account has; of an admin nothing is asked for that of another: `undefined`. Throws an ApiError, and an
 * AdministrationError.
 */
async function ownerOf(
  ctx: RouteContext,
  {signIn: {accounts}}: PeopleOptions,
  {asker, user, wanted: {current_password: password}}: Change,
): Promise<Owner | undefined> {
  const account = accountOf(asker);
  if (account.isAdmin && account.id !== user.id) return undefined;
  requirePasswordHere(user);
  const field = 'current_password';
  if (password === undefined) {
    throw new ApiError('invalid', [
      {field, message: 'must be given: your password, as you change it or disable your account'},
    ]);
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
  // Another source of accounts may know somebody else by this name.
  if (login.account.id !== user.id) throw changed();
  return login.account;
}
