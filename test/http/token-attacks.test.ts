/** Tokens as attackers make them, shown to a running registry: with its very own key where something else is wrong. */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import http from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {decodeJwt, decodeProtectedHeader} from 'jose';
import {basic, bearer, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';
import {keysBench} from '../auth/keys-workbench.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Scene {
  readonly holdfast: WithAccounts;
  /** That the registry gave out. */
  readonly token: string;
  readonly header: Fields;
  readonly claims: Fields;
  /** What the registry signs with. */
  readonly key: KeyObject;
}

async function scene(t: ExecutionContext): Promise<Scene> {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await pushImage(holdfast.as(basic('anna')), 'anna/app', {tag: 'v1'});
  const token = await holdfast.token('anna', 'repository:anna/app:pull');
  const pem = await readFile(join(holdfast.dataDir, 'keys/token-ES256.pem'), 'utf8');
  const header = {...decodeProtectedHeader(token)};
  return {holdfast, token, header, claims: decodeJwt(token), key: createPrivateKey(pem)};
}

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const json = (value: unknown): string => JSON.stringify(value);
const stranger = generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey;
const now = (): number => Math.floor(Date.now() / 1000);

/** Signs whatever texts they are. */
function signed(header: string, claims: string, key: KeyObject): string {
  const text = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(text), {key, dsaEncoding: 'ieee-p1363'});
  return `${text}.${signature.toString('base64url')}`;
}

/** As one that takes the algorithm from the header would compute it. */
function withSecret({claims}: Scene, header: Fields, secret: string | Buffer): string {
  const text = `${encoded(json({...header, alg: 'HS256'}))}.${encoded(json(claims))}`;
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
}

const own = ({header, claims, key}: Scene, changes: Fields): string =>
  signed(json(header), json({...claims, ...changes}), key);
const foreign = ({header, claims}: Scene, changes: Fields): string =>
  signed(json({...header, ...changes}), json(claims), stranger);

const statusOf = async ({holdfast}: Scene, path: string, token: string): Promise<string> => {
  const answer = await holdfast.as(bearer(token)).get(path);
  return `${answer.status} ${/error="\w+"/.exec(answer.get('WWW-Authenticate') ?? '')?.[0] ?? ''}`;
};

async function assertRefused(t: ExecutionContext, it: Scene, token: string): Promise<void> {
  for (const path of ['/v2/', '/v2/anna/app/manifests/v1']) {
    t.is(await statusOf(it, path, token), '401 error="invalid_token"', path);
  }
}

test('what is given out is taken, and so is the same signed here, so that attacks fail by what is wrong with them', async (t) => {
  const it = await scene(t);
  for (const token of [it.token, own(it, {})]) {
    t.is(await statusOf(it, '/v2/anna/app/manifests/v1', token), '200 ');
  }
});

const everything = [{type: 'repository', name: 'anna/app', actions: ['pull', 'push', 'delete']}];
const parts = (token: string): readonly string[] => token.split('.');

const attacks: Readonly<Record<string, (it: Scene) => string>> = {
  'that has expired': (it) => own(it, {exp: now() - 61}),
  'that is not valid yet': (it) => own(it, {nbf: now() + 120}),
  'of another issuer': (it) => own(it, {iss: 'holdfast2'}),
  'for another audience': (it) => own(it, {aud: 'another'}),
  'of a key of a stranger': (it) => foreign(it, {}),
  'of a kid that nobody knows': (it) => foreign(it, {kid: randomBytes(32).toString('base64url')}),
  'without a kid': (it) => foreign(it, {kid: undefined}),
  'that brings its key along (jwk)': (it) =>
    foreign(it, {jwk: createPublicKey(stranger).export({format: 'jwk'})}),
  'without a signature, alg none': ({claims, header}) =>
    `${encoded(json({...header, alg: 'none'}))}.${encoded(json(claims))}.`,
  'with the signature of another, alg none': ({claims, header, token}) =>
    `${encoded(json({...header, alg: 'none'}))}.${encoded(json(claims))}.${parts(token)[2] ?? ''}`,
  'that says twice which algorithm, the last none': ({claims, header, token}) => {
    const text = json(header).replace(/\}$/, ',"alg":"none"}');
    return `${encoded(text)}.${encoded(json(claims))}.${parts(token)[2] ?? ''}`;
  },
  'that says twice which algorithm, the first none': ({claims, header}) =>
    signed(json(header).replace('{', '{"alg":"none",'), json(claims), stranger),
  'that says twice what it grants': ({claims, token}) => {
    const text = json(claims).replace(/\}$/, `,"access":${json(everything)}}`);
    return `${parts(token)[0] ?? ''}.${encoded(text)}.${parts(token)[2] ?? ''}`;
  },
  'that grants more than was signed': ({claims, token}) =>
    [parts(token)[0], encoded(json({...claims, access: everything})), parts(token)[2]].join('.'),
  'with the claims of one token and the signature of another': (it) =>
    [...parts(it.token).slice(0, 2), parts(own(it, {jti: 'x'}))[2]].join('.'),
  'of more than 16 KiB': (it) => own(it, {more: 'x'.repeat(16 * 1024)}),
};

