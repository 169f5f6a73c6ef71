/** What went wrong below whatever is spoken with a server: its name, the connection, TLS. In the words of whoever has to mend it. */
import {diagnoseCertificate} from './certificate-diagnosis.ts';
import type {Diagnosis, SettingWords} from './diagnosis.ts';

export interface Circumstances {
  readonly url: string;
  /** In ms: so long was waited. */
  readonly timeout: number;
  readonly words: SettingWords;
}

/** `code`: of the system, of OpenSSL, or TIMEOUT and CLOSED. `undefined`: it speaks of something else. */
export function diagnoseNetwork(
  code: string,
  cause: unknown,
  {url, timeout, words}: Circumstances,
): Diagnosis | undefined {
  const ports = words.ports === undefined ? '' : ` (${words.ports})`;
  const address = `check the host and port of ${words.address}${ports}`;
  const scheme = new URL(url).protocol.replace(/s?:$/, '');
  const isPlain = url.startsWith(`${scheme}:`);
  const otherScheme = isPlain
    ? `if this port expects TLS from the beginning, write ${scheme}s://`
    : `if this port does not speak TLS from the beginning, write ${scheme}://`;
  switch (code) {
    case 'ECONNREFUSED':
      return {finding: 'nothing listens there', advice: address};
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {finding: 'the name of the host is not known', advice: address};
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {finding: 'the host can not be reached', advice: address};
    case 'TIMEOUT':
      return {
        finding: `no answer within ${timeout} ms`,
        advice: `a firewall, a busy server, or a port that speaks something else than ${scheme}; ${words.others}timeout sets how long to wait`,
      };
    case 'CLOSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return {finding: 'the connection was closed', advice: otherScheme};
  }
  const said = firstLine(cause);
  const ofCertificate = diagnoseCertificate(code, said, words);
  if (ofCertificate) return ofCertificate;
  if (!code.startsWith('ERR_SSL_') && code !== 'EPROTO') return undefined;
  return {
    finding: `no TLS: ${said}`,
    // Over a plain address it was StartTLS, and so TLS is spoken there.
    advice: isPlain ? 'that server and this host have no TLS version in common' : otherScheme,
  };
}

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';

export const firstLine = (cause: unknown): string =>
  cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
