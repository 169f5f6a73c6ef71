/** Addresses that the registry gives out. */
import type {Config} from '../config/schema.ts';
import type {Context} from './context.ts';

/** A route's path as the client has to ask for it: below `externalUrl`, or else relative to, or absolute by, the request's host. */
export type Locate = (ctx: Context, path: string) => string;

export function createLocate({
  externalUrl,
  locations,
}: {
  readonly externalUrl: string | undefined;
  readonly locations: Config['http']['locations'];
}): Locate {
  const base = externalUrl?.replace(/\/+$/, '');
  return ({state: {client}}, path) => {
    if (base !== undefined) return `${base}${path}`;
    const isAbsolute = locations === 'absolute' && client.host !== '';
    const origin = isAbsolute ? `${client.protocol}://${client.host}` : '';
    return `${origin}${client.prefix}${path}`;
  };
}
