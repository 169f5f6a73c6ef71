/** Sign-ins for programs in a browser: who has signed in, and in which ways one can. */
import {z} from 'zod';
import type {WebSession} from '../../auth/sessions.ts';
import type {Context} from '../context.ts';
import {beginSession, sessionOf, type SignInOptions} from '../sign-in/context.ts';
import {loginOfPerson, sentenceOf} from '../sign-in/password.ts';
import {here} from '../sign-in/place.ts';
import {ApiError} from './api-error.ts';
import {endpoint, type Endpoint, type Reply} from './endpoint.ts';

const credentials = z.strictObject({
  username: z.string('must be text').max(255, 'is too long'),
  password: z.string('must be text').max(4096, 'is too long'),
});

const sessionAnswer = z
  .strictObject({
    user: z
      .strictObject({
        name: z.string(),
        displayName: z.string().optional(),
        isAdmin: z.boolean(),
        provider: z.string(),
      })
      .optional()
      .describe('Who has signed in; absent: nobody.'),
    expiresAt: z.iso.datetime().optional(),
    providers: z
      .array(z.strictObject({id: z.string(), displayName: z.string(), path: z.string()}))
      .describe('Where a browser can be sent to sign in.'),
    hasAdmin: z.boolean(),
  })
  .meta({id: 'Session', description: 'The sign-in of a browser.'});

export const sessionEndpoints = (options: SignInOptions): readonly Endpoint[] => [
  endpoint({
    name: 'session',
    method: 'get',
    path: '/session',
    summary: 'Tell who has signed in with this browser, and how one can',
    who: 'everybody',
    answers: {200: {description: 'The session.', schema: sessionAnswer}},
    handle: async ({ctx}) => ({
      status: 200,
      body: await describe(ctx, options, await sessionOf(ctx, options)),
    }),
  }),
  endpoint({
    name: 'session-begin',
    method: 'post',
    path: '/session',
    summary: 'Sign in with this browser',
    who: 'everybody',
    rule: 'From pages of this registry alone.',
    body: credentials,
    logsIn: true,
    answers: {
      201: {
        description: 'Signed in.',
        schema: z.strictObject({
          user: z.strictObject({name: z.string(), isAdmin: z.boolean()}),
        }),
      },
    },
    handle: async ({ctx, body}) => create(ctx, options, body),
  }),
  endpoint({
    name: 'session-end',
    method: 'delete',
    path: '/session',
    summary: 'Sign out',
    who: 'everybody',
    rule: 'From pages of this registry alone.',
    logsIn: true,
    answers: {204: {description: 'Signed out.'}},
    handle: async ({ctx}) => {
      const text = options.cookies.get(ctx, 'session');
      if (text !== undefined) await options.accounts.sessions.end(text);
      options.cookies.clear(ctx, 'session');
      return {status: 204};
    },
  }),
];

/** Nothing tells what password is right: `user` is there, or is not. */
async function describe(
  ctx: Context,
  {accounts}: SignInOptions,
  session: WebSession | undefined,
): Promise<object> {
  const providers = accounts.redirectLogins.providers.map(({id, displayName}) => ({
    id,
    displayName,
    path: here(ctx, `/auth/oidc/${id}`),
  }));
  return {
    ...(session && {
      user: {
        name: session.user.name,
        ...(session.user.displayName === undefined ? {} : {displayName: session.user.displayName}),
        isAdmin: session.user.isAdmin,
        provider: session.user.provider,
      },
      expiresAt: new Date(session.expiresAt).toISOString(),
    }),
    providers,
    hasAdmin: await accounts.firstAdmin.isOver(),
  };
}

async function create(
  ctx: Context,
  options: SignInOptions,
  given: z.output<typeof credentials>,
): Promise<Reply> {
  const login = await loginOfPerson(ctx, options, given);
  if ('outcome' in login) {
    const {reason, retryAfter} = login;
    const isLimited = reason === 'locked' || reason === 'rate-limited';
    const headers = isLimited ? {'Retry-After': String(retryAfter ?? 1)} : {};
    throw new ApiError(isLimited ? 'limited' : 'unauthorized', sentenceOf(login), {headers});
  }
  if (!(await beginSession(ctx, options, login))) {
    throw new ApiError('denied', 'the account was changed meanwhile; try again');
  }
  return {status: 201, body: {user: {name: login.name, isAdmin: login.isAdmin}}};
}
