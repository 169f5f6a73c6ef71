/** What of Docker Distribution's configuration can't be had, and is told. */
import test from 'ava';
import {least, look} from './look.ts';

const http = (text: string): string => least.replace("addr: 'localhost:5000'", text);
const auth = (text: string): string => least.replace(/auth: .*/, `auth: ${text}`);
const storage = (text: string): string => least.replace(/storage: .*/, `storage: ${text}`);
const token = 'realm: "http://a/token", service: s, issuer: i, rootcertbundle: /c';
const pair = 'http: {addr: "h:1", tls: {certificate: /c.crt, key: /c.key}}\n';

type Env = Readonly<Record<string, string>>;
type Case = readonly [text: string, expected: string, env?: Env];

const faults: Readonly<Record<string, Case>> = {
  'a store in the cloud': [
    storage('{s3: {bucket: b}}'),
    'storage.s3: is no directory, and Holdfast keeps its content in one: copy it there, and set storage.root to it [FILE:2:11]',
  ],
  'a store in the cloud, by a variable': [
    'version: 0.1\nhttp: {addr: "a:1"}\nauth: {htpasswd: {realm: r, path: /h}}\n',
    'storage.azure: is no directory, and Holdfast keeps its content in one: copy it there, and set storage.root to it [REGISTRY_STORAGE_AZURE_CONTAINER]',
    {REGISTRY_STORAGE_AZURE_CONTAINER: 'c'},
  ],
  'two stores': [
    storage('{s3: {}, filesystem: {}}'),
    'storage: names two drivers, s3 and filesystem: only one may be there [FILE:2:1]',
  ],
  'no store': [
    storage('{delete: {enabled: true}}'),
    'storage: names no driver, such as filesystem: Distribution does not start so [FILE:2:1]',
  ],
  'a switch that is a text': [
    storage('{filesystem: , delete: {enabled: "true"}}'),
    'storage.delete.enabled: must be true or false [FILE:2:34]',
  ],
  'a section that is a word': [`${least}health: {}\nlog: 5\n`, 'log: must be a mapping [FILE:6:1]'],
  'a socket of UNIX': [
    http('net: unix, addr: /run/r.sock'),
    'http.net: Holdfast listens on TCP alone: remove it, and give http.addr a port [FILE:3:8]',
  ],
  'an address without a port': [
    http('addr: here'),
    'http.listen[0]: must be HOST:PORT, such as localhost:5000, 0.0.0.0:5000 or [::]:5000, not "here" [FILE:3:8]',
  ],
  'a prefix without a host': [
    http('addr: "a:1", prefix: /b/'),
    'http.prefix: Holdfast needs the whole address for it: set http.host, or externalUrl such as https://registry.example.org/prefix [FILE:3:21]',
  ],
  'a time that is none': [
    http('addr: "a:1", draintimeout: soon'),
    'http.draintimeout: must be a duration such as 30s, 1m30s or 168h [FILE:3:21]',
  ],
  'a time that is too long': [
    http('addr: "a:1", draintimeout: 9999h'),
    'http.drainTimeout: must be at most 24d [FILE:3:21]',
  ],
  'a certificate without a key': [
    http('addr: "a:1", tls: {certificate: /c}'),
    'http.tls.key: must be set where http.tls.certificate is [FILE:3:21]',
  ],
  'a version of TLS that there is not': [
    http('addr: "a:1", tls: {minimumtls: tls2}'),
    'http.tls.minimumtls: must be one of tls1.0, tls1.1, tls1.2, tls1.3 [FILE:3:27]',
  ],
  'a CA for the certificates of clients': [
    http('addr: "a:1", tls: {clientcas: [/ca]}'),
    'http.tls.clientcas: Holdfast asks clients for no certificates, and would let in whoever has a password: remove it, and let a proxy in front ask for them [FILE:3:27]',
  ],
  "Let's Encrypt": [
    http('addr: "a:1", tls: {letsencrypt: {cachefile: /le}}'),
    'http.tls.letsencrypt.cachefile: Holdfast fetches no certificates: let certbot do it, and name its files in http.tls.certificate and http.tls.key [FILE:3:41]',
  ],
  'a level of the log that there is not': [
    `${least}log: {level: loud}\n`,
    'log.level: must be one of debug, info, warn, error, not "loud" [FILE:5:7]',
  ],
  'a format of the log that there is not': [
    `${least}log: {formatter: constructor}\n`,
    'log.formatter: must be one of text, json, logstash [FILE:5:7]',
  ],
  'auth of nobody': [
    auth('{silly: {realm: r, service: s}}'),
    'auth.silly: is nothing that Holdfast has: set auth.mode, accounts or none [FILE:4:8]',
  ],
  'auth of two kinds': [
    auth(`{htpasswd: {realm: r, path: /h}, token: {${token}}}`),
    'auth: names htpasswd and token: only one may be there [FILE:4:1]',
  ],
  'auth by a file that is not named': [
    auth('{htpasswd: {realm: r}}'),
    'auth.htpasswd.path: must be set: Distribution does not start without it [FILE:4:8]',
  ],
  'a realm at an address that is not of Holdfast': [
    auth(`{token: {${token.replace('/token', '/auth')}}}`),
    'auth.token.realm: Holdfast gives out tokens itself, at /auth/token, /token, /token/, /v2/token, /service/token: name such an address of it here, or in token.externalUrl and token.path [FILE:4:16]',
  ],
  'two issuers': [
    auth(`{token: {${token}}}`),
    'REGISTRY_TOKEN_SERVER_ISSUER: is not auth.token.issuer: no token would count; make them the same [REGISTRY_TOKEN_SERVER_ISSUER]',
    {REGISTRY_TOKEN_SERVER_ISSUER: 'j'},
  ],
  'two certificates': [
    least.replace(/http: .*\n/, pair),
    'REGISTRY_TOKEN_SERVER_TLSCERT: is not http.tls.certificate: one pair serves the registry and the token realm; make them the same, or set tls.mode, tls.certificate and tls.key [REGISTRY_TOKEN_SERVER_TLSCERT]',
    {REGISTRY_TOKEN_SERVER_TLSCERT: '/d.crt'},
  ],
  'a realm with TLS before a registry without': [
    least,
    'REGISTRY_TOKEN_SERVER_TLSCERT: is not http.tls.certificate: one pair serves the registry and the token realm; make them the same, or set tls.mode, tls.certificate and tls.key [REGISTRY_TOKEN_SERVER_TLSCERT]',
    {REGISTRY_TOKEN_SERVER_TLSCERT: '/d.crt'},
  ],
  'a cache of another registry': [
    `${least}proxy: {remoteurl: 'https://registry-1.docker.io'}\n`,
    'proxy.remoteurl: Holdfast is no cache of another registry, and would answer 404 for what is not there: remove proxy, or keep Distribution for it [FILE:5:9]',
  ],
  middleware: [
    `${least}middleware: {storage: [{name: a, disabled: true}, {name: cloudfront}]}\n`,
    'middleware: Holdfast has none, and content would come otherwise than by it: remove it, or set disabled [FILE:5:1]',
  ],
  'manifests of schema 1': [
    `${least}compatibility: {schema1: {enabled: true}}\n`,
    'compatibility.schema1.enabled: manifests of schema 1 are not served: push those images anew, and remove it [FILE:5:27]',
  ],
  'a variable that is no YAML': [
    least,
    'REGISTRY_HTTP_HEADERS: is not YAML, as Distribution reads it [REGISTRY_HTTP_HEADERS]',
    {REGISTRY_HTTP_HEADERS: '{a: [b'},
  ],
  'a variable that merges what is no mapping': [
    least,
    'REGISTRY_HTTP_HEADERS: is not YAML, as Distribution reads it [REGISTRY_HTTP_HEADERS]',
    {REGISTRY_HTTP_HEADERS: '{<<: 5}'},
  ],
  'a variable with an alias': [
    least,
    'REGISTRY_HTTP_HEADERS: is not YAML, as Distribution reads it [REGISTRY_HTTP_HEADERS]',
    {REGISTRY_HTTP_HEADERS: '[&a b, *a]'},
  ],
};

