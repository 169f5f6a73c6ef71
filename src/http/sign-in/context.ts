/** What sign-ins are made of, and who has signed in. */
import type {OpenAccounts} from '../../auth/open-accounts.ts';
import type {WebSession} from '../../auth/sessions.ts';
import type {Context} from '../context.ts';
import {originOf} from '../activity-origin.ts';
import type {Cookies} from './cookies.ts';

export interface SignInOptions {
  readonly accounts: OpenAccounts['accounts'];
  readonly cookies: Cookies;
  readonly externalUrl: string | undefined;
  /** Whether the first admin is asked for a code. */
  readonly asksForCode: boolean;
}

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
  {
    credential = 'password',
    isRemembered = false,
  }: {
    readonly credential?: 'password' | 'id-token';
    readonly isRemembered?: boolean | undefined;
  } = {},
): Promise<boolean> {
  const former = cookies.get(ctx, 'session');
  const origin = originOf(ctx, {kind: credential});
  const browser = {userAgent: ctx.get('User-Agent'), isRemembered};
  const begun = await accounts.sessions.begin(account, origin, browser);
  if (!begun) return false;
  if (former !== undefined) await accounts.sessions.end(former, originOf(ctx, {kind: 'session'}));
  cookies.set(ctx, 'session', begun.text, begun.keepFor);
  return true;
}

/** For a change of his own that has ended all that was issued before. */
export async function renewSession(
  ctx: Context,
  {accounts, cookies}: Pick<SignInOptions, 'accounts' | 'cookies'>,
  session: WebSession,
): Promise<void> {
  const browser = {userAgent: ctx.get('User-Agent')};
  const begun = await accounts.sessions.renew(session, originOf(ctx, {kind: 'session'}), browser);
  if (begun) cookies.set(ctx, 'session', begun.text, begun.keepFor);
}
