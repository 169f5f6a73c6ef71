/** Addresses of the pages, as the browser that asks knows them. */
import type {Context} from '../context.ts';

/** A path of ours, behind the prefix of a proxy. On the same host always: nobody is led elsewhere. */
export const here = ({state: {client}}: Context, path: string): string => `${client.prefix}${path}`;

/** In characters: it is kept in a cookie meanwhile. */
const longestPlace = 500;

/** A path of ours with its query, as a stranger may have written it into an address; `undefined`: it leads elsewhere, or is none. */
export function localPlace(text: string): string | undefined {
  // Browsers take two slashes, and backslashes for slashes, for the beginning of another host.
  if (text.length > longestPlace || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text))
    return undefined;
  const url = new URL(text, 'http://here.invalid');
  if (url.host !== 'here.invalid' || url.pathname.startsWith('//')) return undefined;
  return `${url.pathname}${url.search}${url.hash}`;
}

/** By GET, whatever was asked. */
export function goTo(ctx: Context, path: string): void {
  ctx.status = 303;
  ctx.set({Location: here(ctx, path), 'Cache-Control': 'no-store'});
  ctx.body = '';
}

/** Where a provider of that id sends browsers back to. */
export const callbackOf = (id: string): string => `/auth/oidc/${id}/callback`;

export const below = (externalUrl: string, path: string): string =>
  `${externalUrl.replace(/\/+$/, '')}${path}`;

/** Below `externalUrl`, or else on the host that was asked. */
export function absolute(
  {state: {client}}: Context,
  externalUrl: string | undefined,
  path: string,
): string {
  return below(externalUrl ?? `${client.protocol}://${client.host}${client.prefix}`, path);
}

/** As docker is told it. */
export const registryHost = (
  {state: {client}}: Context,
  externalUrl: string | undefined,
): string => (externalUrl === undefined ? client.host : new URL(externalUrl).host);
