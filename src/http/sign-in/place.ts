/** Addresses of the pages, as the browser that asks knows them. */
import type {Context} from '../context.ts';

/** A path of ours, behind the prefix of a proxy. On the same host always: nobody is led elsewhere. */
export const here = ({state: {client}}: Context, path: string): string => `${client.prefix}${path}`;

/** After a form, so that it is not sent once more. */
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
