/** The variables of StarlingX's registry-token-server, whose place the token realm takes. */
import {resolve} from 'node:path';
import {listenOn} from './address.ts';
import type {Draft, Row} from './row.ts';

const address = 'REGISTRY_TOKEN_SERVER_ADDR';
const issuer = 'REGISTRY_TOKEN_SERVER_ISSUER';
const endpoint = 'REGISTRY_TOKEN_SERVER_KS_ENDPOINT';
const certificate = 'REGISTRY_TOKEN_SERVER_TLSCERT';
const tlsKey = 'REGISTRY_TOKEN_SERVER_TLSKEY';
const signingKey = 'REGISTRY_TOKEN_SERVER_KEY';

const pathIn = (draft: Draft, key: string): string | undefined => {
  const path = draft.text(key);
  return path === undefined ? undefined : resolve(path);
};

export const tokenServerRows: readonly Row[] = [
  {
    keys: [address],
    becomes: '`token.listen`.',
    settings: ['token.listen'],
    translate: (draft) => {
      const text = draft.text(address);
      if (text !== undefined) draft.set('token.listen', listenOn(text), address);
    },
  },
  {
    keys: [issuer],
    becomes: '`token.issuer`. **Fault** where it is not `auth.token.issuer`.',
    settings: ['token.issuer'],
    translate: (draft) => {
      const own = draft.text(issuer);
      const expected = draft.text('auth.token.issuer');
      if (own === undefined) return;
      if (expected === undefined) draft.set('token.issuer', own, issuer);
      else if (own !== expected) {
        draft.fault(issuer, 'is not auth.token.issuer: no token would count; make them the same');
      }
    },
  },
  {
    keys: [certificate, tlsKey],
    becomes:
      '`tls.certificate` and `tls.key`. **Fault** where they are not those of the registry: there is one pair for both.',
    settings: ['tls.mode', 'tls.certificate', 'tls.key'],
    translate: (draft) => {
      for (const [key, other] of [
        [certificate, 'http.tls.certificate'],
        [tlsKey, 'http.tls.key'],
      ] as const) {
        const [own, registry] = [pathIn(draft, key), pathIn(draft, other)];
        const isTaken = key === tlsKey && registry === undefined;
        if (own === undefined || own === registry || isTaken) continue;
        draft.fault(
          key,
          `is not ${other}: one pair serves the registry and the token realm; make them the same, or set tls.mode, tls.certificate and tls.key`,
        );
      }
    },
  },
  {
    keys: [signingKey],
    becomes:
      'Nothing to set: the key of `tls.certificate` signs, be it in this file or another. **Fault** where this is another key; set `token.key` to sign with one that Holdfast makes.',
    settings: ['token.key'],
    translate: (draft) => {
      const path = pathIn(draft, signingKey);
      if (path === undefined) return;
      if (draft.text('http.tls.certificate') === undefined) {
        draft.warn(signingKey, 'is not used without TLS: Holdfast signs with a key of its own');
      } else draft.signWith(path, signingKey);
    },
  },
  {
    keys: [endpoint],
    becomes: '`auth.keystone.url`, as it is.',
    settings: ['auth.keystone.url'],
    translate: (draft) => {
      const url = draft.text(endpoint);
      if (url !== undefined) draft.set('auth.keystone.url', url, endpoint);
    },
  },
];
