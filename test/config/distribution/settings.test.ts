/** What each key of Docker Distribution's configuration sets. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {configSchema} from '../../../src/config/schema.ts';
import {settingsOf} from '../../../src/config/settings.ts';
import {table} from '../../../src/config/distribution/table.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {least, look} from './look.ts';

const storage = 'version: 0.1\nstorage: {filesystem: {rootdirectory: /srv/registry}}\n';
const token = (realm: string, more = ''): string =>
  `auth: {token: {realm: '${realm}', service: s, issuer: i, rootcertbundle: /c${more}}}\n`;
const tls = 'http: {addr: "h:1", tls: {certificate: /c.crt, key: /c.key}}\n';
const purging = (text: string): string =>
  `version: 0.1\nstorage: {filesystem: , maintenance: {uploadpurging: {${text}}}}\n`;

type Env = Readonly<Record<string, string>>;
type Case = readonly [fact: string, text: string, expected: Record<string, unknown>, env?: Env];

const cases: readonly Case[] = [
  [
    'a relative root is relative to the working directory, as there',
    'version: 0.1\nstorage: {filesystem: {rootdirectory: sub}}\n',
    {'storage.root': `${process.cwd()}/sub`},
  ],
  [
    'storage as one word is a driver without parameters',
    'version: 0.1\nstorage: filesystem\n',
    {'storage.root': '/var/lib/registry'},
  ],
  ['deletes are off unless they are switched on', storage, {'storage.delete': false}],
  [
    'YAML 1.1 has yes for true',
    'version: 0.1\nstorage: {filesystem: , delete: {enabled: yes}}\n',
    {'storage.delete': true},
  ],
  [
    'the switch of StarlingX makes it read-only',
    'version: 0.1\nstorage: {filesystem: , maintenance: {readonly: {enabled: true}}}\n',
    {'maintenance.readonly': true},
  ],
  [
    'uploads expire by the age of the purge',
    purging('enabled: true, age: 168h, interval: 24h, dryrun: false'),
    {'uploads.expireAfter': '7d'},
  ],
  ['a purge that is off', purging('enabled: false, age: 1h'), {'uploads.expireAfter': '36500d'}],
  ['a purge that runs dry', purging('age: 1h, dryrun: true'), {'uploads.expireAfter': '36500d'}],
  [
    'an address without a host',
    `${storage}http: {addr: ':5000'}\n`,
    {'http.listen': ['0.0.0.0:5000', '[::]:5000'], 'tls.mode': 'off'},
  ],
  [
    '[::] is both families, as there',
    `${storage}http: {addr: '[::]:5000'}\n`,
    {'http.listen': ['0.0.0.0:5000', '[::]:5000']},
  ],
  [
    'an address of IPv6',
    `${storage}http: {addr: '[fd00::2]:9001'}\n`,
    {'http.listen': ['[fd00::2]:9001']},
  ],
  [
    'a host with a prefix',
    `${storage}http: {host: 'https://a.example:1/', prefix: /b/c/}\n`,
    {externalUrl: 'https://a.example:1/b/c'},
  ],
  [
    'a prefix that is none',
    `${storage}http: {host: 'https://a.example', prefix: /}\n`,
    {externalUrl: 'https://a.example'},
  ],
  ['relative Locations', `${storage}http: {relativeurls: true}\n`, {'http.locations': 'relative'}],
  ['absolute Locations', `${storage}http: {relativeurls: false}\n`, {'http.locations': 'absolute'}],
  ['a time to drain', `${storage}http: {draintimeout: 1m30s}\n`, {'http.drainTimeout': '90s'}],
  [
    'a certificate',
    storage + tls,
    {'tls.mode': 'files', 'tls.certificate': '/c.crt', 'tls.key': '/c.key'},
  ],
  [
    'an older version of TLS than is spoken',
    `${storage}http: {tls: {certificate: /c, key: /k, minimumtls: tls1.1}}\n`,
    {'tls.minVersion': 'TLSv1.2'},
  ],
  [
    'the newest version of TLS',
    `${storage}http: {tls: {certificate: /c, key: /k, minimumtls: tls1.3}}\n`,
    {'tls.minVersion': 'TLSv1.3'},
  ],
  [
    'metrics for Prometheus',
    `${storage}http: {debug: {addr: 'localhost:5001', prometheus: {enabled: true}}}\n`,
    {'metrics.listen': ['localhost:5001']},
  ],
  ['a level in capitals', `${storage}log: {level: WARN}\n`, {'log.level': 'warn'}],
  ['a level at its former place', `${storage}loglevel: error\n`, {'log.level': 'error'}],
  ['a formatter', `${storage}log: {formatter: logstash}\n`, {'log.format': 'json'}],
  [
    'a file of passwords',
    `${storage}auth: {htpasswd: {realm: r, path: /h}}\n`,
    {'auth.htpasswd': '/h'},
  ],
  [
    'the realm of StarlingX',
    storage + token('https://registry.local:9002/token/'),
    {
      'token.service': 's',
      'token.issuer': 'i',
      'token.externalUrl': 'https://registry.local:9002',
      'token.path': '/token/',
    },
  ],
  [
    'the realm of Portus, below a path',
    storage + token('https://a.example/portus/v2/token'),
    {'token.externalUrl': 'https://a.example/portus', 'token.path': '/v2/token'},
  ],
  [
    'a service with a space in it, and one with an address of IPv6',
    `${storage}auth: {token: {realm: 'http://a/token', service: 'Docker registry', issuer: '[fd00::1]:1', rootcertbundle: /c}}\n`,
    {'token.service': 'Docker registry', 'token.issuer': '[fd00::1]:1'},
  ],
  [
    'a variable over the file',
    storage,
    {'storage.delete': true, 'storage.root': '/b'},
    {REGISTRY_STORAGE_DELETE_ENABLED: 'true', REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY: '/b'},
  ],
  [
    'a variable for a section, and one for a part of it',
    storage,
    {'auth.htpasswd': '/b'},
    {REGISTRY_AUTH: 'htpasswd', REGISTRY_AUTH_HTPASSWD_PATH: '/b'},
  ],
  [
    'a variable of a key that is written in capitals in the file',
    'version: 0.1\nstorage: {filesystem: , delete: {enabled: false}}\n',
    {'storage.delete': true},
    {REGISTRY_STORAGE_DELETE: '{enabled: true}'},
  ],
  [
    'the variables of the token server',
    storage + tls + token('https://registry.local:9002/token/'),
    {'token.listen': ['0.0.0.0:9002', '[::]:9002'], 'token.issuer': 'i', 'tls.key': '/c.key'},
    {
      REGISTRY_TOKEN_SERVER_ADDR: ':9002',
      REGISTRY_TOKEN_SERVER_ISSUER: 'i',
      REGISTRY_TOKEN_SERVER_TLSCERT: '/c.crt',
      REGISTRY_TOKEN_SERVER_TLSKEY: '/c.key',
      REGISTRY_TOKEN_SERVER_REALM: 'https://registry.local:9002/token/',
      REGISTRY_TOKEN_SERVER_KEY: '/other.key',
    },
  ],
  [
    'the realm that the token server alone is told',
    storage,
    {'token.externalUrl': 'https://a:9002', 'token.path': '/token/', 'token.issuer': 'j'},
    {
      REGISTRY_TOKEN_SERVER_REALM: 'https://a:9002/token/',
      REGISTRY_TOKEN_SERVER_ISSUER: 'j',
    },
  ],
  [
    'the key that signs, where no other key is named',
    `${storage}http: {addr: 'h:1', tls: {certificate: /c}}\n`,
    {'tls.key': '/k'},
    {REGISTRY_TOKEN_SERVER_KEY: '/k'},
  ],
];

for (const [fact, text, expected, env = {}] of cases) {
  test(`${fact}: ${JSON.stringify(expected)}`, async (t) => {
    const {settings, faults} = await look(t, text, {env});
    t.deepEqual(faults, []);
    t.like(settings, expected);
  });
}

test('a realm that follows the host is not tied to one', async (t) => {
  const text = storage + token('https://a.example/auth', ', autoredirect: true');
  const {settings, faults} = await look(t, text);
  t.deepEqual(faults, []);
  t.false('token.externalUrl' in settings);
});

test('metrics that Prometheus is not to have are not served', async (t) => {
  const {settings} = await look(t, `${storage}http: {debug: {addr: 'localhost:5001'}}\n`);
  t.false('metrics.listen' in settings);
});

test('each value tells the line of the file, or the variable, that says it', async (t) => {
  const {origins} = await look(t, 'version: 0.1\nstorage:\n  filesystem:\nhttp:\n  addr: a:1\n', {
    env: {REGISTRY_STORAGE_DELETE_ENABLED: 'true', REGISTRY_TOKEN_SERVER_ADDR: 'b:2'},
  });
  t.deepEqual(origins, {
    'storage.root': 'FILE:3:3',
    'storage.delete': 'REGISTRY_STORAGE_DELETE_ENABLED',
    'http.listen': 'FILE:5:3',
    'tls.mode': 'FILE:4:1',
    'token.listen': 'REGISTRY_TOKEN_SERVER_ADDR',
  });
});

test('holdfast.yaml wins where it says something, and Distribution’s file says the rest', async (t) => {
  const file = join(await temporaryDirectory(t), 'holdfast.yaml');
  await writeFile(file, 'tls: {key: /mine.key}\nuploads:\n');
  const env = {HOLDFAST_CONFIG: file, REGISTRY_HTTP_TLS_KEY: '/theirs.key'};
  const {settings, origins} = await look(t, storage + tls, {env});
  t.like(settings, {'tls.key': '/mine.key', 'tls.certificate': '/c.crt', 'tls.mode': 'files'});
  t.is(origins['tls.key'], `${file}:1:7`);
});

test('a pair that is given elsewhere keeps TLS on, whatever Distribution’s file leaves out', async (t) => {
  for (const env of [
    {HOLDFAST_TLS_CERTIFICATE: '/mine.crt', HOLDFAST_TLS_KEY: '/mine.key'},
    {HOLDFAST_TLS_KEY: '/mine.key'},
  ]) {
    const {settings} = await look(t, `${storage}http: {addr: ':5000'}\n`, {env});
    t.is(settings['tls.mode'], 'files');
  }
});

test('flags and HOLDFAST_ variables win over all of it', async (t) => {
  const {settings, warnings} = await look(t, `${storage}http: {addr: 'a:1', draintimeout: 9s}\n`, {
    env: {
      REGISTRY_HTTP_DRAINTIMEOUT: '8s',
      HOLDFAST_HTTP_DRAIN_TIMEOUT: '7s',
      HOLDFAST_AUTH_MODE: 'accounts',
    },
    flags: {'http.listen': {name: '--listen', value: ['c:3']}},
  });
  t.false('http.drainTimeout' in settings);
  t.false('http.listen' in settings);
  t.deepEqual(warnings, []);
});

test('without the setting nobody looks at a REGISTRY_ variable', async (t) => {
  const env = {HOLDFAST_DISTRIBUTION_CONFIG: undefined, REGISTRY_HTTP_ADDR: 'a:1'};
  const {settings, warnings} = await look(t, least, {env});
  t.deepEqual(settings, {});
  t.deepEqual(warnings, []);
});

test('every setting that the table names is one', (t) => {
  const known = new Set(settingsOf(configSchema).map(({path}) => path));
  const named = table.flatMap(({settings = []}) => settings);
  t.deepEqual(
    named.filter((path) => !known.has(path)),
    [],
  );
});
