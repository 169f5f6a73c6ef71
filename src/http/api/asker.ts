/** Who asks the API: by a session of a browser, by name and password or application token, or by the header that Portus has. */
import {credentialOf, type Origin} from '../../auth/activities/origin.ts';
import {anonymous, type Caller, isWhole} from '../../auth/caller.ts';
import {decodeUtf8, parseAuthorization} from '../basic.ts';
import type {Context} from '../context.ts';
import {tooMany} from '../login-refused.ts';
import {originOf} from '../activity-origin.ts';
import {requestSignal} from '../request-signal.ts';
import {sessionOf, type SignInOptions} from '../sign-in/context.ts';
import {isSameOrigin} from '../sign-in/same-origin.ts';
import type {WebSession} from '../../auth/sessions.ts';
import {ApiError} from './api-error.ts';

export interface Asker {
  readonly caller: Caller;
  /** A person with all rights of the account: no robot, no limited token, no credential of a moment. */
  readonly isWhole: boolean;
  /** Where a browser has signed in. */
  readonly session?: WebSession;
  /** Of a session, for answers that last: whether it is still there; to ask is no use of it. */
  readonly stillCounts?: () => Promise<boolean>;
  /** Of what was shown, in ms since 1970; absent: none is known. */
  readonly expiresAt?: number;
  /** What is written down of whatever he does. */
  readonly origin?: Origin;
}

export const nobody: Asker = {caller: anonymous, isWhole: false};

type AskerOptions = Pick<SignInOptions, 'accounts' | 'cookies' | 'externalUrl'> & {
  /** What the challenge calls this registry. */
  readonly realm: string;
};

/** Rejects with an ApiError `unauthorized`, `limited` or `denied`, and as logins do. */
export async function askerOf(ctx: Context, options: AskerOptions): Promise<Asker> {
  const credentials = credentialsOf(ctx, options);
  const asker = credentials ? await logIn(ctx, options, credentials) : await signedIn(ctx, options);
  const {caller, origin} = asker;
  if (caller.kind === 'account') {
    ctx.state.presented = {kind: 'account', account: caller, credential: origin?.credential};
  }
  requireOwnPage(ctx, options, asker);
  return asker;
}

/**
 * Browsers send along a session, and a name and a password that they were once asked for, for pages of others too: these may change
 * nothing. With a session, what says nothing of where it comes from may not either.
 */
export function requireOwnPage(
  ctx: Context,
  {externalUrl}: Pick<AskerOptions, 'externalUrl'>,
  {session}: Asker,
): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(ctx.method)) return;
  if (isSameOrigin(ctx, externalUrl, session ? 'form' : 'json')) return;
  throw new ApiError('denied', 'the request came from a page of another site');
}

interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** `undefined`: none were sent. */
function credentialsOf(ctx: Context, options: AskerOptions): Credentials | undefined {
  const authorization = parseAuthorization(ctx.get('Authorization'));
  switch (authorization.kind) {
    case 'basic':
      return authorization;
    case 'bearer':
      throw unauthorized(
        ctx,
        options,
        'a token of the registry is for images; send a name and an application token by Basic',
      );
    case 'malformed':
      throw unauthorized(ctx, options, 'the Authorization header is none of Basic');
    case 'none':
      return portusAuth(ctx, options);
  }
}

function portusAuth(ctx: Context, options: AskerOptions): Credentials | undefined {
  const sent = ctx.get('Portus-Auth');
  if (sent === '') return undefined;
  // Node takes the bytes of headers for Latin-1.
  const header = decodeUtf8(Buffer.from(sent, 'latin1'));
  const colon = header?.indexOf(':') ?? -1;
  if (header === undefined || colon === -1) {
    throw unauthorized(ctx, options, 'Portus-Auth must be a name, a colon and a token');
  }
  return {username: header.slice(0, colon), password: header.slice(colon + 1)};
}

async function logIn(
  ctx: Context,
  options: AskerOptions,
  credentials: Credentials,
): Promise<Asker> {
  const {address} = ctx.state.client;
  const login = await options.accounts.logins.login({...credentials, address}, requestSignal(ctx));
  if (login.outcome === 'refused') {
    const {reason, retryAfter} = login;
    if (reason === 'locked' || reason === 'rate-limited') {
      const headers = {'Retry-After': String(retryAfter ?? 1)};
      throw new ApiError('limited', tooMany(login), {headers});
    }
    throw unauthorized(ctx, options, 'the name or the password is not right');
  }
  const {account, isShortLived = false, expiresAt} = login;
  return {
    caller: account,
    isWhole: !isShortLived && isWhole(account),
    ...(expiresAt === undefined ? {} : {expiresAt}),
    origin: originOf(ctx, credentialOf(login)),
  };
}

async function signedIn(ctx: Context, options: AskerOptions): Promise<Asker> {
  const session = await sessionOf(ctx, options);
  if (!session) return {...nobody, origin: originOf(ctx, undefined)};
  const origin = originOf(ctx, {kind: 'session'});
  const text = options.cookies.get(ctx, 'session') ?? '';
  const stillCounts = async (): Promise<boolean> => options.accounts.sessions.isAlive(text);
  return {caller: session.account, isWhole: true, session, stillCounts, origin};
}

/** Without a challenge for browsers: these would ask for a password in a window of their own, and remember it. */
export function unauthorized(
  ctx: Context,
  {realm}: Pick<AskerOptions, 'realm'>,
  message: string,
): ApiError {
  const isBrowser = ctx.get('Sec-Fetch-Site') !== '';
  const headers = {'WWW-Authenticate': `Basic realm="${realm}", charset="UTF-8"`};
  return new ApiError('unauthorized', message, isBrowser ? {} : {headers});
}
