/** Accounts: made, changed and deleted. */
import {z} from 'zod';
import {email, line, password, userName} from '../../../auth/administration/fields.ts';
import {removeRobot} from '../../../auth/administration/robots.ts';
import {createUser, removeUser, unlockUser} from '../../../auth/administration/users.ts';
import type {RouteContext} from '../../context.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import {changeAccount} from '../change-account.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, judgedBy} from '../fields.ts';
import {findUserFor} from '../find-user.ts';
import type {PeopleOptions} from '../people.ts';
import {presentUser, userSight, wholeUserAnswer} from '../present-user.ts';
import {signUp} from '../sign-up.ts';

const byId = idParam('The id or the name of the account.');
const displayName = judgedBy(line(128));
const mail = judgedBy(email);
/** Portus sends an empty one for none. */
const orNone = (text: typeof mail) => text.or(z.literal('')).nullable();

const newUser = z.strictObject({
  username: judgedBy(userName),
  password,
  email: orNone(mail).optional(),
  display_name: orNone(displayName).optional(),
  admin: z.boolean().optional().describe('An admin may make another.'),
  bot: z.literal(false, 'robots belong to teams: POST /api/v1/robots').optional(),
});

export const accounts = ({signIn, context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'users-create',
    method: 'post',
    path: '/users',
    summary: 'Make an account',
    description: 'Without an account: sign up, where auth.signUp lets people, else 405.',
    who: 'anonymous',
    rule: 'Admins make accounts for others.',
    canBeOff: true,
    wrapper: 'user',
    body: newUser,
    answers: {201: {description: 'It is made.', schema: wholeUserAnswer}},
    handle: async ({ctx, asker, body}) => {
      if (asker.caller.kind === 'anonymous') return register(ctx, {signIn, context}, asker, body);
      const {username: name, password: text, email: address, display_name: shown, admin} = body;
      await createUser.perform(context, requireWhole(asker), {
        name,
        password: text,
        isAdmin: admin === true,
        ...(shown ? {displayName: shown} : {}),
        ...(address ? {email: address} : {}),
      });
      return {status: 201, body: await presentUser(userSight(context, asker), name)};
    },
  }),
  endpoint({
    name: 'users-update',
    method: 'put',
    path: '/users/:id',
    summary: 'Change an account',
    description:
      'What is left out stays as it is, and the name stays in any case. `enabled: false` ends all sessions and tokens; of oneself it needs `current_password` where the account is `local`.',
    who: 'person',
    rule: 'Admins change all accounts; others their own e-mail, display name and, with `current_password`, password. So anybody disables his own, too: only an admin enables it again.',
    params: byId,
    wrapper: 'user',
    edits: true,
    body: z.strictObject({
      username: judgedBy(userName).optional().describe('The name that it has.'),
      email: orNone(mail).optional(),
      display_name: orNone(displayName).optional(),
      password: password.optional(),
      current_password: z.string().max(4096).optional(),
      admin: z.boolean().optional(),
      enabled: z.boolean().optional(),
    }),
    answers: {200: {description: 'The account as it is now.', schema: wholeUserAnswer}},
    handle: async ({ctx, asker, params, body}) => {
      const user = await findUserFor(context.db, asker, params.id);
      if (body.username !== undefined && body.username !== user.name) {
        const message = 'stays: it is a part of the names of images';
        throw new ApiError('invalid', [{field: 'username', message}]);
      }
      const changed = await changeAccount(ctx, {signIn, context}, {asker, user, wanted: body});
      return {status: 200, body: changed};
    },
  }),
  endpoint({
    name: 'users-delete',
    method: 'delete',
    path: '/users/:id',
    summary: 'Delete an account with all its tokens',
    who: 'admin',
    params: byId,
    query: z.strictObject({
      namespaces: z
        .enum(['keep', 'delete'], 'must be keep or delete')
        .default('keep')
        .describe('Whether its namespaces are kept, for the team of the root namespace.'),
    }),
    answers: {204: {description: 'It is gone.'}},
    handle: async ({asker, params, query: {namespaces}}) => {
      const {name, isRobot} = await findUserFor(context.db, asker, params.id);
      const account = accountOf(asker);
      if (isRobot) await removeRobot.perform(context, account, {name});
      else await removeUser.perform(context, account, {name, namespaces});
      return {status: 204};
    },
  }),
  endpoint({
    name: 'users-unlock',
    method: 'delete',
    path: '/users/:id/lock',
    summary: 'Let a name log in again for which too many passwords were wrong',
    description: 'In the process that answers; an address that guessed too often stays out.',
    who: 'admin',
    params: byId,
    answers: {204: {description: 'It is not locked.'}},
    handle: async ({asker, params}) => {
      const {name} = await findUserFor(context.db, asker, params.id);
      await unlockUser.perform(context, accountOf(asker), {name});
      return {status: 204};
    },
  }),
];

function requireWhole(asker: Asker) {
  const {caller, isWhole} = asker;
  if (caller.kind === 'account' && isWhole && caller.isAdmin) return accountOf(asker);
  throw new ApiError('denied', 'only an admin may make accounts for others');
}

/** Sign-up. */
async function register(
  ctx: RouteContext,
  {signIn, context}: PeopleOptions,
  asker: Asker,
  {display_name: shown, admin, ...wanted}: z.output<typeof newUser>,
) {
  // Whoever may not sign up is told that first.
  if (signIn.accounts.signUp.isOn) {
    if (admin === true) throw new ApiError('denied', 'only an admin may make an admin');
    if (shown) {
      const message = 'is said after the sign-up';
      throw new ApiError('invalid', [{field: 'display_name', message}]);
    }
  }
  const {name} = await signUp(ctx, signIn, wanted);
  return {status: 201, body: await presentUser(userSight(context, asker), name)};
}
