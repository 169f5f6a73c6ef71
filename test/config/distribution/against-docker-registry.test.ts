/** What Debian's docker-registry takes as a configuration, and what it refuses, beside what Holdfast does. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {makeServerCertificate} from '../../support/certificate.ts';
import {CommandError} from '../../support/command.ts';
import {startService} from '../../support/service.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {testWith} from '../../support/test-with.ts';
import {lookAt} from './look.ts';

const start = "version: 0.1\nstorage: {filesystem: {rootdirectory: 'DIR/registry'}}\n";
const http = "http: {addr: '127.0.0.1:0'}\n";
const usual = start + http;
const token =
  "realm: 'http://a.example/token', service: a b, issuer: c, rootcertbundle: DIR/server.pem";

type Verdict = 'taken' | 'refused';
type Case = readonly [text: string, env?: Readonly<Record<string, string>>];

/** Both do the same. */
const alike: Readonly<Record<Verdict, Readonly<Record<string, Case>>>> = {
  taken: {
    'the least': [usual],
    'storage as one word': [
      `version: 0.1\nstorage: inmemory\n${http}`,
      {REGISTRY_STORAGE: 'filesystem'},
    ],
    'a version in quotes': [usual.replace('0.1', '"0.1"')],
    'yes for true': [start.replace('}}', '}, delete: {enabled: yes}}') + http],
    'an unknown key': [`${usual}tralala: {a: [b]}\n`],
    'an unknown variable': [usual, {REGISTRY_TRALALA: 'a', REGISTRY_HTTP_TRALALA: 'b'}],
    'a key that is there twice': [`${usual}log: {level: warn, level: info}\n`],
    'a second document': [`${usual}---\na: b\n`],
    'an unknown tag': [`${usual}log: {formatter: !mine text}\n`],
    'an anchor and a merge': [
      `${start}x: &x {addr: '127.0.0.1:0'}\nhttp: {<<: *x, draintimeout: 1m30s}\n`,
    ],
    'a level in capitals': [`${usual}log: {level: INFO}\n`],
    'empty sections': [`${usual}log:\nhealth:\nauth:\n`],
    'auth that is none': [`${usual}auth: none\n`],
    'a file of passwords that is not there yet': [
      `${usual}auth: {htpasswd: {realm: r, path: DIR/htpasswd}}\n`,
    ],
    'a realm': [`${usual}auth: {token: {${token}}}\n`],
    'a pair for TLS': [
      start +
        http.replace(
          '}',
          ', tls: {certificate: DIR/server.pem, key: DIR/server.key, minimumtls: tls1.3}}',
        ),
    ],
    'a pair for TLS, by variables': [
      usual,
      {REGISTRY_HTTP_TLS_CERTIFICATE: 'DIR/server.pem', REGISTRY_HTTP_TLS_KEY: 'DIR/server.key'},
    ],
    'read-only': [start.replace('}}', '}, maintenance: {readonly: {enabled: true}}}') + http],
    'a purge': [
      start.replace(
        '}}',
        '}, maintenance: {uploadpurging: {enabled: true, age: 1h, interval: 1h, dryrun: false}}}',
      ) + http,
    ],
  },
  refused: {
    'no version': [usual.replace('version: 0.1\n', '')],
    'another version': [usual.replace('0.1', '0.2')],
    'no storage': [`version: 0.1\n${http}`],
    'two stores': [start.replace('}}', '}, inmemory: {}}') + http],
    'a store that nobody knows': [`version: 0.1\nstorage: tralala\n${http}`],
    'a store beside that of the file, by a variable': [usual, {REGISTRY_STORAGE_INMEMORY: '{}'}],
    'a tab': [`${usual}log:\n\tlevel: info\n`],
    'a bracket too few': [`${usual}log: {level: [}\n`],
    'a list': ['- version: 0.1\n'],
    'a word for a section': [`${usual}log: tralala\n`],
    'a level that there is not': [`${usual}log: {level: loud}\n`],
    'a formatter that there is not': [`${usual}log: {formatter: loud}\n`],
    'a time that is none': [start + http.replace('}', ', draintimeout: soon}')],
    'a switch that is none': [start + http.replace('}', ', relativeurls: perhaps}')],
    'read-only as a text': [
      start.replace('}}', '}, maintenance: {readonly: {enabled: "true"}}}') + http,
    ],
    'auth of two kinds': [`${usual}auth: {htpasswd: {realm: r, path: DIR/h}, token: {${token}}}\n`],
    'auth of a kind that nobody knows': [`${usual}auth: {tralala: {}}\n`],
    'a realm without an issuer': [`${usual}auth: {token: {${token.replace('issuer: c, ', '')}}}\n`],
    'passwords without a path': [`${usual}auth: {htpasswd: {realm: r}}\n`],
    'an oldest version of TLS that there is not': [
      start +
        http.replace(
          '}',
          ', tls: {certificate: DIR/server.pem, key: DIR/server.key, minimumtls: tls9}}',
        ),
    ],
    'a certificate without a key': [
      start + http.replace('}', ', tls: {certificate: DIR/server.pem}}'),
    ],
    'a variable that is no YAML': [usual, {REGISTRY_LOG_LEVEL: '{a'}],
    'a variable that is no level': [usual, {REGISTRY_LOG_LEVEL: 'loud'}],
  },
};

