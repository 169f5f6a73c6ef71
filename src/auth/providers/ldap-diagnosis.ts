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
import type {Diagnosis} from './diagnosis.ts';
import type {StepName} from './directory-fault.ts';
import {codeOf, diagnoseNetwork, firstLine} from './network-diagnosis.ts';

interface Circumstances {
  readonly step: StepName;
  readonly url: string;
  readonly settings: LdapSettings;
}

const words = {
  address: 'auth.ldap.urls',
  others: 'auth.ldap.',
  ports: '389 for ldap, 636 for ldaps',
};

export function diagnose(cause: unknown, circumstances: Circumstances): Diagnosis {
  if (cause instanceof ResultCodeError) return ofAnswer(cause, circumstances);
  const code = codeOf(cause);
  const {url, settings} = circumstances;
  const {timeout} = settings;
  return (
    diagnoseNetwork(code, cause, {url, timeout, words}) ??
    ofGarbage(code, url) ?? {finding: firstLine(cause)}
  );
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
export function wordsOf({name, message}: ResultCodeError): string {
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

function ofGarbage(code: string, url: string): Diagnosis | undefined {
  if (code !== 'GARBAGE') return undefined;
  return {
    finding: 'the answer is not LDAP',
    advice: url.startsWith('ldap:')
      ? 'another service listens there, or the port expects TLS from the beginning: write ldaps://'
      : 'another service listens there',
  };
}
