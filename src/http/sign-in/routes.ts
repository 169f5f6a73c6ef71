/** The pages of a sign-in. */
import type Router from '@koa/router';
import {loginRefused} from '../login-refused.ts';
import type {Metrics} from '../../observability/metrics.ts';
import type {Handler, State} from '../context.ts';
import {beginSession, readForm, sessionOf, type SignInOptions} from './context.ts';
import {makeFirstAccount} from './first-account.ts';
import {begin, finish} from './oidc.ts';
import {pageFaults} from './page-faults.ts';
import {loginOfPerson, sentenceOf} from './password.ts';
import {callbackOf, goTo} from './place.ts';
import {showSignIn} from './sign-in-page.ts';
import {showSignedIn} from './signed-in-page.ts';
import {becomeAdmin, makeToken, revokeToken} from './token-forms.ts';

export function addSignInPages(
  router: Router<State>,
  options: SignInOptions,
  metrics: Metrics,
): void {
  const faults = pageFaults(metrics);
  router.get('sign-in', '/sign-in', faults, signInPage(options));
  router.post('sign-in', '/sign-in', faults, signIn(options));
  router.post('first-account', '/sign-in/first', faults, makeFirstAccount(options));
  router.post('sign-out', '/sign-out', faults, signOut(options));
  router.get('signed-in', '/signed-in', faults, signedInPage(options));
  router.post('token-create', '/signed-in/tokens', faults, makeToken(options));
  router.post('token-revoke', '/signed-in/tokens/revoke', faults, revokeToken(options));
  router.post('first-admin', '/signed-in/admin', faults, becomeAdmin(options));
  router.get('oidc-begin', '/auth/oidc/:provider', faults, begin(options));
  router.get('oidc-callback', callbackOf(':provider'), faults, finish(options));
}

function signInPage(options: SignInOptions): Handler {
  return async (ctx) => {
    if (await sessionOf(ctx, options)) goTo(ctx, '/signed-in');
    else await showSignIn(ctx, options);
  };
}

function signIn(options: SignInOptions): Handler {
  return async (ctx) => {
    const form = await readForm(ctx, options);
    const username = form.get('username') ?? '';
    const given = {username, password: form.get('password') ?? ''};
    const login = await loginOfPerson(ctx, options, given);
    if ('outcome' in login) {
      const {status, headers} = loginRefused(login, '');
      // Not its challenge: a browser would ask for name and password once more, in a window of its own.
      const {'Retry-After': retryAfter} = headers;
      if (retryAfter !== undefined) ctx.set('Retry-After', retryAfter);
      await showSignIn(ctx, options, {status, problem: sentenceOf(login), username});
      return;
    }
    if (await beginSession(ctx, options, login)) goTo(ctx, '/signed-in');
    else await showSignIn(ctx, options, {status: 401, problem: 'Sign in once more.', username});
  };
}

function signOut(options: SignInOptions): Handler {
  const {accounts, cookies} = options;
  return async (ctx) => {
    await readForm(ctx, options);
    const text = cookies.get(ctx, 'session');
    if (text !== undefined) await accounts.sessions.end(text);
    cookies.clear(ctx, 'session');
    goTo(ctx, '/sign-in');
  };
}

function signedInPage(options: SignInOptions): Handler {
  return async (ctx) => {
    const session = await sessionOf(ctx, options);
    if (session) await showSignedIn(ctx, options, session);
    else goTo(ctx, '/sign-in');
  };
}
