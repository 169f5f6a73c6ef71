/** What went wrong between us and a provider that is asked over HTTP, in the words of whoever has to mend it. */
import {errorCode} from '../../host/error-code.ts';
import {diagnoseCertificate} from './certificate-diagnosis.ts';
import type {Diagnosis} from './directory-fault.ts';

/** The settings that a diagnosis names. */
export interface SettingWords {
  /** Such as `auth.keystone.url`, or `its issuer`. */
  readonly address: string;
  /** In front of caFile and timeout: `auth.keystone.`, or `its `. */
  readonly others: string;
}

export const ofIssuer: SettingWords = {address: 'its issuer', others: 'its '};

interface Circumstances {
  readonly url: string;
  readonly timeout: number;
  readonly words: SettingWords;
}

/** `known`: the code, where the cause does not have it. */
export function diagnoseRequest(
  cause: unknown,
  known: string | undefined,
  {url, timeout, words}: Circumstances,
): Diagnosis {
  const code = known ?? errorCode(cause) ?? '';
  const said = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
  const address = `check the host and port of ${words.address}`;
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
        advice: `a firewall, or a busy server; ${words.others}timeout sets how long to wait`,
      };
    case 'TOO_LARGE':
      return {finding: 'the answer is too large', advice: 'another service listens there'};
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        finding: 'the connection was closed',
        advice: url.startsWith('http:')
          ? 'if this port expects TLS, write https://'
          : 'if this port does not speak TLS, write http://',
      };
  }
  const named = {...words, owner: 'that server'};
  const ofCertificate = diagnoseCertificate(code, said, named);
  if (ofCertificate) return ofCertificate;
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return {finding: `no TLS: ${said}`, advice: 'the port speaks no TLS, or another version of it'};
  }
  if (code.startsWith('HPE_')) {
    return {finding: 'the answer is not HTTP', advice: 'another service listens there'};
  }
  return {finding: said};
}
