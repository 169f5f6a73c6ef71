/** Holdfast in the place of a Docker Distribution that somebody else configures. */
import {generateKeyPairSync, createPrivateKey, X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {mkdir, readFile, rename, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {compactVerify} from 'jose';
import {issueAuthority, issueServer} from '../../src/tls/issue.ts';
import {newKey} from '../../src/tls/new-key.ts';
import {runtimeConfig} from '../config/distribution/starlingx.ts';
import {freePort} from '../support/ports.ts';
import {ask} from '../support/registry.ts';
import {secret} from '../support/secrets.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast, said, startCommand} from './holdfast.ts';

const password = secret('the password of admin');
const digest = `sha256:${'0'.repeat(64)}`;

interface Controller {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly caFile: string;
  readonly certificateFile: string;
  /** Has the link lead to that file, as the management does it: a new link, and a rename. */
  readonly switchTo: (file: string) => Promise<void>;
}

/** The directory of a StarlingX controller: both files, the link, the pair, and the key once more in PKCS#1. */
async function controller(t: ExecutionContext): Promise<Controller> {
  const cwd = await temporaryDirectory(t);
  const at = (name: string): string => join(cwd, name);
  const {publicKey, privateKey} = generateKeyPairSync('rsa', {modulusLength: 2048});
  const authorityKey = createPrivateKey(newKey());
  const authority = await issueAuthority(authorityKey, 'of a test', new Date());
  const signer = {certificate: authority, key: authorityKey};
  const leaf = await issueServer(signer, publicKey, ['127.0.0.1', 'localhost'], new Date());
  const secrets = {mode: 0o600};
  await writeFile(at('ca.crt'), authority.toString());
  await writeFile(at('registry-cert.crt'), leaf.toString());
  for (const [name, type] of [
    ['registry-cert.key', 'pkcs8'],
    ['registry-cert-pkcs1.key', 'pkcs1'],
  ] as const) {
    await writeFile(at(name), privateKey.export({type, format: 'pem'}), secrets);
  }
  const place = {
    root: at('content'),
    address: '127.0.0.1:0',
    certificate: at('registry-cert.crt'),
    key: at('registry-cert.key'),
  };
  await mkdir(at('content'));
  await writeFile(at('runtime_config.yml'), runtimeConfig(place));
  await writeFile(at('readonly_config.yml'), runtimeConfig({...place, isReadOnly: true}));
  const switchTo = async (file: string): Promise<void> => {
    await symlink(file, at('config.yml.new'));
    await rename(at('config.yml.new'), at('config.yml'));
  };
  await switchTo('runtime_config.yml');
  return {
    cwd,
    switchTo,
    caFile: at('ca.crt'),
    certificateFile: place.certificate,
    env: {
      HOLDFAST_ADMIN_PASSWORD: password,
      REGISTRY_TOKEN_SERVER_ADDR: `127.0.0.1:${await freePort(t)}`,
      REGISTRY_TOKEN_SERVER_ISSUER: 'bird-token-server',
      REGISTRY_TOKEN_SERVER_TLSCERT: place.certificate,
      REGISTRY_TOKEN_SERVER_TLSKEY: place.key,
      REGISTRY_TOKEN_SERVER_REALM: 'https://registry.local:9002/token/',
      REGISTRY_TOKEN_SERVER_KEY: at('registry-cert-pkcs1.key'),
    },
  };
}

const words = ['--distribution-config', 'config.yml'];

interface Running {
  readonly welcome: string;
  /** Status of a request with a token of admin for that action. */
  readonly try: (method: string, path: string, action: string) => Promise<number>;
  readonly challenge: () => Promise<string>;
  readonly token: (action: string) => Promise<string>;
  readonly stop: () => Promise<void>;
}

async function serve(
  t: ExecutionContext,
  {cwd, env, caFile}: Controller,
  more: Readonly<Record<string, string>> = {},
): Promise<Running> {
  const child = startCommand(t, ['serve', ...words], {cwd, env: {...env, ...more}});
  const exited = once(child, 'exit');
  const welcome = await said(child, 'stderr', /Everything lies in .*\n/);
  const url = /listens on (\S+)/.exec(welcome)?.[1] ?? '';
  const realm = /given out on (\S+)/.exec(welcome)?.[1] ?? '';
  const token = async (action: string): Promise<string> => {
    const query = `service=registry.local:9001&scope=repository:admin/app:${action}`;
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    const answer = await ask({url: realm, caFile}, `/token/?${query}`, {headers: {authorization}});
    const {access_token: text} = JSON.parse(answer.body.toString()) as {access_token: string};
    return secret(text);
  };
  return {
    welcome,
    token,
    try: async (method, path, action) => {
      const headers = {authorization: `Bearer ${await token(action)}`};
      return (await ask({url, caFile}, path, {method, headers})).status;
    },
    challenge: async () => {
      const {headers} = await ask({url, caFile}, '/v2/');
      return String(headers['www-authenticate']);
    },
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

const push = '/v2/admin/app/blobs/uploads/';
const blob = `/v2/admin/app/blobs/${digest}`;

test('the management of StarlingX makes it read-only and back by its link and a restart', async (t) => {
  const place = await controller(t);
  const first = await serve(t, place);
  t.is(
    await first.challenge(),
    'Bearer realm="https://registry.local:9002/token/",service="registry.local:9001"',
  );
  t.is(await first.try('POST', push, 'push,pull'), 202);
  await place.switchTo('readonly_config.yml');
  t.is(await first.try('POST', push, 'push,pull'), 202);
  await first.stop();

  const second = await serve(t, place);
  t.true(second.welcome.includes('readonly_config.yml'));
  t.is(await second.try('POST', push, 'push,pull'), 405);
  t.is(await second.try('GET', '/v2/', 'pull'), 200);
  await second.stop();

  await place.switchTo('runtime_config.yml');
  const third = await serve(t, place);
  t.is(await third.try('POST', push, 'push,pull'), 202);
});

test('deletes are refused until REGISTRY_STORAGE_DELETE_ENABLED allows them', async (t) => {
  const place = await controller(t);
  const first = await serve(t, place);
  t.is(await first.try('DELETE', blob, 'delete'), 405);
  await first.stop();
  const second = await serve(t, place, {REGISTRY_STORAGE_DELETE_ENABLED: 'true'});
  t.is(await second.try('DELETE', blob, 'delete'), 404);
});

test('tokens are of the issuer that the file names, and signed with the key of the token server', async (t) => {
  const place = await controller(t);
  const {token} = await serve(t, place);
  const {publicKey} = new X509Certificate(await readFile(place.certificateFile));
  const {payload, protectedHeader} = await compactVerify(await token('pull'), publicKey);
  t.is(protectedHeader.alg, 'RS256');
  t.like(JSON.parse(new TextDecoder().decode(payload)), {
    iss: 'bird-token-server',
    aud: 'registry.local:9001',
    sub: 'admin',
  });
});

const check = async ({cwd, env}: Controller, more = {}, ...args: readonly string[]) =>
  holdfast(['config', 'check', ...words, ...args], {cwd, env: {...env, ...more}});

test('another key than that of the certificate is a fault of its variable', async (t) => {
  const place = await controller(t);
  t.like(await check(place), {code: 0, stdout: 'ok\n'});
  await writeFile(join(place.cwd, 'other.key'), newKey(), {mode: 0o600});
  for (const [file, reason] of [
    ['other.key', /doesn't fit the certificate/],
    ['none.key', /none\.key is not there/],
    ['ca.crt', /ca\.crt holds no private key/],
  ] as const) {
    const env = {REGISTRY_TOKEN_SERVER_KEY: join(place.cwd, file)};
    const {code, stderr} = await check(place, env);
    t.is(code, 2);
    t.regex(stderr, /REGISTRY_TOKEN_SERVER_KEY: must be the key of tls\.certificate/);
    t.regex(stderr, reason);
    t.regex(stderr, /given by variable REGISTRY_TOKEN_SERVER_KEY/);
    t.like(await check(place, {...env, HOLDFAST_TOKEN_KEY: 'ES256'}), {code: 0});
    const served = await holdfast(['serve', ...words], {
      cwd: place.cwd,
      env: {...place.env, ...env},
    });
    t.is(served.code, 2);
  }
});

test('config print names the file that the link leads to, and the line or the variable of each value', async (t) => {
  const place = await controller(t);
  await writeFile(join(place.cwd, 'holdfast.yaml'), 'log: {level: error}\n');
  const env = {...place.env, REGISTRY_STORAGE_DELETE_ENABLED: 'true', HOLDFAST_TOKEN_SERVICE: 'a'};
  const {stdout} = await holdfast(['config', 'print', ...words], {cwd: place.cwd, env});
  const text = stdout.replaceAll(/ +#/g, ' #').replaceAll(place.cwd, 'CWD');
  t.regex(text, /^# and from CWD\/runtime_config\.yml, of Docker Distribution$/m);
  t.regex(text, /^ {2}readonly: false # file CWD\/runtime_config\.yml:15:7$/m);
  t.regex(text, /^ {2}delete: true # variable REGISTRY_STORAGE_DELETE_ENABLED$/m);
  t.regex(text, /^ {2}level: error # file CWD\/holdfast\.yaml:1:7$/m);
  t.regex(text, /^ {2}service: a # variable HOLDFAST_TOKEN_SERVICE$/m);
  t.regex(text, /^ {2}config: config\.yml # flag --distribution-config$/m);
});

test('warnings are printed by config check, and logged at the start', async (t) => {
  const cwd = await temporaryDirectory(t);
  const config = {
    version: 0.1,
    storage: {filesystem: {rootdirectory: join(cwd, 'content')}},
    http: {addr: '127.0.0.1:0', tralala: 1},
  };
  await writeFile(join(cwd, 'config.yml'), JSON.stringify(config));
  const env = {HOLDFAST_DISTRIBUTION_CONFIG: 'config.yml'};
  const checked = await holdfast(['config', 'check'], {cwd, env});
  t.is(checked.code, 0);
  t.regex(checked.stderr, /it works, but\n {2}http\.tralala: unknown key/);
  t.regex(checked.stderr, /auth: is not there, .* auth\.mode to none/);
  const child = startCommand(t, ['serve'], {cwd, env});
  const line = await said(child, 'stdout', /unknown key.*\n/);
  t.regex(line, /"level":"warn".*"path":"http\.tralala".*"msg":"unknown key"/);
});

test('a file that is not there, or a broken one, starts nothing and is told with the flag', async (t) => {
  const cwd = await temporaryDirectory(t);
  const missing = await holdfast(['serve', '--distribution-config', 'none.yml'], {cwd});
  t.is(missing.code, 2);
  t.regex(missing.stderr, /none\.yml: does not exist\n {4}given by flag --distribution-config/);
  await writeFile(join(cwd, 'broken.yml'), 'version: [\n');
  const broken = await holdfast(['config', 'check', '--distribution-config', 'broken.yml'], {cwd});
  t.is(broken.code, 2);
  t.regex(broken.stderr, /broken\.yml/);
});
