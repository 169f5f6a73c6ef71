/** A login at another provider: the browser is sent there, and comes back with an answer that counts once, in this browser alone. */
import type {RedirectLogin} from '../../auth/redirect-logins.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {Handler, RouteContext} from '../context.ts';
import {requestSignal} from '../request-signal.ts';
import {beginSession, type SignInOptions} from './context.ts';
import {type Fault, showFault} from './page-faults.ts';
import {absolute, callbackOf, goTo} from './place.ts';

/** In characters; longer is no answer of a provider. */
const longestAnswer = 16 * 1024;

const idOf = ({params}: RouteContext): string => params['provider'] ?? '';

export function begin({accounts, cookies, externalUrl}: SignInOptions): Handler {
  const {redirectLogins, sealedLogins} = accounts;
  return async (ctx) => {
    const id = idOf(ctx);
    if (!redirectLogins.find(id)) throw new RegistryError('NOT_FOUND');
    const callbackUrl = absolute(ctx, externalUrl, callbackOf(id));
    const state = sealedLogins.newState();
    const begun = await redirectLogins.begin(id, {callbackUrl, state}, requestSignal(ctx));
    if (!begun) throw new RegistryError('NOT_FOUND');
    const {url, pending} = begun;
    cookies.set(ctx, 'login', sealedLogins.seal({provider: id, callbackUrl, state, pending}));
    ctx.status = 302;
    ctx.set({Location: url, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer'});
    ctx.body = '';
  };
}

export function finish(options: SignInOptions): Handler {
  const {redirectLogins} = options.accounts;
  return async (ctx) => {
    const provider = redirectLogins.find(idOf(ctx));
    if (!provider) throw new RegistryError('NOT_FOUND');
    const login = takeLogin(ctx, options);
    if (!login) {
      showFault(ctx, notBegun);
      return;
    }
    const {callbackUrl, state, pending} = login;
    const url = new URL(callbackUrl);
    url.search = ctx.querystring;
    const {log, client} = ctx.state;
    const answer = {url, state, pending, address: client.address, log};
    const result = await redirectLogins.finish(provider.id, answer, requestSignal(ctx));
    if (result.outcome !== 'accepted') {
      showFault(ctx, faultOf(result, provider.displayName));
      return;
    }
    if (await beginSession(ctx, options, result.account)) goTo(ctx, '/signed-in');
    else showFault(ctx, notBegun);
  };
}

/** What this browser has begun, and the answer is to; `undefined`: nothing, or not any more. */
function takeLogin(ctx: RouteContext, {accounts, cookies}: SignInOptions) {
  const provider = idOf(ctx);
  const {querystring} = ctx;
  const answer = new URLSearchParams(querystring.slice(0, longestAnswer));
  const state = answer.get('state');
  const sealed = cookies.get(ctx, 'login');
  cookies.clear(ctx, 'login');
  const isWhole = querystring.length <= longestAnswer;
  if (isWhole && state !== null && sealed !== undefined) {
    const login = accounts.sealedLogins.take(sealed, {provider, state});
    if (login) return login;
  }
  // Some providers leave out the state where they refuse.
  const error = wordOf(answer.get('error'));
  const fields = {provider, ...(error === undefined ? {} : {error})};
  ctx.state.log.info(fields, 'answer of a provider to no login of this browser');
  return undefined;
}

const notBegun: Fault = {
  status: 400,
  title: 'This sign-in counts no more',
  what: 'It has expired, was finished already, or was begun in another browser or another tab.',
  remedy: 'Sign in again.',
};

function faultOf(
  login: Exclude<RedirectLogin, {readonly outcome: 'accepted'}>,
  provider: string,
): Fault {
  switch (login.outcome) {
    case 'refused-there':
      return {
        status: 403,
        title: `${provider} has not signed you in`,
        what:
          login.error === 'access_denied'
            ? `${provider} says that access was denied, by you or by its rules.`
            : `${provider} answers: ${wordOf(login.error) ?? 'an error'}.`,
        remedy: 'Sign in again, or ask the administrator of this registry.',
      };
    case 'invalid':
      return {
        status: 400,
        title: 'This sign-in could not be finished',
        what: `The answer is not one of ${provider} to this sign-in, or it was used already.`,
        remedy: 'Sign in again. If that does not help, tell the administrator of this registry.',
      };
    case 'refused':
      return {status: 403, title: 'You are not let in', ...refusals[login.reason]};
  }
}

const refusals = {
  disabled: {
    what: 'Your account in this registry is disabled.',
    remedy: 'Ask the administrator of this registry.',
  },
  'missing-group': {
    what: 'Your account is in none of the groups that may use this registry.',
    remedy: 'Ask the administrator of this registry which group you need, and sign in again.',
  },
  'name-taken': {
    what: 'Your name is taken here by another account.',
    remedy: 'Ask the administrator of this registry.',
  },
} as const;

/** What stands in an address anybody can write: a word, and no sentence of a stranger. */
const wordOf = (text: string | null): string | undefined =>
  text !== null && /^[a-z_]{1,40}$/.test(text) ? text : undefined;
