/** Sign-ins for programs in a browser: who has signed in, and in which ways one can. */
import {z} from 'zod';
import {email, password as newPassword, userName} from '../../auth/administration/fields.ts';
import type {Context} from '../context.ts';
import {originOf} from '../activity-origin.ts';
import {beginSession, sessionOf, type SignInOptions} from '../sign-in/context.ts';
import {loginOfPerson, sentenceOf} from '../sign-in/password.ts';
import {ApiError} from './api-error.ts';
import {endpoint, type Endpoint, type Reply} from './endpoint.ts';
import {judgedBy} from './fields.ts';
import {presentSession, sessionAnswer, withoutAccounts} from './present-session.ts';
import {signUp} from './sign-up.ts';

const credentials = z.strictObject({
  username: z.string('must be text').max(255, 'is too long'),
  password: z.string('must be text').max(4096, 'is too long'),
  remember: z
    .boolean()
    .optional()
    .describe('Whether the browser keeps it when it is closed, for auth.rememberFor.'),
});

const newAccount = z.strictObject({
  username: judgedBy(userName),
  password: newPassword,
  email: judgedBy(email).or(z.literal('')).nullable().optional(),
});

const signedIn = z.strictObject({
  user: z.strictObject({name: z.string(), isAdmin: z.boolean()}),
});

/** `options`: absent in auth.mode none, which has this alone. */
export const showSession = (options: SignInOptions | undefined): Endpoint =>
  endpoint({
    name: 'session',
    method: 'get',
    path: '/session',
    summary: 'Tell who has signed in with this browser, what he may, and how one can sign in',
    description: 'Without accounts, too: `authMode` is none then.',
    who: 'everybody',
    answers: {200: {description: 'The session.', schema: sessionAnswer}},
    handle: async ({ctx}) => ({
      status: 200,
      body: options
        ? await presentSession(ctx, options, await sessionOf(ctx, options))
        : withoutAccounts(),
    }),
  });

export const sessionEndpoints = (options: SignInOptions): readonly Endpoint[] => [
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
        schema: signedIn,
      },
    },
    handle: async ({ctx, body}) => create(ctx, options, body),
  }),
  endpoint({
    name: 'sign-up',
    method: 'post',
    path: '/session/sign-up',
    summary: "Make an account of one's own, and sign in with it",
    who: 'everybody',
    rule: 'From pages of this registry alone, where auth.signUp lets people.',
    canBeOff: true,
    logsIn: true,
    body: newAccount,
    answers: {201: {description: 'It is made, and signed in.', schema: signedIn}},
    handle: async ({ctx, body}) => {
      const user = await signUp(ctx, options, body);
      if (!(await beginSession(ctx, options, user))) throw changedMeanwhile();
      return {status: 201, body: {user: {name: user.name, isAdmin: user.isAdmin}}};
    },
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
      if (text !== undefined)
        await options.accounts.sessions.end(text, originOf(ctx, {kind: 'session'}));
      options.cookies.clear(ctx, 'session');
      return {status: 204};
    },
  }),
];

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
  const isBegun = await beginSession(ctx, options, login, {isRemembered: given.remember});
  if (!isBegun) throw changedMeanwhile();
  return {status: 201, body: {user: {name: login.name, isAdmin: login.isAdmin}}};
}

const changedMeanwhile = (): ApiError =>
  new ApiError('denied', 'the account was changed meanwhile; try again');
