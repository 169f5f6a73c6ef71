/** Sign-ins for programs in a browser: who has signed in, and in which ways one can. */
import type Router from '@koa/router';
import {z} from 'zod';
import {AdministrationError} from '../../auth/administration/administration-error.ts';
import type {WebSession} from '../../auth/sessions.ts';
import type {Context, Handler, State} from '../context.ts';
import {beginSession, sessionOf, type SignInOptions} from '../sign-in/context.ts';
import {loginOfPerson, sentenceOf} from '../sign-in/password.ts';
import {here} from '../sign-in/place.ts';
import {isSameOrigin} from '../sign-in/same-origin.ts';
import {parse} from './accounts.ts';
import {readJson} from './json-body.ts';

const path = '/api/v1/session';

export function addSessionRoutes(router: Router<State>, options: SignInOptions): void {
  router.get('session', path, show(options));
  router.post('session', path, ofThisSite(options), create(options));
  router.delete('session', path, ofThisSite(options), end(options));
}

const ofThisSite =
  ({externalUrl}: SignInOptions): Handler =>
  async (ctx, next) => {
    if (!isSameOrigin(ctx, externalUrl, 'json')) {
      throw new AdministrationError('denied', 'the request came from another site');
    }
    await next();
  };

function show(options: SignInOptions): Handler {
  return async (ctx) => {
    ctx.body = await describe(ctx, options, await sessionOf(ctx, options));
  };
}

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

const credentials = z.strictObject({
  username: z.string('must be text').max(255, 'is too long'),
  password: z.string('must be text').max(4096, 'is too long'),
});

function create(options: SignInOptions): Handler {
  return async (ctx) => {
    const given = parse(credentials, await readJson(ctx, options.idleTimeout));
    const login = await loginOfPerson(ctx, options, given);
    if ('outcome' in login) {
      const {reason, retryAfter} = login;
      const isLimited = reason === 'locked' || reason === 'rate-limited';
      if (isLimited) ctx.set('Retry-After', String(retryAfter ?? 1));
      throw new AdministrationError(isLimited ? 'limited' : 'denied', sentenceOf(login));
    }
    if (!(await beginSession(ctx, options, login))) {
      throw new AdministrationError('denied', 'the account was changed meanwhile; try again');
    }
    ctx.status = 201;
    ctx.body = {user: {name: login.name, isAdmin: login.isAdmin}};
  };
}

function end({accounts, cookies}: SignInOptions): Handler {
  return async (ctx) => {
    const text = cookies.get(ctx, 'session');
    if (text !== undefined) await accounts.sessions.end(text);
    cookies.clear(ctx, 'session');
    ctx.status = 204;
  };
}
