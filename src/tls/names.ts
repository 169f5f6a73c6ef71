/** The host names and addresses that a certificate is for. */
import type {X509Certificate} from 'node:crypto';
import {isIP} from 'node:net';
import {hostname, networkInterfaces} from 'node:os';
import {domainToASCII} from 'node:url';
import ipaddr from 'ipaddr.js';
import {CertificateError} from './certificate-error.ts';

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const dnsName = new RegExp(`^(?=.{1,253}$)(\\*\\.)?${label}(\\.${label})*$`);
const everywhere = ['localhost', '127.0.0.1', '::1'];
/** A node can have hundreds of addresses; a certificate with all of them slows every handshake. */
const mostAddresses = 64;
const mostNames = 100;

/** The one written form of a host name or address; `undefined` for what is neither. */
function canonicalName(text: string): string | undefined {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIP(bare) !== 0) return bare.includes('%') ? undefined : ipaddr.process(bare).toString();
  const ascii = domainToASCII(bare.replace(/^\*\./, '')).toLowerCase();
  const name = (bare.startsWith('*.') ? '*.' : '') + ascii;
  return /:|^[0-9.]+$/.test(bare) || !dnsName.test(name) ? undefined : name;
}

/** This host's name, its first label, and its addresses but loopback and link-local ones. */
export function systemNames(): string[] {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({internal, address}) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
    .map(({address}) => address);
  const name = hostname();
  const short = name.split('.', 1)[0] ?? name;
  return [name, short, ...addresses.slice(0, mostAddresses)];
}

/** What the certificate must be for: the loopback names, the host's and the configured ones, once each. */
export function wantedNames(host: readonly string[], configured: readonly string[]): string[] {
  const own = configured.map((text) => {
    const name = canonicalName(text);
    if (name !== undefined) return name;
    const remedy = 'write names and addresses without scheme or port';
    throw new CertificateError(
      'setting',
      `tls.names: "${text}" is neither a host name nor an address; ${remedy}`,
    );
  });
  // A host's name may be anything; one that can't stand in a certificate is left out.
  const found = host.map(canonicalName).filter((name) => name !== undefined);
  return [...new Set([...everywhere, ...own, ...found])];
}

/** The DNS names and addresses in a certificate, in canonical form. */
export function certificateNames(certificate: X509Certificate): string[] {
  const entries = (certificate.subjectAltName ?? '').matchAll(
    /(?:^|, )(?:DNS|IP Address):([^,"]+)/g,
  );
  return [...entries].map(([, name = '']) => canonicalName(name) ?? name);
}

/**
 * The names for a certificate that replaces one whose names did not suffice. Those of the former stay, so that two hosts
 * that serve one data directory by turns, or a container whose address changes, don't renew at every start.
 */
export function joinedNames(wanted: readonly string[], former: readonly string[]): string[] {
  const joined = [...new Set([...wanted, ...former])];
  return joined.length > mostNames ? [...wanted] : joined;
}
