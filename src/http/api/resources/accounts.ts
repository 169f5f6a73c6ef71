/** Accounts: made, changed and deleted. */
import {z} from 'zod';
import {email, line, password, userName} from '../../../auth/administration/fields.ts';
import {removeRobot} from '../../../auth/administration/robots.ts';
import {createUser, removeUser} from '../../../auth/administration/users.ts';
import type {RouteContext} from '../../context.ts';
import {ApiError} from '../api-error.ts';
import {changeAccount} from '../change-account.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, judgedBy} from '../fields.ts';
import {findAnyUser, findUserFor} from '../find-user.ts';
import type {PeopleOptions} from '../people.ts';
import {presentUser, wholeUserAnswer} from '../present-user.ts';

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
      if (asker.caller.kind === 'anonymous') return register(ctx, {signIn, context}, body);
      const {username: name, password: text, email: address, display_name: shown, admin} = body;
      await createUser.perform(context, requireWhole(asker), {
        name,
        password: text,
        isAdmin: admin === true,
        ...(shown ? {displayName: shown} : {}),
        ...(address ? {email: address} : {}),
      });
      return {status: 201, body: await presentUser(context.db, name)};
    },
  }),
  endpoint({
    name: 'users-update',
    method: 'put',
    path: '/users/:id',
    summary: 'Change an account',
    description: 'What is left out stays as it is, and the name stays in any case.',
    who: 'person',
    rule: 'Admins change all accounts; others their own e-mail, display name and, with `current_password`, password.',
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
];

function requireWhole({caller, isWhole}: Parameters<typeof accountOf>[0]) {
  if (caller.kind === 'account' && isWhole && caller.isAdmin) return caller;
  throw new ApiError('denied', 'only an admin may make accounts for others');
}

/** Sign-up. */
async function register(
  ctx: RouteContext,
  {signIn, context}: PeopleOptions,
  {username, password: text, email: address, display_name: shown, admin}: z.output<typeof newUser>,
) {
  const {signUp} = signIn.accounts;
  if (!signUp.isOn) throw new ApiError('off', 'accounts are made by the admin here');
  if (admin === true) throw new ApiError('denied', 'only an admin may make an admin');
  if (shown) {
    const message = 'is said after the sign-up';
    throw new ApiError('invalid', [{field: 'display_name', message}]);
  }
  const name = userName.parse(username);
  const account = {name, password: text, ...(address ? {email: address} : {})};
  const made = await signUp.create(account, ctx.state.client.address);
  if (made === 'taken') {
    throw new ApiError('taken', [{field: 'username', message: 'is taken'}]);
  }
  if (made.outcome === 'limited') {
    const headers = {'Retry-After': String(made.retryAfter)};
    throw new ApiError('limited', 'too many accounts were made from there; try later', {headers});
  }
  const user = await findAnyUser(context.db, made.user.id);
  return {status: 201, body: await presentUser(context.db, user?.name ?? name)};
}
