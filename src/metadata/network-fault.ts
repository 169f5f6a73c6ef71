/** What drivers of database servers say of the network and of TLS. */
import type {ServerFault} from './server-pool.ts';

const lost = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EACCES',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_PACKETS_OUT_OF_ORDER',
]);

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'there is no such socket',
  EACCES: 'the socket may not be used by this user',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name can not be looked up at present',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  HANDSHAKE_NO_SSL_SUPPORT:
    'it speaks no TLS: give it a certificate, or set metadata.tls to off where nobody can listen in between',
};

const untrusted =
  'its certificate is of a CA that is not known here: set metadata.caFile to the CA that signed it';

const isUntrusted = (code: string): boolean =>
  /SELF_SIGNED_CERT|UNABLE_TO_(VERIFY|GET_ISSUER)|CERT_(UNTRUSTED|SIGNATURE|REJECTED|NOT_YET)/.test(
    code,
  );

const isOfTls = (code: string): boolean =>
  code.startsWith('ERR_TLS') ||
  code.startsWith('ERR_SSL') ||
  code === 'EPROTO' ||
  code in sentences;

/** By the code that Node or the driver gives it. */
export function networkFault(code: string | undefined): ServerFault | undefined {
  if (code === undefined) return undefined;
  if (isUntrusted(code)) return {kind: 'unavailable', code, message: untrusted};
  if (!lost.has(code) && !isOfTls(code)) return undefined;
  const message = sentences[code];
  return {kind: 'unavailable', code, ...(message === undefined ? {} : {message})};
}

/** What the drivers say in many ways. */
export const strangeAnswer: ServerFault = {
  kind: 'unavailable',
  code: 'STRANGE_ANSWER',
  message: 'what answers there does not speak as such a server does',
};