for (const [what, make] of Object.entries(attacks)) {
  test(`a token ${what} is answered invalid_token`, async (t) => {
    const it = await scene(t);
    await assertRefused(t, it, make(it));
  });
}

test('HS256 under any form of the public key is answered invalid_token', async (t) => {
  const it = await scene(t);
  const key = createPublicKey(it.key);
  const pem = key.export({type: 'spki', format: 'pem'}).toString();
  const der = key.export({type: 'spki', format: 'der'});
  const jwks = await it.holdfast.api.get('/.well-known/jwks.json').responseType('text');
  const file = await readFile(join(it.holdfast.dataDir, 'keys/token-ES256.pem'), 'utf8');
  const certificate = file.slice(file.indexOf('-----BEGIN CERTIFICATE'));
  const jwk = key.export({format: 'jwk'});
  const secrets = [pem, pem.trim(), der, der.toString('base64'), certificate, certificate.trim()];
  for (const secret of [...secrets, json(jwk), String(jwk.x), String(jwks.body)]) {
    await assertRefused(t, it, withSecret(it, it.header, secret));
  }
});

test('a kid that is a path, a query or a property of every object finds no key', async (t) => {
  const it = await scene(t);
  const kids = [
    '../token-ES256',
    `${it.holdfast.dataDir}/keys/token-ES256.pem`,
    '/dev/null',
    `${'../'.repeat(11)}dev/null`.padStart(43, '/'),
    "' or '1'='1",
    '__proto__',
    'constructor',
    '\u0000',
    '%2e%2e%2ftoken-ES256',
    ' '.repeat(43),
  ];
  for (const kid of kids) {
    await assertRefused(t, it, foreign(it, {kid}));
    await assertRefused(t, it, withSecret(it, {...it.header, kid}, ''));
  }
});

test('keys of elsewhere (jku, x5u) are not asked for', async (t) => {
  const it = await scene(t);
  let asked = 0;
  const server = http.createServer((_request, response) => {
    asked += 1;
    response.end(json({keys: [createPublicKey(stranger).export({format: 'jwk'})]}));
  });
  t.teardown(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`;
  for (const header of [{jku: url}, {x5u: url}, {jku: url, x5u: url, kid: undefined}]) {
    await assertRefused(t, it, foreign(it, header));
  }
  t.is(asked, 0);
});

test('a certificate of another CA, under our kid, its own and none, makes nobody a signer', async (t) => {
  const it = await scene(t);
  const other = (await (await keysBench(t)).open({kind: 'ES256'})).current();
  for (const kid of [it.header['kid'], other.publicKey.kid, undefined]) {
    const header = json({...it.header, x5c: other.x5c, kid});
    await assertRefused(t, it, signed(header, json(it.claims), other.privateKey));
  }
});

test('a token of nobody counts for what this registry shows to everybody, whatever another one with its key has granted', async (t) => {
  const {holdfast, header, key} = await scene(t);
  await holdfast.person('bert');
  await holdfast.team('web', {bert: 'owner'});
  await holdfast.namespace('web', 'web', 'public');
  await pushImage(holdfast.as(basic('bert')), 'web/app', {tag: 'v1'});
  const claims = decodeJwt(await holdfast.token(undefined, 'repository:web/app:pull'));
  const read = async (name: string): Promise<number> => {
    const access = [{type: 'repository', name, actions: ['pull']}];
    // Later than all changes that this registry knows of.
    const token = signed(json(header), json({...claims, iat: now() + 30, access}), key);
    return (await holdfast.as(bearer(token)).get(`/v2/${name}/manifests/v1`)).status;
  };
  t.is(await read('web/app'), 200);
  t.is(await read('anna/app'), 401);
});
