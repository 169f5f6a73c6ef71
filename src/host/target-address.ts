/** Which addresses a webhook may reach: what a namespace's owner names must not lead into the host, or its network. */
import {lookup as lookUp, type LookupAddress} from 'node:dns';
import type {LookupFunction} from 'node:net';
import ipaddr from 'ipaddr.js';

/** Ranges that are everybody's. */
const open: ReadonlySet<string> = new Set(['unicast']);

export class RefusedTarget extends Error {
  constructor(address: string, host: string) {
    const called = address === host ? address : `${host} is ${address}, which`;
    super(
      `${called} is no public address; whoever runs the registry may allow it by notifications.allowedTargets`,
    );
  }
}

export type MayReach = (address: string) => boolean;

/** `allowed`: addresses, and ranges such as 10.0.0.0/8. */
export function reachable(allowed: readonly string[]): MayReach {
  const ranges = allowed.map((text) => {
    if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128] as [typeof address, number];
  });
  return (text) => {
    if (!ipaddr.isValid(text)) return false;
    // ::ffff:127.0.0.1 is 127.0.0.1.
    const address = ipaddr.process(text);
    return (
      open.has(address.range()) ||
      ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits))
    );
  };
}

/** For a connection: it goes to an address that was looked at, whatever the name is said to be a moment later. */
export const guardedLookup =
  (mayReach: MayReach): LookupFunction =>
  (host, options, done) => {
    lookUp(host, {...options, all: true}, (error, addresses: LookupAddress[]) => {
      if (error) {
        done(error, '');
        return;
      }
      const refused = addresses.find(({address}) => !mayReach(address));
      const [first] = addresses;
      if (refused) done(new RefusedTarget(refused.address, host), '');
      else if (options.all === true) done(null, addresses);
      else done(null, first?.address ?? '', first?.family);
    });
  };

/** Of a URL that has an address in the place of a name nothing is looked up. Throws RefusedTarget. */
export function requireReachable(hostname: string, mayReach: MayReach): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (ipaddr.isValid(address) && !mayReach(address)) throw new RefusedTarget(address, address);
}
