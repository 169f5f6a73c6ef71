/** The address of a token realm in its two parts. */
import {tokenPaths} from '../access-schema.ts';

interface RealmAddress {
  readonly externalUrl: string;
  readonly path: (typeof tokenPaths)[number];
}

/** The longest path first: `/v2/token` ends in `/token`, too. */
const longestFirst = tokenPaths.toSorted((a, b) => b.length - a.length);

/** `undefined`: Holdfast's realm has no such path. */
export function splitRealm(realm: string): RealmAddress | undefined {
  if (!URL.canParse(realm)) return undefined;
  const {protocol, origin, pathname, search, hash, username, password} = new URL(realm);
  if (!/^https?:$/.test(protocol) || search + hash + username + password !== '') return undefined;
  const path = longestFirst.find((known) => pathname.endsWith(known));
  if (path === undefined) return undefined;
  return {externalUrl: `${origin}${pathname.slice(0, -path.length)}`, path};
}

/** Such as 443, where the address names none. */
export function portOfRealm(realm: string): string {
  const {port, protocol} = new URL(realm);
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}