/** What docker-registry does with it; Holdfast does the other. */
const different: Readonly<Record<Verdict, Readonly<Record<string, Case>>>> = {
  taken: {
    'content that is gone with the process': [`version: 0.1\nstorage: inmemory\n${http}`],
    'auth of whoever says that he is somebody': [`${usual}auth: {silly: {realm: r, service: s}}\n`],
    'a switch in quotes, which it passes over': [
      start.replace('}}', '}, delete: {enabled: "true"}}') + http,
    ],
    'schema 1': [`${usual}compatibility: {schema1: {enabled: true}}\n`],
    'certificates of clients': [
      start +
        http.replace(
          '}',
          ', tls: {certificate: DIR/server.pem, key: DIR/server.key, clientcas: [DIR/ca.pem]}}',
        ),
    ],
    'a realm that is somewhere else': [
      `${usual}auth: {token: {${token.replace('/token', '/auth')}}}\n`,
    ],
  },
  refused: {
    'a suite that it does not know': [
      start +
        http.replace(
          '}',
          ', tls: {certificate: DIR/server.pem, key: DIR/server.key, ciphersuites: [TRALALA]}}',
        ),
    ],
    'middleware that is disabled, which it makes all the same': [
      `${usual}middleware: {storage: [{name: cloudfront, disabled: true}]}\n`,
    ],
    'a purge without an age': [
      start.replace('}}', '}, maintenance: {uploadpurging: {enabled: true}}}') + http,
    ],
  },
};

async function judge(
  t: ExecutionContext,
  [text, env = {}]: Case,
): Promise<{theirs: Verdict; ours: Verdict; said: string}> {
  const directory = await temporaryDirectory(t);
  await makeServerCertificate(directory);
  const at = (words: string): string => words.replaceAll('DIR', directory);
  const file = join(directory, 'config.yml');
  await writeFile(file, at(text));
  const variables = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, at(value)]),
  );
  const seen = lookAt(file, {env: variables});
  const ours = seen.faults.length === 0 ? 'taken' : 'refused';
  try {
    const service = await startService(t, 'docker-registry', ['serve', file], {
      env: variables,
      ready: /listening on [\d.]+:\d+/,
    });
    await service.stop();
    return {theirs: 'taken', ours, said: [...seen.faults, service.output()].join('\n')};
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return {theirs: 'refused', ours, said: error.message};
  }
}

const other = {taken: 'refused', refused: 'taken'} as const;

for (const verdict of ['taken', 'refused'] as const) {
  for (const [what, sample] of Object.entries(alike[verdict])) {
    testWith(['docker-registry'], `${what} is ${verdict} by both`, async (t) => {
      const {theirs, ours, said} = await judge(t, sample);
      t.deepEqual({theirs, ours}, {theirs: verdict, ours: verdict}, said);
    });
  }
  for (const [what, sample] of Object.entries(different[verdict])) {
    const title = `${what}: ${verdict} by docker-registry, and ${other[verdict]} by Holdfast`;
    testWith(['docker-registry'], title, async (t) => {
      const {theirs, ours, said} = await judge(t, sample);
      t.deepEqual({theirs, ours}, {theirs: verdict, ours: other[verdict]}, said);
    });
  }
}
