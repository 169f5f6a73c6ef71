/** Whom an address stands for. */
import ipaddr from 'ipaddr.js';

/** In bytes: a household or a host gets as much of IPv6, so that an address of it is nobody. */
const prefixOfIPv6 = 8;

/** An IPv4 address, the /64 of one of IPv6, or one word for all others, such as those of a Unix socket. */
export function clientNetwork(address: string): string {
  if (!ipaddr.isValid(address)) return 'elsewhere';
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${Buffer.from(parsed.toByteArray().slice(0, prefixOfIPv6)).toString('hex')}/64`;
}
