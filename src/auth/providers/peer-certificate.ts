/** The certificate that a server has shown, in a sentence for whoever tests a connection. */
import type {TLSSocket} from 'node:tls';

export function peerCertificate(socket: TLSSocket, {verify}: {readonly verify: boolean}): string {
  const {subject, issuer, valid_to: end} = socket.getPeerCertificate();
  const trust = verify ? 'verified' : 'NOT verified';
  return `${socket.getProtocol() ?? ''}, certificate ${trust}: ${nameOf(subject)}, issued by ${nameOf(issuer)}, valid until ${end}`;
}

const nameOf = (
  name: {readonly CN?: string | string[]; readonly O?: string | string[]} | undefined,
): string => [name?.CN ?? name?.O ?? 'no name'].flat().join(', ');
