/** Gives the request its id, its log and its client's true address. */
import ipaddr from 'ipaddr.js';
import {requestId} from '../../observability/request-id.ts';
import type {Logger} from '../../observability/log.ts';
import type {Client, Context, Middleware} from '../context.ts';
import {originForm} from '../origin-form.ts';

interface IdentifyOptions {
  readonly log: Logger;
  /** Addresses and ranges whose X-Forwarded-* headers and request ids are believed. */
  readonly trustedProxies: readonly string[];
  /** The path of `externalUrl`: stripped from requests that carry it. */
  readonly prefix: string;
}

export function identify({log, trustedProxies, prefix}: IdentifyOptions): Middleware {
  const isTrusted = createTrust(trustedProxies);
  return async (ctx, next) => {
    const peer = plainAddress(ctx.req.socket.remoteAddress ?? '');
    const isProxied = isTrusted(peer);
    ctx.state.isProxied = isProxied;
    ctx.state.id = requestId(isProxied ? ctx.get('X-Request-Id') : undefined);
    ctx.state.log = log.child({requestId: ctx.state.id});
    ctx.state.client = {
      ...(isProxied ? forwarded(ctx, peer, isTrusted) : direct(ctx, peer)),
      ...(prefix === '' ? {} : {prefix}),
    };
    ctx.set('X-Request-Id', ctx.state.id);
    ctx.url = originForm(ctx.url);
    if (prefix !== '' && `${ctx.path}/`.startsWith(`${prefix}/`))
      ctx.path = ctx.path.slice(prefix.length) || '/';
    await next();
  };
}

function direct(ctx: Context, address: string): Client {
  const protocol = 'encrypted' in ctx.req.socket ? 'https' : 'http';
  return {address, protocol, host: plainHost(ctx.get('Host')) ?? '', prefix: ''};
}

function forwarded(ctx: Context, peer: string, isTrusted: (address: string) => boolean): Client {
  const fallback = direct(ctx, peer);
  const chain = list(ctx.get('X-Forwarded-For')).map(plainAddress);
  const protocol = list(ctx.get('X-Forwarded-Proto'))[0];
  const prefix = ctx.get('X-Forwarded-Prefix');
  return {
    // From the right: what stands left of the first address that is not ours was written by a stranger.
    address: chain.findLast((address) => !isTrusted(address)) ?? chain[0] ?? peer,
    protocol: protocol === 'https' || protocol === 'http' ? protocol : fallback.protocol,
    host: plainHost(list(ctx.get('X-Forwarded-Host'))[0]) ?? fallback.host,
    prefix: /^((?:\/[A-Za-z0-9._~-]+)*)\/*$/.exec(prefix)?.[1] ?? '',
  };
}

const list = (header: string): string[] =>
  header
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** A name or an address, perhaps with a port: it becomes a part of absolute Locations. */
function plainHost(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9._:[\]-]+$/.test(text) ? text : undefined;
}

/** IPv4 that came over an IPv6 socket is IPv4. Some proxies write the port of the client behind its address. */
function plainAddress(text: string): string {
  const address =
    /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(text)?.slice(1).find(Boolean) ?? text;
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/** Whether an address is one of these, or lies in a range of them. */
export function createTrust(ranges: readonly string[]): (address: string) => boolean {
  const parsed = ranges.map((range) =>
    ipaddr.isValidCIDR(range)
      ? ipaddr.parseCIDR(range)
      : ([ipaddr.process(range), ipaddr.process(range).kind() === 'ipv4' ? 32 : 128] as const),
  );
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const candidate = ipaddr.process(address);
    return parsed.some(
      ([range, bits]) => range.kind() === candidate.kind() && candidate.match(range, bits),
    );
  };
}
