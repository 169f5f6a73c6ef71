/** What the start says, by the configuration. */
import test from 'ava';
import {welcome} from '../../src/cli/welcome.ts';
import {configSchema} from '../../src/config/schema.ts';

const started = {
  version: '1',
  file: undefined,
  setup: {hasAdmin: false},
  addresses: [{purpose: 'registry', url: 'https://127.0.0.1:5000'}],
} as const;

const said = (settings: object): string =>
  welcome(started, configSchema.parse(settings), {underNpm: false});

test('where no provider says who is an admin, the start tells how to make the account admin', (t) => {
  t.regex(said({}), /There is no admin yet\. This makes one.*\n.* user create admin\n/);
  const keystone = {url: 'https://keystone.example.org/v3'};
  t.regex(said({auth: {keystone}}), / user create admin\n/);
});

for (const [who, auth] of [
  [
    'Keystone (auth.keystone.admins)',
    {keystone: {url: 'https://k.example.org/v3', admins: [{project: 'admin', role: 'admin'}]}},
  ],
  [
    'the LDAP directory (auth.ldap.adminGroup)',
    {ldap: {urls: ['ldaps://l.example.org'], base: 'dc=x', adminGroup: 'cn=admins,dc=x'}},
  ],
  [
    'the LDAP directory (auth.ldap.adminBase)',
    {ldap: {urls: ['ldaps://l.example.org'], base: 'dc=x', adminBase: 'ou=admins,dc=x'}},
  ],
  [
    'Dex (auth.oidc[0].admins)',
    {
      oidc: [
        {
          id: 'dex',
          displayName: 'Dex',
          issuer: 'https://dex.example.org',
          clientId: 'x',
          admins: [{group: 'a'}],
        },
      ],
    },
  ],
] as const) {
  test(`the start says that admins come from ${who}, and proposes no account admin`, (t) => {
    const text = said({auth});
    t.true(text.includes(`Admins come from ${who}, with their first login.`), text);
    t.false(/create admin|admin\/alpine/.test(text), text);
  });
}

test('the start says where images lie, where that is elsewhere', (t) => {
  const settings = {dataDir: '/srv/holdfast', storage: {root: '/srv/images'}};
  t.regex(said(settings), /^Everything lies in \/srv\/holdfast, and images in \/srv\/images; /m);
});

test('a start that is read-only says so, and proposes no push', (t) => {
  const text = said({maintenance: {readonly: true}});
  t.regex(text, /It is read-only \(maintenance\.readonly\)/);
  t.false(text.includes('docker push'));
});
