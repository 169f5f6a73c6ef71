/** A Holdfast with accounts whose people sign in by a real OpenID provider, and what they do there. */
import type {ExecutionContext} from 'ava';
import {passwordOf, startWithAccounts, type WithAccounts} from './accounts.ts';
import type {Settings} from './in-process.ts';
import {type OidcServer, startOidcProvider} from './oidc-provider.ts';
import {WebClient, type WebAnswer} from './web-client.ts';

export interface SignInPlace extends WithAccounts {
  readonly provider: OidcServer;
}

type Provided = Readonly<Record<string, unknown>>;

/** With one provider, `corp`; `more` is said of it beside how it is reached. */
export async function startWithProvider(
  t: ExecutionContext,
  more: Provided = {},
  {auth, ...settings}: Settings & {readonly now?: () => Date} = {},
): Promise<SignInPlace> {
  const provider = await startOidcProvider(t);
  const oidc = [{...provider.settings, ...more}];
  const holdfast = await startWithAccounts(t, {...settings, auth: {...auth, oidc}});
  provider.allow(callbackOf(holdfast, 'corp'));
  return {...holdfast, provider};
}

export const callbackOf = ({url}: Pick<WithAccounts, 'url'>, id: string): string =>
  `${url}/auth/oidc/${id}/callback`;

/** To the page of the provider, and back with what it answers; the last redirects are followed. */
export async function signIn(
  {url}: Pick<WithAccounts, 'url'>,
  login: string,
  {id = 'corp', client = new WebClient()}: {readonly id?: string; readonly client?: WebClient} = {},
): Promise<{readonly client: WebClient; readonly answer: WebAnswer}> {
  const {answer: form} = await comeTo(url, id, client);
  return {client, answer: await client.post(form.url, {login})};
}

/** As far as the answer of the provider: the address that the browser is sent back to. */
export async function comeBack(
  {url}: Pick<WithAccounts, 'url'>,
  login: string,
  client: WebClient,
  id = 'corp',
): Promise<string> {
  const {answer: form} = await comeTo(url, id, client);
  let {url: at, headers} = await client.post(form.url, {login}, {follow: false});
  while (headers.location !== undefined) {
    const next = new URL(headers.location, at).href;
    if (next.startsWith(url)) return next;
    ({url: at, headers} = await client.get(next, {follow: false}));
  }
  throw new Error(`the provider has not sent the browser back from ${at}`);
}

async function comeTo(url: string, id: string, client: WebClient): Promise<{answer: WebAnswer}> {
  // The provider remembers who has logged in; each login here is one there.
  const answer = await client.get(`${url}/auth/oidc/${id}`);
  if (!answer.url.includes('/interaction/')) {
    throw new Error(`${answer.status} ${answer.url}: ${answer.body.slice(0, 2000)}`);
  }
  return {answer};
}

/** With name and password, as the page does it. */
export async function signInHere(
  {url}: Pick<WithAccounts, 'url'>,
  username: string,
  password = passwordOf(username),
): Promise<WebClient> {
  const client = new WebClient();
  await client.ask('POST', `${url}/api/v1/session`, {username, password});
  return client;
}

/** What the page of the sign-in is told, where one has come to nothing. */
export function problemOf({url}: Pick<WebAnswer, 'url'>): string | null {
  const {pathname, searchParams} = new URL(url);
  return pathname === '/sign-in' ? searchParams.get('problem') : null;
}

/** What the API says of who has signed in. */
export async function whoIs(
  {url}: Pick<WithAccounts, 'url'>,
  client: WebClient,
): Promise<
  {readonly name: string; readonly isAdmin: boolean; readonly provider: string} | undefined
> {
  const {body} = await client.get(`${url}/api/v1/session`);
  return (JSON.parse(body) as {user?: {name: string; isAdmin: boolean; provider: string}}).user;
}