for (const [what, [text, expected, env = {}]] of Object.entries(faults)) {
  test(`${what} is a fault that says what to do`, async (t) => {
    const seen = await look(t, text, {env});
    t.deepEqual(seen.faults, [expected]);
  });
}

const warnings: Readonly<Record<string, Case>> = {
  'no auth': [
    'version: 0.1\nstorage: filesystem\nhttp: {addr: "a:1"}\n',
    'auth: is not there, and Distribution let everybody do everything; Holdfast asks for accounts. Set auth.mode to none to leave it open, and auth.openToNetwork to true for others than this host; or to accounts, and this is not said again [FILE:1:1]',
  ],
  'auth that is none': [
    auth('none'),
    'auth: is not there, and Distribution let everybody do everything; Holdfast asks for accounts. Set auth.mode to none to leave it open, and auth.openToNetwork to true for others than this host; or to accounts, and this is not said again [FILE:4:1]',
  ],
  'no address': [
    least.replace(/http: .*\n/, ''),
    'http.addr: is not set: Distribution takes a port at random, Holdfast http.listen [FILE:1:1]',
  ],
  'an unknown key': [
    http('addr: "a:1", draintimout: 5s'),
    'http.draintimout: unknown key; did you mean http.draintimeout? [FILE:3:21]',
  ],
  'an unknown variable': [
    least,
    'htpp: unknown key [REGISTRY_HTPP_ADDR]',
    {REGISTRY_HTPP_ADDR: 'a:1'},
  ],
  'an unknown variable of the token server': [
    least,
    'REGISTRY_TOKEN_SERVER_ADR: unknown key; did you mean REGISTRY_TOKEN_SERVER_ADDR? [REGISTRY_TOKEN_SERVER_ADR]',
    {REGISTRY_TOKEN_SERVER_ADR: ':9002'},
  ],
  'a key that is there twice': [
    `${least}log: {level: info, level: warn}\n`,
    'FILE: the key level stands in its mapping already: remove one of the two [FILE:5:20]',
  ],
  'a header': [
    http('addr: "a:1", headers: {X-Content-Type-Options: [nosniff], X-A: [b]}'),
    'http.headers: are not sent: let a proxy in front add them [FILE:3:21]',
  ],
  'suites of ciphers': [
    http('addr: "a:1", tls: {ciphersuites: [TLS_A]}'),
    'http.tls.ciphersuites: are not taken: those of Node.js are offered [FILE:3:27]',
  ],
  'metrics at another path': [
    http('addr: "a:1", debug: {addr: "b:2", prometheus: {enabled: true, path: /p}}'),
    'http.debug.prometheus.path: is not taken: the metrics are at /metrics [FILE:3:70]',
  ],
  'an endpoint of notifications without an address': [
    `${least}notifications: {endpoints: [{name: a}, {name: b, url: 'http://c'}]}\n`,
    'notifications.endpoints: one without an address of http or https is not told of events [FILE:5:17]',
  ],
  'a realm on a port where nobody gives out tokens': [
    auth(`{token: {${token.replace('//a', '//a:9002')}}}`),
    'auth.token.realm: sends clients to port 9002, where Holdfast gives out tokens only if token.listen, REGISTRY_TOKEN_SERVER_ADDR or a proxy says so [FILE:4:16]',
  ],
  'a key of tokens without TLS': [
    least,
    'REGISTRY_TOKEN_SERVER_KEY: is not used without TLS: Holdfast signs with a key of its own [REGISTRY_TOKEN_SERVER_KEY]',
    {REGISTRY_TOKEN_SERVER_KEY: '/k'},
  ],
  'two realms': [
    auth(`{token: {${token.replace('//a', '//a:5000')}}}`),
    'REGISTRY_TOKEN_SERVER_REALM: is not auth.token.realm, to which clients are sent [REGISTRY_TOKEN_SERVER_REALM]',
    {REGISTRY_TOKEN_SERVER_REALM: 'http://b:5000/token'},
  ],
};

