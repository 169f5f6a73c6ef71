/** Distribution's `http.tls`. */
import {resolve} from 'node:path';
import type {Draft, Row} from './row.ts';

const tls = 'http.tls';
const versions: Readonly<Record<string, string>> = {'tls1.2': 'TLSv1.2', 'tls1.3': 'TLSv1.3'};
/** The first that names one has the key of the pair. */
const keyFiles = [`${tls}.key`, 'REGISTRY_TOKEN_SERVER_TLSKEY', 'REGISTRY_TOKEN_SERVER_KEY'];
const former = new Set(['tls1.0', 'tls1.1']);

/** Some entry, whatever it is. */
const isListed = (draft: Draft, key: string): boolean => {
  const value = draft.value(key);
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
};

export const tlsRows: readonly Row[] = [
  {
    keys: [`${tls}.certificate`, `${tls}.key`],
    becomes:
      '`tls.mode: files`, `tls.certificate` and `tls.key`; without them `tls.mode: off`, as there.',
    settings: ['tls.mode', 'tls.certificate', 'tls.key'],
    translate: (draft) => {
      const certificate = draft.text(`${tls}.certificate`);
      const isGiven = draft.isDecided('tls.certificate') || draft.isDecided('tls.key');
      const mode = certificate === undefined && !isGiven ? 'off' : 'files';
      draft.set('tls.mode', mode, `${tls}.certificate`);
      if (certificate === undefined) return;
      draft.set('tls.certificate', resolve(certificate), `${tls}.certificate`);
      const told = keyFiles.find((key) => draft.text(key) !== undefined);
      const path = told === undefined ? undefined : draft.text(told);
      if (told === undefined || path === undefined) {
        draft.fault(`${tls}.key`, 'must be set where http.tls.certificate is');
      } else draft.set('tls.key', resolve(path), told);
    },
  },
  {
    keys: [`${tls}.minimumtls`],
    becomes: '`tls.minVersion`; TLSv1.2 for what is older, with a warning.',
    settings: ['tls.minVersion'],
    translate: (draft) => {
      const key = `${tls}.minimumtls`;
      const wanted = draft.text(key);
      if (wanted === undefined) return;
      const known = Object.hasOwn(versions, wanted) ? versions[wanted] : undefined;
      const version = known ?? (former.has(wanted) ? 'TLSv1.2' : undefined);
      if (version === undefined) {
        draft.fault(key, 'must be one of tls1.0, tls1.1, tls1.2, tls1.3');
        return;
      }
      draft.set('tls.minVersion', version, key);
      if (former.has(wanted)) draft.warn(key, 'nothing older than TLSv1.2 is spoken');
    },
  },
  {
    keys: [`${tls}.ciphersuites`],
    becomes: 'Lost, with a warning: the suites are those that Node.js calls safe.',
    translate: (draft) => {
      const key = `${tls}.ciphersuites`;
      if (isListed(draft, key)) draft.warn(key, 'are not taken: those of Node.js are offered');
    },
  },
  {
    keys: [`${tls}.clientcas`],
    becomes: '**Fault**: no certificates of clients are asked for. Remove it.',
    translate: (draft) => {
      const key = `${tls}.clientcas`;
      if (!isListed(draft, key)) return;
      draft.fault(
        key,
        'Holdfast asks clients for no certificates, and would let in whoever has a password: remove it, and let a proxy in front ask for them',
      );
    },
  },
  {
    keys: [`${tls}.letsencrypt.*`],
    becomes:
      '**Fault** where there is a `cachefile`: let certbot fetch the certificate, and name its files.',
    settings: ['tls.mode'],
    translate: (draft) => {
      const key = `${tls}.letsencrypt.cachefile`;
      if (draft.text(key) === undefined) return;
      draft.fault(
        key,
        'Holdfast fetches no certificates: let certbot do it, and name its files in http.tls.certificate and http.tls.key',
      );
    },
  },
];
