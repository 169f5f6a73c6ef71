import {generateKeyPairSync} from 'node:crypto';
import {join} from 'node:path';
import {inspect} from 'node:util';
import {hash as argon2} from '@node-rs/argon2';
import test, {type ExecutionContext} from 'ava';
import {hash as bcrypt} from 'bcryptjs';
import {exportJWK, SignJWT} from 'jose';
import {createSecretToken} from '../../src/auth/secret-token.ts';
import {holdfast, said, startCommand} from '../cli/holdfast.ts';
import {startProcess} from '../faults/server-process.ts';
import {startInProcess} from './in-process.ts';
import {findSecrets, requireNoSecrets, secret} from './secrets.ts';
import {temporaryDirectory} from './temporary-directory.ts';

const {privateKey} = generateKeyPairSync('ec', {namedCurve: 'P-256'});
const signed = await new SignJWT({sub: 'anna'}).setProtectedHeader({alg: 'ES256'}).sign(privateKey);
const pem = (type: 'pkcs8' | 'sec1') => String(privateKey.export({type, format: 'pem'}));

const basic = (text: string): string => Buffer.from(text).toString('base64');

for (const [kind, where, text] of [
  ['a JSON Web Token', 'alone', signed],
  ['a JSON Web Token', 'in a path', `"path":"/v2/${signed}"`],
  ['a token of the registry', 'of an application', createSecretToken('application').text],
  ['a token of the registry', 'cut', createSecretToken('refresh').text.slice(0, 30)],
  ['Basic credentials', 'alone', `Basic ${basic('anna:secret')}`],
  ['Basic credentials', 'in a header', `authorization: basic ${basic('anna:secre')}`],
  ['a Bearer token', 'that is no JWT', 'Bearer abcdefghijklmnop'],
  ['an argon2 hash', 'alone', await argon2('secret', {memoryCost: 1024})],
  ['a bcrypt hash', 'alone', await bcrypt('secret', 4)],
  ['a private key', 'in PKCS#8', pem('pkcs8')],
  ['a private key', 'in SEC1', pem('sec1')],
  ['a private key', 'as a JWK', JSON.stringify(await exportJWK(privateKey))],
  ['the code that makes the first admin', 'in JSON', '"code":"ABCDE-FGHJK-LMNPQ-23456"'],
] as const) {
  test(`${kind} is found: ${where}`, (t) => {
    const found = findSecrets(`{"level":"info"}\nmore ${text} and more`);
    t.true(
      found.some((each) => each.startsWith(kind)),
      found.join(),
    );
    t.throws(() => {
      requireNoSecrets(text);
    });
    t.false(found.join().includes(text), 'it is not told again');
  });
}

const password = 'a "b"\\c: %ß+/€\'?';
const encodings: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in JSON': (text) => JSON.stringify({text}),
  'in JSON within JSON': (text) => JSON.stringify({body: JSON.stringify({text})}),
  'as Node shows it': (text) => inspect({text}),
  'in a URL': (text) => `?password=${encodeURIComponent(text)}`,
  'in a URL with small hex digits': (text) => encodeURIComponent(text).toLowerCase(),
  'in a form': (text) => new URLSearchParams({text}).toString(),
  'read as latin1': (text) => Buffer.from(text).toString('latin1'),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64url': (text) => Buffer.from(text).toString('base64url'),
  'in base64 behind a name': (text) => Buffer.from(`ann:${text}`).toString('base64'),
  'in base64 behind another name': (text) => Buffer.from(`anna:${text}`).toString('base64'),
};
for (const [how, encode] of Object.entries(encodings)) {
  test(`a secret that the test knows is found ${how}`, (t) => {
    secret(password);
    t.like(findSecrets(`before ${encode(password)} behind`), {length: 1});
    t.deepEqual(findSecrets(`before ${encode(password.slice(0, -2))} behind`), []);
  });
}

test('what is no secret is not taken for one', (t) => {
  for (const text of [
    'Bearer realm="http://127.0.0.1:5000/auth/token",service="holdfast",error="invalid_token"',
    'Basic realm="holdfast"',
    '{"kid":"0C1mqdz2YPgZ5_1RFcyqrX6kUzNtSVvHmFBDtcUa6vE","algorithm":"ES256"}',
    '{"requestId":"6f8d7f0e-8a52-4b0e-9e3b-7b1f6a3d3a55"}',
    'or open this in a browser:\n  https://localhost:5000/start#ABCDE-FGHJK-LMNPQ-23456',
    '-----BEGIN CERTIFICATE-----',
  ]) {
    t.deepEqual(findSecrets(text), []);
  }
});

const stray = `/v2/${secret('a-password-in-a-path')}/tags/list`;

/** What the end of a test would fail with that does this. */
async function failuresOf(
  t: ExecutionContext,
  use: (t: ExecutionContext) => Promise<unknown>,
): Promise<string> {
  const ends: (() => unknown)[] = [];
  await use({...t, teardown: (end: () => unknown) => ends.push(end)});
  const failures: unknown[] = [];
  for (const end of ends.reverse()) {
    try {
      await end();
    } catch (error) {
      failures.push(error);
    }
  }
  return failures.join();
}

test('a test fails whose Holdfast in process has written a password', async (t) => {
  const failures = await failuresOf(t, async (within) =>
    (await startInProcess(within)).api.get(stray),
  );
  t.regex(failures, /a secret of the test behind .*path/);
});

test('a test fails whose Holdfast in a process of its own has written a password', async (t) => {
  const failures = await failuresOf(t, async (within) => {
    const dataDir = join(await temporaryDirectory(within), 'data');
    return (await startProcess(within, {dataDir})).api.get(stray);
  });
  t.regex(failures, /a secret of the test behind .*path/);
});

test('a test fails whose serve has written a password', async (t) => {
  const failures = await failuresOf(t, async (within) => {
    const cwd = await temporaryDirectory(within);
    const args = ['serve', '--tls', 'off', '--auth', 'none', '--listen', '127.0.0.1:0'];
    const child = startCommand(within, args, {cwd});
    const url = /listens on (\S+)/.exec(await said(child, 'stderr', /curl .*\n/))?.[1] ?? '';
    const logged = said(child, 'stdout', /"msg":"request"/);
    await (await fetch(`${url}${stray}`)).text();
    await logged;
  });
  t.regex(failures, /a secret of the test behind .*path/);
});

test('a command that prints a token where none belongs fails its test', async (t) => {
  const cwd = await temporaryDirectory(t);
  await t.throwsAsync(holdfast([signed], {cwd}), {message: /a JSON Web Token/});
});
