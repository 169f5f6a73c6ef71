/** What went wrong between us and a directory, in the words of whoever has to mend it. */
import {
  ConfidentialityRequiredError,
  InappropriateAuthError,
  InsufficientAccessError,
  InvalidCredentialsError,
  InvalidDNSyntaxError,
  NoSuchObjectError,
  ResultCodeError,
  StrongAuthRequiredError,
} from 'ldapts';
import type {LdapSettings} from '../../config/ldap-schema.ts';
import {errorCode} from '../../host/error-code.ts';
import {diagnoseCertificate} from './certificate-diagnosis.ts';
import type {Diagnosis, StepName} from './directory-fault.ts';

interface Circumstances {
  readonly step: StepName;
  readonly url: string;
  readonly settings: LdapSettings;
}

export function diagnose(cause: unknown, circumstances: Circumstances): Diagnosis {
  if (cause instanceof ResultCodeError) return ofAnswer(cause, circumstances);
  const code = errorCode(cause) ?? '';
  return ofNetwork(code, circumstances) ?? ofTls(code, cause, circumstances) ?? unknown(cause);
}

function ofAnswer(answer: ResultCodeError, {step, settings}: Circumstances): Diagnosis {
  const {bindDn} = settings;
  const said = `the directory answers ${wordsOf(answer)}`;
  if (answer instanceof ConfidentialityRequiredError || answer instanceof StrongAuthRequiredError) {
    return {
      finding: said,
      advice: 'it wants an encrypted connection: use ldaps:// or auth.ldap.startTls true',
    };
  }
  if (step === 'TLS') {
    return {
      finding: `no StartTLS: ${said}`,
      advice: 'use ldaps:// with its port (636), or enable TLS in the directory',
    };
  }
  if (step === 'bind' && answer instanceof InvalidCredentialsError) {
    return {
      finding: `${bindDn ?? 'anonymous'} is not accepted with this password`,
      advice: 'check auth.ldap.bindDn and auth.ldap.bindPassword',
    };
  }
  if (answer instanceof InvalidDNSyntaxError) {
    return {
      finding: said,
      advice: `check the DN in auth.ldap.${step === 'bind' ? 'bindDn' : 'base'}`,
    };
  }
  if (answer instanceof NoSuchObjectError && step !== 'bind') {
    const searched = searchedAt(step, settings);
    const hidden =
      bindDn === undefined ? ', or set auth.ldap.bindDn if it is not shown to all' : '';
    const bases = searched.map(([, base]) => JSON.stringify(base)).join(' or ');
    return {
      finding: `there is nothing below ${bases}: ${said}`,
      advice: `check ${searched.map(([setting]) => `auth.ldap.${setting}`).join(' and ')}${hidden}`,
    };
  }
  if (answer instanceof InsufficientAccessError || answer instanceof InappropriateAuthError) {
    return {
      finding: said,
      advice:
        bindDn === undefined
          ? 'anonymous searches are refused: set auth.ldap.bindDn and auth.ldap.bindPassword'
          : `${bindDn} needs the right to search below auth.ldap.base`,
    };
  }
  return {finding: said};
}

/** Its name in words, and what the directory itself says; the library puts the number behind it. */
function wordsOf({name, message}: ResultCodeError): string {
  const words = name
    .replace(/Error$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/\b([A-Z])(?=[a-z])/g, (letter) => letter.toLowerCase());
  const own = message.replace(/ *Code: 0x[0-9a-f]+$/i, '').trim();
  return `"${words}"${own === '' ? '' : ` (${own})`}`;
}

/** Which settings may have said where a step searched. */
function searchedAt(
  step: StepName,
  {base, adminBase, groups}: LdapSettings,
): readonly (readonly [setting: string, base: string])[] {
  if (step === 'groups' && groups.base !== undefined) return [['groups.base', groups.base]];
  if (step === 'groups' || adminBase === undefined) return [['base', base]];
  return [
    ['adminBase', adminBase],
    ['base', base],
  ];
}

function ofNetwork(code: string, {settings, url}: Circumstances): Diagnosis | undefined {
  const address = 'check host and port in auth.ldap.urls (389 for ldap, 636 for ldaps)';
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
        finding: `no answer within ${settings.timeout} ms`,
        advice: `a firewall, a busy directory, or a port that speaks something else than ${new URL(url).protocol.slice(0, -1)}; auth.ldap.timeout sets how long to wait`,
      };
    case 'CLOSED':
    case 'ECONNRESET':
    case 'EPIPE':
      return {
        finding: 'the connection was closed',
        advice: url.startsWith('ldap:')
          ? 'if this port expects TLS from the beginning, write ldaps://'
          : 'if this port does not speak TLS from the beginning, write ldap://',
      };
    case 'GARBAGE':
      return {
        finding: 'the answer is not LDAP',
        advice: url.startsWith('ldap:')
          ? 'another service listens there, or the port expects TLS from the beginning: write ldaps://'
          : 'another service listens there',
      };
    default:
      return undefined;
  }
}

function ofTls(code: string, cause: unknown, {url}: Circumstances): Diagnosis | undefined {
  const said = messageOf(cause);
  const ofCertificate = diagnoseCertificate(code, said, {
    address: 'auth.ldap.urls',
    others: 'auth.ldap.',
    owner: 'the directory',
  });
  if (ofCertificate) return ofCertificate;
  if (code.startsWith('ERR_SSL_') || code === 'EPROTO') {
    return {
      finding: `no TLS: ${said.split('\n')[0] ?? ''}`,
      advice: url.startsWith('ldaps:')
        ? 'if this port does not speak TLS from the beginning, write ldap://'
        : 'the directory and this host have no TLS version in common',
    };
  }
  return undefined;
}

const unknown = (cause: unknown): Diagnosis => ({finding: messageOf(cause)});

const messageOf = (cause: unknown): string =>
  cause instanceof Error ? cause.message : String(cause);
