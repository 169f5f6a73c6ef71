/** Application tokens: they work as the password of their account. */
import {z} from 'zod';
import {createToken, deleteToken} from '../../../auth/administration/application-tokens.ts';
import type {AdministrationContext} from '../../../auth/administration/context.ts';
import {anyNamespaceName, lifetime, tokenName} from '../../../auth/administration/fields.ts';
import {namespaceTitle} from '../../../auth/administration/namespace-title.ts';
import {ownsRobot} from '../../../auth/administration/ownership.ts';
import {
  type ApplicationToken,
  findApplicationToken,
  listApplicationTokens,
} from '../../../metadata/application-tokens.ts';
import {findUser, type User} from '../../../metadata/users.ts';
import {ApiError} from '../api-error.ts';
import type {Asker} from '../asker.ts';
import {endpoint, type Endpoint} from '../endpoint.ts';
import {accountOf, idParam, judgedBy, time, timeOrNull, timeText, unknown} from '../fields.ts';
import {findAnyUser} from '../find-user.ts';
import type {PeopleOptions} from '../people.ts';

const byUser = idParam('The id or the name of the account.');
const whose = 'People have their own, owners those of the robots of their teams, and admins all.';

const tokenAnswer = z
  .strictObject({
    id: z.string(),
    application: z.string().describe('Its name.'),
    namespaces: z.array(z.string()).nullable().describe('Those it is limited to; null: to none.'),
    pull_only: z.boolean(),
    created_at: time,
    expires_at: time.nullable(),
    last_used_at: time.nullable(),
  })
  .meta({id: 'ApplicationToken', description: 'A token, without its secret.'});

const present = (token: ApplicationToken): z.output<typeof tokenAnswer> => ({
  id: token.id,
  application: token.name,
  namespaces: token.namespaces?.map(namespaceTitle) ?? null,
  pull_only: token.isPullOnly,
  created_at: timeText(token.createdAt),
  expires_at: timeOrNull(token.expiresAt),
  last_used_at: timeOrNull(token.lastUsedAt),
});

async function mayHave(context: AdministrationContext, asker: Asker, user: User): Promise<boolean> {
  const account = accountOf(asker);
  return account.isAdmin || account.id === user.id || ownsRobot(context, account, user.name);
}

/** Throws an ApiError: who is there is told to admins alone. */
async function userFor(context: AdministrationContext, asker: Asker, id: string): Promise<User> {
  const user = await findAnyUser(context.db, id);
  if (user && (await mayHave(context, asker, user))) return user;
  if (accountOf(asker).isAdmin) throw unknown('user');
  throw new ApiError('denied', 'only an admin may do that for others');
}

export const tokens = ({context}: PeopleOptions): readonly Endpoint[] => [
  endpoint({
    name: 'tokens-list',
    method: 'get',
    path: '/users/:id/application_tokens',
    summary: 'List the application tokens of an account',
    who: 'person',
    rule: whose,
    params: byUser,
    answers: {200: {description: 'All of them.', schema: z.array(tokenAnswer)}},
    handle: async ({asker, params}) => {
      const {id} = await userFor(context, asker, params.id);
      return {status: 200, body: (await listApplicationTokens(context.db, id)).map(present)};
    },
  }),
  endpoint({
    name: 'tokens-create',
    method: 'post',
    path: '/users/:id/application_tokens',
    summary: 'Make an application token',
    description: 'It is shown this once.',
    who: 'person',
    rule: whose,
    params: byUser,
    body: z.strictObject({
      application: judgedBy(tokenName).describe('Its name.'),
      expires_in: judgedBy(lifetime)
        .optional()
        .describe('How long it counts, as 12h or 90d; for ever unless given.'),
      namespaces: z
        .array(judgedBy(anyNamespaceName))
        .min(1)
        .max(100)
        .optional()
        .describe('Those it is good for; all that its account has unless given.'),
      pull_only: z.boolean().optional(),
    }),
    answers: {
      201: {description: 'It is made.', schema: tokenAnswer.extend({plain_token: z.string()})},
    },
    handle: async ({ctx, asker, params, body}) => {
      const user = await userFor(context, asker, params.id);
      const {application: name, expires_in: expiresIn, namespaces, pull_only: isPullOnly} = body;
      const {token} = await createToken.perform(context, accountOf(asker), {
        user: user.name,
        name,
        expiresIn,
        namespaces,
        isPullOnly,
      });
      ctx.state.log.info({username: user.name, token: name}, 'application token made');
      const all = await listApplicationTokens(context.db, user.id);
      const made = all.find((each) => each.name === name);
      if (!made) throw unknown('token');
      return {status: 201, body: {...present(made), plain_token: token}};
    },
  }),
  endpoint({
    name: 'tokens-delete',
    method: 'delete',
    path: '/users/application_tokens/:id',
    summary: 'Revoke an application token',
    description: 'It ends what was logged in by its account, with whatever token.',
    who: 'person',
    rule: whose,
    params: idParam('The id of the token.'),
    answers: {204: {description: 'It counts no more.'}},
    handle: async ({ctx, asker, params}) => {
      const found = await findApplicationToken(context.db, params.id);
      const user = found && (await findUser(context.db, found.token.userId));
      if (!user || !(await mayHave(context, asker, user))) throw unknown('token');
      const {name} = found.token;
      await deleteToken.perform(context, accountOf(asker), {user: user.name, name});
      ctx.state.log.info({username: user.name, token: name}, 'application token revoked');
      return {status: 204};
    },
  }),
];
