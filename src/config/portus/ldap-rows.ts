/** Portus' `ldap`. */
import {resolve} from 'node:path';
import {flag, type PortusDraft, type PortusRow, text} from './row.ts';

const methodKey = 'ldap.encryption.method';
/** As older packages call it. */
const oldMethodKey = 'ldap.method';
const caFile = 'ldap.encryption.options.ca_file';

const standardPorts: Readonly<Record<string, number>> = {ldap: 389, ldaps: 636};

/** Rows for what counts only where a directory is asked at all. */
const withDirectory =
  (translate: (draft: PortusDraft) => void) =>
  (draft: PortusDraft): void => {
    if (draft.flag('ldap.enabled') === true) translate(draft);
  };

function address(draft: PortusDraft): void {
  const host = draft.text('ldap.hostname');
  if (host === undefined) {
    draft.lose('ldap.hostname', 'is not set: auth.ldap.urls must name the directory');
    return;
  }
  const key = draft.text(methodKey) === undefined ? oldMethodKey : methodKey;
  const method = (draft.text(key) ?? '').toLowerCase().replaceAll(/[_-]/g, '');
  const scheme = method === 'simpletls' || method === 'ssl' ? 'ldaps' : 'ldap';
  const port = draft.number('ldap.port') ?? standardPorts[scheme] ?? 389;
  const name = host.includes(':') ? `[${host}]` : host;
  draft.set('auth.ldap.urls', [`${scheme}://${name}:${port}`], 'ldap.hostname');
  if (scheme === 'ldaps') return;
  draft.set('auth.ldap.startTls', method === 'starttls', key);
  if (method === 'starttls') return;
  draft.lose(
    key,
    'sends passwords in the clear, and so does Holdfast: set auth.ldap.startTls to true',
  );
}

function filter(draft: PortusDraft): void {
  const value = draft.text('ldap.filter');
  if (value === undefined) return;
  draft.set('auth.ldap.filter', value.startsWith('(') ? value : `(${value})`, 'ldap.filter');
}

function bind(draft: PortusDraft): void {
  const key = 'ldap.authentication.enabled';
  if (draft.flag(key) !== true) return;
  const [dn, password] = [
    draft.text('ldap.authentication.bind_dn'),
    draft.text('ldap.authentication.password'),
  ];
  if (dn === undefined || password === undefined) {
    draft.lose(key, 'is true, without bind_dn and password: the directory is searched by nobody');
    return;
  }
  draft.set('auth.ldap.bindDn', dn, 'ldap.authentication.bind_dn');
  draft.set('auth.ldap.bindPassword', password, 'ldap.authentication.password');
}

const row = (
  keys: readonly string[],
  becomes: string,
  translate: (draft: PortusDraft) => void,
): PortusRow => ({keys, becomes, translate: withDirectory(translate)});

export const ldapRows: readonly PortusRow[] = [
  row(
    ['ldap.enabled', 'ldap.hostname', 'ldap.port', methodKey, oldMethodKey],
    '`auth.ldap.urls` and `auth.ldap.startTls`.',
    address,
  ),
  row([caFile], '`auth.ldap.caFile`.', (draft) => {
    const path = draft.text(caFile);
    if (path !== undefined) draft.set('auth.ldap.caFile', resolve(path), caFile);
  }),
  {
    keys: ['ldap.encryption.options.*'],
    becomes: 'Nothing: TLS is of version 1.2 at least.',
  },
  row(['ldap.timeout'], '`auth.ldap.timeout`.', (draft) => {
    const seconds = draft.number('ldap.timeout');
    if (seconds !== undefined && seconds > 0) {
      draft.set('auth.ldap.timeout', `${seconds}s`, 'ldap.timeout');
    }
  }),
  row(['ldap.base'], '`auth.ldap.base`.', text('ldap.base', 'auth.ldap.base')),
  row(
    ['ldap.admin_base'],
    '`auth.ldap.adminBase`; looked at with each login, and not the first alone.',
    text('ldap.admin_base', 'auth.ldap.adminBase'),
  ),
  row(['ldap.uid'], '`auth.ldap.uid`.', text('ldap.uid', 'auth.ldap.uid')),
  row(['ldap.filter'], '`auth.ldap.filter`, in parentheses.', filter),
  row(
    ['ldap.authentication.enabled', 'ldap.authentication.bind_dn', 'ldap.authentication.password'],
    '`auth.ldap.bindDn` and `auth.ldap.bindPassword`.',
    bind,
  ),
  row(
    ['ldap.guess_email.enabled'],
    '`auth.ldap.guessEmail`.',
    flag('ldap.guess_email.enabled', 'auth.ldap.guessEmail'),
  ),
  row(
    ['ldap.guess_email.attr'],
    '`auth.ldap.email`.',
    text('ldap.guess_email.attr', 'auth.ldap.email'),
  ),
  row(
    ['ldap.group_base'],
    '`auth.ldap.groups.base`.',
    text('ldap.group_base', 'auth.ldap.groups.base'),
  ),
  row(
    ['ldap.group_sync.enabled'],
    '`auth.ldap.groups.sync`; who leaves a group leaves the team.',
    flag('ldap.group_sync.enabled', 'auth.ldap.groups.sync'),
  ),
  row(
    ['ldap.group_sync.default_role'],
    '`auth.ldap.groups.role`.',
    text('ldap.group_sync.default_role', 'auth.ldap.groups.role'),
  ),
];