for (const [what, [text, expected, env = {}]] of Object.entries(warnings)) {
  test(`${what}: a warning, and it starts`, async (t) => {
    const seen = await look(t, text, {env});
    t.deepEqual(seen.faults, []);
    t.deepEqual(seen.warnings, [expected]);
  });
}

test('what is decided elsewhere is no fault and no warning here', async (t) => {
  const text = 'version: 0.1\nstorage: {s3: {bucket: b}}\nhttp: {addr: "a:1"}\n';
  const env = {HOLDFAST_STORAGE_ROOT: '/srv/copy', HOLDFAST_AUTH_MODE: 'accounts'};
  const {faults: found, warnings: told} = await look(t, text, {env});
  t.deepEqual([found, told], [[], []]);
});

test('all faults are told together, with those of other sources', async (t) => {
  const text = http('net: unix, addr: a, draintimeout: soon').replace('/srv/htpasswd', '');
  const env = {HOLDFAST_LOG_LEVEL: 'loud', REGISTRY_LOG: '{a: ['};
  const seen = await look(t, text, {env});
  t.deepEqual(
    seen.faults.map((line) => line.split(':')[0]),
    ['REGISTRY_LOG', 'http.net', 'http.draintimeout', 'auth.htpasswd.path', 'log.level'],
  );
});

test('of thousands of unknown keys the first are told, and the number of the others', async (t) => {
  const text = least + Array.from({length: 1000}, (_, n) => `qqq${n}: 1\n`).join('');
  const seen = await look(t, text);
  t.is(seen.warnings.length, 21);
  t.is(seen.warnings.at(-1), 'distribution.config: 980 more unknown keys');
});

test('what Kubernetes sets for a service called registry is no unknown variable', async (t) => {
  const env = {
    REGISTRY_SERVICE_HOST: '10.0.0.1',
    REGISTRY_PORT: 'tcp://10.0.0.1:5000',
    REGISTRY_PORT_5000_TCP: 'tcp://10.0.0.1:5000',
    REGISTRY_CONFIGURATION_PATH: '/nowhere',
  };
  t.deepEqual((await look(t, least, {env})).warnings, []);
});

test('no fault and no warning tells a secret', async (t) => {
  const text = `${http('addr: "a:1", secrets: hunter22, secret: hunter22')}redis: {password: hunter22}\n`;
  const env = {
    REGISTRY_HTTP_SECRET: '{hunter22',
    REGISTRY_PROXY: '{password: hunter22, remoteurl: a}',
  };
  t.notRegex(JSON.stringify(await look(t, text, {env})), /hunter22/);
});
