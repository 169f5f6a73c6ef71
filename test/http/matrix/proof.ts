/** How callers show who they are: as clients do, with a token for what a challenge names, or with name and password. */
import {basic, bearer} from '../../support/accounts.ts';
import type {Caller, Way} from './callers.ts';
import type {World} from './world.ts';

/** Their tokens are those of before. */
const keepers: readonly Caller[] = ['disabled', 'puller'];

/** Headers. */
export type Proof = Readonly<Record<string, string>>;

/** `scope` is that of the challenge. */
export async function proofOf(
  world: World,
  {caller, way}: {readonly caller: Caller; readonly way: Way},
  scope: string | undefined,
): Promise<Proof> {
  if (caller === 'foreign') return {Cookie: await world.signIn()};
  const login = world.logins.get(caller);
  const header = login && basic(login.username, login.password);
  if (way === 'Basic') return header === undefined ? {} : {Authorization: header};
  const kept = world.kept.get(caller)?.token ?? '';
  if (keepers.includes(caller)) return {Authorization: bearer(kept)};
  const key = `${caller} ${scope ?? ''}`;
  const token = world.tokens.get(key) ?? tokenFor(world, header, scope);
  world.tokens.set(key, token);
  return {Authorization: bearer((await token) ?? kept)};
}

/** `undefined`: the realm gives out none. */
export async function tokenFor(
  {url}: Pick<World, 'url'>,
  header: string | undefined,
  scope: string | undefined,
): Promise<string | undefined> {
  const query = new URLSearchParams(scope === undefined ? {} : {scope}).toString();
  const headers = header === undefined ? {} : {Authorization: header};
  const answer = await fetch(`${url}/auth/token?${query}`, {headers});
  const body = await answer.text();
  if (answer.status === 401) return undefined;
  if (answer.status !== 200) throw new Error(`the realm answers ${answer.status}: ${body}`);
  return (JSON.parse(body) as {readonly token: string}).token;
}

export function scopeIn(challenge: string | null): string | undefined {
  return challenge === null ? undefined : /\bscope="([^"]*)"/.exec(challenge)?.[1];
}
