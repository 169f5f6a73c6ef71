/** Distribution's `auth`: what remains of it where Holdfast itself knows the people. */
import {resolve} from 'node:path';
import {tokenPaths} from '../access-schema.ts';
import {isTree} from '../tree.ts';
import {portOf} from './address.ts';
import {portOfRealm, splitRealm} from './realm.ts';
import type {Draft, Row} from './row.ts';

const token = 'auth.token';
const tokenServerRealm = 'REGISTRY_TOKEN_SERVER_REALM';

function kinds(draft: Draft): readonly string[] {
  const auth = draft.value('auth');
  return isTree(auth) ? Object.keys(auth).filter((kind) => kind.toLowerCase() !== 'none') : [];
}

const has = (draft: Draft, kind: string): boolean => kinds(draft).includes(kind);

/** Takes over a text that Distribution does not start without. */
function demand(draft: Draft, kind: string, key: string): string | undefined {
  if (!has(draft, kind)) return undefined;
  const text = draft.text(key);
  if (text === undefined) draft.fault(key, 'must be set: Distribution does not start without it');
  return text;
}

/** Nobody answers there, unless somebody has seen to it. */
function warnOfPort(draft: Draft, realm: string, key: string): void {
  if (draft.isDecided('token.listen')) return;
  if (draft.value('REGISTRY_TOKEN_SERVER_ADDR') !== undefined) return;
  const address = draft.text('http.addr');
  if (address === undefined || portOf(address) === portOfRealm(realm)) return;
  draft.warn(
    key,
    `sends clients to port ${portOfRealm(realm)}, where Holdfast gives out tokens only if token.listen, REGISTRY_TOKEN_SERVER_ADDR or a proxy says so`,
  );
}

export const authRows: readonly Row[] = [
  {
    keys: ['auth.*'],
    becomes:
      'No `auth`, or `none`: a warning, and accounts are asked for until `auth.mode: none` confirms it. **Fault** (`silly`, or several): set `auth.mode`.',
    settings: ['auth.mode'],
    translate: (draft) => {
      const [kind, another] = kinds(draft);
      if (kind === undefined) {
        draft.warn(
          'auth',
          'is not there, and Distribution let everybody do everything; Holdfast asks for accounts. Set auth.mode to none to leave it open, and auth.openToNetwork to true for others than this host; or to accounts, and this is not said again',
        );
      } else if (another !== undefined) {
        draft.fault('auth', `names ${kind} and ${another}: only one may be there`);
      } else if (kind !== 'token' && kind !== 'htpasswd') {
        draft.fault(
          `auth.${kind}`,
          'is nothing that Holdfast has: set auth.mode, accounts or none',
        );
      }
    },
  },
  {
    keys: ['auth.htpasswd.path'],
    becomes:
      '`auth.htpasswd`: its names log in, and each has what its teams have, and not everything.',
    settings: ['auth.htpasswd'],
    translate: (draft) => {
      const path = demand(draft, 'htpasswd', 'auth.htpasswd.path');
      if (path !== undefined) draft.set('auth.htpasswd', resolve(path), 'auth.htpasswd.path');
    },
  },
  {
    keys: [`${token}.service`],
    becomes: '`token.service`.',
    settings: ['token.service'],
    translate: (draft) => {
      const service = demand(draft, 'token', `${token}.service`);
      if (service !== undefined) draft.set('token.service', service, `${token}.service`);
    },
  },
  {
    keys: [`${token}.issuer`],
    becomes: '`token.issuer`.',
    settings: ['token.issuer'],
    translate: (draft) => {
      const issuer = demand(draft, 'token', `${token}.issuer`);
      if (issuer !== undefined) draft.set('token.issuer', issuer, `${token}.issuer`);
    },
  },
  {
    keys: [`${token}.realm`, `${token}.autoredirect`, tokenServerRealm],
    becomes: `\`token.externalUrl\` and \`token.path\`; with \`autoredirect\` the host that the client asked. **Fault** where its path is none of ${tokenPaths.map((path) => `\`${path}\``).join(', ')}.`,
    settings: ['token.externalUrl', 'token.path'],
    translate: (draft) => {
      if (draft.flag(`${token}.autoredirect`) === true) return;
      const told = demand(draft, 'token', `${token}.realm`);
      const own = draft.text(tokenServerRealm);
      const realm = told ?? own;
      const key = told === undefined ? tokenServerRealm : `${token}.realm`;
      if (realm === undefined) return;
      const address = splitRealm(realm);
      if (address === undefined) {
        draft.fault(
          key,
          `Holdfast gives out tokens itself, at ${tokenPaths.join(', ')}: name such an address of it here, or in token.externalUrl and token.path`,
        );
        return;
      }
      draft.set('token.externalUrl', address.externalUrl, key);
      draft.set('token.path', address.path, key);
      warnOfPort(draft, realm, key);
      if (told !== undefined && own !== undefined && told !== own) {
        draft.warn(tokenServerRealm, 'is not auth.token.realm, to which clients are sent');
      }
    },
  },
  {
    keys: [
      `${token}.rootcertbundle`,
      `${token}.jwks`,
      `${token}.signingalgorithms`,
      `${token}.proxy`,
      'auth.htpasswd.realm',
    ],
    becomes: 'Nothing: Holdfast believes the tokens that it has signed itself.',
  },
];
