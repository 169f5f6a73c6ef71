/** What the pages and routes of a sign-in are made of, and who has signed in. */
import type {OpenAccounts} from '../../auth/open-accounts.ts';
import type {WebSession} from '../../auth/sessions.ts';
import {RegistryError} from '../../oci/errors.ts';
import type {Context} from '../context.ts';
import {readBody} from '../request-body.ts';
import type {Cookies} from './cookies.ts';
import {isSameOrigin} from './same-origin.ts';

export interface SignInOptions {
  readonly accounts: OpenAccounts['accounts'];
  readonly cookies: Cookies;
  readonly externalUrl: string | undefined;
  /** Whether the first admin is asked for a code. */
  readonly asksForCode: boolean;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

/** In bytes. */
const longestForm = 16 * 1024;

export async function sessionOf(
  ctx: Context,
  {accounts, cookies}: Pick<SignInOptions, 'accounts' | 'cookies'>,
): Promise<WebSession | undefined> {
  const text = cookies.get(ctx, 'session');
  return text === undefined ? undefined : accounts.sessions.find(text);
}

/** Always another one than that which the browser had: whoever has planted that gets nothing. */
export async function beginSession(
  ctx: Context,
  {accounts, cookies}: Pick<SignInOptions, 'accounts' | 'cookies'>,
  account: Parameters<SignInOptions['accounts']['sessions']['begin']>[0],
): Promise<boolean> {
  const former = cookies.get(ctx, 'session');
  const text = await accounts.sessions.begin(account);
  if (text === undefined) return false;
  if (former !== undefined) await accounts.sessions.end(former);
  cookies.set(ctx, 'session', text);
  return true;
}

/** For a change of his own that has ended all that was issued before. */
export async function renewSession(
  ctx: Context,
  {accounts, cookies}: Pick<SignInOptions, 'accounts' | 'cookies'>,
  session: WebSession,
): Promise<void> {
  const text = await accounts.sessions.renew(session);
  if (text !== undefined) cookies.set(ctx, 'session', text);
}

/** Of a page of this registry; DENIED for one of others. */
export async function readForm(
  ctx: Context,
  {externalUrl, idleTimeout}: Pick<SignInOptions, 'externalUrl' | 'idleTimeout'>,
): Promise<URLSearchParams> {
  if (!isSameOrigin(ctx, externalUrl, 'form')) {
    throw new RegistryError('DENIED', {message: 'the form came from another site'});
  }
  if (ctx.is('application/x-www-form-urlencoded') === false) {
    throw new RegistryError('TOKEN_REQUEST_INVALID', {message: 'this is no form'});
  }
  const content = await readBody(ctx, {
    maxBytes: longestForm,
    idleTimeout,
    tooLarge: new RegistryError('TOKEN_REQUEST_TOO_LARGE', {message: 'a form is not that large'}),
    isFromStranger: true,
  });
  return new URLSearchParams(content.toString());
}
