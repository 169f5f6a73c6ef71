/** Configuration files as they are in use. */
import {existsSync} from 'node:fs';
import test from 'ava';
import {testUnless} from '../../support/test-with.ts';
import {look, lookAt} from './look.ts';
import {runtimeConfig} from './starlingx.ts';

/** As the image registry:2 has it. */
const imageOfRegistry = `version: 0.1
log:
  fields:
    service: registry
storage:
  cache:
    blobdescriptor: inmemory
  filesystem:
    rootdirectory: /var/lib/registry
http:
  addr: :5000
  headers:
    X-Content-Type-Options: [nosniff]
health:
  storagedriver:
    enabled: true
    interval: 10s
    threshold: 3
`;

const everywhere = ['0.0.0.0:5000', '[::]:5000'];

test('the file of the image registry:2 is taken as it is, and warns that accounts are asked for', async (t) => {
  const {settings, faults, warnings} = await look(t, imageOfRegistry);
  t.deepEqual(faults, []);
  t.deepEqual(settings, {
    'storage.root': '/var/lib/registry',
    'storage.delete': false,
    'http.listen': everywhere,
    'tls.mode': 'off',
  });
  t.deepEqual(
    warnings.map((line) => line.split(':')[0]),
    ['auth'],
  );
});

test('the variables by which people configure the image registry:2 do what they did', async (t) => {
  const {settings, faults, warnings} = await look(t, imageOfRegistry, {
    env: {
      REGISTRY_AUTH: 'htpasswd',
      REGISTRY_AUTH_HTPASSWD_REALM: 'Registry Realm',
      REGISTRY_AUTH_HTPASSWD_PATH: '/auth/htpasswd',
      REGISTRY_HTTP_ADDR: '0.0.0.0:443',
      REGISTRY_HTTP_TLS_CERTIFICATE: '/certs/domain.crt',
      REGISTRY_HTTP_TLS_KEY: '/certs/domain.key',
      REGISTRY_STORAGE_DELETE_ENABLED: 'true',
    },
  });
  t.deepEqual([faults, warnings], [[], []]);
  t.deepEqual(settings, {
    'storage.root': '/var/lib/registry',
    'storage.delete': true,
    'http.listen': ['0.0.0.0:443'],
    'tls.mode': 'files',
    'tls.certificate': '/certs/domain.crt',
    'tls.key': '/certs/domain.key',
    'auth.htpasswd': '/auth/htpasswd',
  });
});

const debian = '/etc/docker/registry/config.yml';
const unlessThere = existsSync(debian)
  ? []
  : [`${debian} is not there (apt-get install -y docker-registry)`];

testUnless(unlessThere, 'the file of Debian’s docker-registry is taken as it is', (t) => {
  const {settings, faults, warnings} = lookAt(debian);
  t.deepEqual([faults, warnings], [[], []]);
  t.deepEqual(settings, {
    'storage.root': '/var/lib/docker-registry',
    'storage.delete': true,
    'http.listen': everywhere,
    'tls.mode': 'off',
    'auth.htpasswd': '/etc/docker/registry',
  });
});

test('the files of StarlingX are taken as they are', async (t) => {
  const seen = await look(t, runtimeConfig({isReadOnly: true}), {
    env: {
      REGISTRY_STORAGE_DELETE_ENABLED: 'true',
      REGISTRY_TOKEN_SERVER_ADDR: '[fd00::2]:9002',
      REGISTRY_TOKEN_SERVER_ISSUER: 'bird-token-server',
      REGISTRY_TOKEN_SERVER_KS_ENDPOINT: 'http://controller.internal:5000/v3',
      REGISTRY_TOKEN_SERVER_TLSCERT: '/etc/ssl/private/registry-cert.crt',
      REGISTRY_TOKEN_SERVER_TLSKEY: '/etc/ssl/private/registry-cert.key',
      REGISTRY_TOKEN_SERVER_REALM: 'https://registry.local:9002/token/',
      REGISTRY_TOKEN_SERVER_KEY: '/etc/ssl/private/registry-cert-pkcs1.key',
    },
  });
  t.deepEqual(seen.faults, []);
  t.deepEqual(
    seen.warnings.map((line) => line.split(':')[0]),
    ['http.tls.ciphersuites'],
  );
  t.deepEqual(seen.settings, {
    'storage.root': '/var/lib/docker-distribution',
    'storage.delete': true,
    'maintenance.readonly': true,
    'http.listen': ['registry.local:9001'],
    'tls.mode': 'files',
    'tls.certificate': '/etc/ssl/private/registry-cert.crt',
    'tls.key': '/etc/ssl/private/registry-cert.key',
    'tls.minVersion': 'TLSv1.2',
    'token.service': 'registry.local:9001',
    'token.issuer': 'bird-token-server',
    'token.externalUrl': 'https://registry.local:9002',
    'token.path': '/token/',
    'token.listen': ['[fd00::2]:9002'],
    'auth.keystone.url': 'http://controller.internal:5000/v3',
    'log.level': 'warn',
  });
});
