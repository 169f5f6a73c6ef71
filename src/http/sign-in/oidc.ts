/** A login at another provider: the browser is sent there, and comes back with an answer that counts once, in this browser alone. */
import type {RedirectLogin} from '../../auth/redirect-logins.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {Handler, RouteContext} from '../context.ts';
import {requestSignal} from '../request-signal.ts';
import {beginSession, type SignInOptions} from './context.ts';
import {providerOf, tellProblem} from './lead-back.ts';
import {absolute, callbackOf, goTo, localPlace} from './place.ts';

/** In characters; longer is no answer of a provider. */
const longestAnswer = 16 * 1024;

export function begin({accounts, cookies, externalUrl}: SignInOptions): Handler {
  const {redirectLogins, sealedLogins} = accounts;
  return async (ctx) => {
    const id = providerOf(ctx);
    if (!redirectLogins.find(id)) throw new RegistryError('NOT_FOUND');
    const callbackUrl = absolute(ctx, externalUrl, callbackOf(id));
    const state = sealedLogins.newState();
    const begun = await redirectLogins.begin(id, {callbackUrl, state}, requestSignal(ctx));
    if (!begun) throw new RegistryError('NOT_FOUND');
    const {url, pending} = begun;
    const query = new URLSearchParams(ctx.querystring);
    const wanted = {
      to: localPlace(query.get('to') ?? ''),
      isRemembered: query.get('remember') === 'true',
    };
    const sealed = sealedLogins.seal({provider: id, callbackUrl, state, pending, ...wanted});
    cookies.set(ctx, 'login', sealed);
    ctx.status = 302;
    ctx.set({Location: url, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer'});
    ctx.body = '';
  };
}

export function finish(options: SignInOptions): Handler {
  const {redirectLogins} = options.accounts;
  return async (ctx) => {
    const provider = redirectLogins.find(providerOf(ctx));
    if (!provider) throw new RegistryError('NOT_FOUND');
    const login = takeLogin(ctx, options);
    if (!login) {
      tellProblem(ctx, 'not-begun');
      return;
    }
    const {callbackUrl, state, pending, to} = login;
    const url = new URL(callbackUrl);
    url.search = ctx.querystring;
    const {log, client} = ctx.state;
    const answer = {url, state, pending, address: client.address, log};
    const result = await redirectLogins.finish(provider.id, answer, requestSignal(ctx));
    if (result.outcome !== 'accepted') {
      tellProblem(ctx, problemOf(result), to);
      return;
    }
    const isBegun = await beginSession(ctx, options, result.account, {
      credential: 'id-token',
      isRemembered: login.isRemembered,
    });
    if (isBegun) goTo(ctx, to ?? '/');
    else tellProblem(ctx, 'not-begun', to);
  };
}

/** What this browser has begun, and the answer is to; `undefined`: nothing, or not any more. */
function takeLogin(ctx: RouteContext, {accounts, cookies}: SignInOptions) {
  const provider = providerOf(ctx);
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

function problemOf(login: Exclude<RedirectLogin, {readonly outcome: 'accepted'}>) {
  switch (login.outcome) {
    case 'refused-there':
      return login.error === 'access_denied' ? 'denied-there' : 'refused-there';
    case 'invalid':
      return 'invalid';
    case 'refused':
      return login.reason;
  }
}

/** What stands in an address anybody can write: a word, and no sentence of a stranger. */
const wordOf = (text: string | null): string | undefined =>
  text !== null && /^[a-z_]{1,40}$/.test(text) ? text : undefined;
