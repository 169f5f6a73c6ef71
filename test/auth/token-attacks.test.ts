import {createHmac, createPublicKey, generateKeyPairSync} from 'node:crypto';
import type {KeyObject} from 'node:crypto';
import test, {type ExecutionContext} from 'ava';
import {SignJWT, exportJWK} from 'jose';
import type {SigningKeys} from '../../src/auth/signing-keys.ts';
import {issuer, keysBench, service} from './keys-workbench.ts';
import type {KeysBench} from './keys-workbench.ts';

interface Scene {
  readonly bench: KeysBench;
  readonly keys: SigningKeys;
  readonly header: {readonly alg: string; readonly typ: string; readonly kid: string};
  readonly claims: Readonly<Record<string, unknown>>;
  /** Signs with the key in force unless told otherwise. */
  sign(changes: {header?: object; claims?: object; key?: KeyObject}): Promise<string>;
}

async function scene(
  t: ExecutionContext,
  kind: 'ES256' | 'RS256' | 'EdDSA' = 'ES256',
): Promise<Scene> {
  const bench = await keysBench(t);
  const keys = await bench.open({kind});
  const {publicKey, privateKey} = keys.current();
  const header = {typ: 'JWT', alg: publicKey.algorithm, kid: publicKey.kid};
  const seconds = Math.floor(bench.time.getTime() / 1000);
  const claims = {
    iss: issuer,
    sub: 'ann',
    aud: service,
    iat: seconds,
    nbf: seconds,
    exp: seconds + 900,
    jti: 'an-id',
    access: [{type: 'repository', name: 'a/b', actions: ['pull']}],
  };
  return {
    bench,
    keys,
    header,
    claims,
    sign: async (changes) =>
      new SignJWT({...claims, ...changes.claims})
        .setProtectedHeader({...header, ...changes.header})
        .sign(changes.key ?? privateKey),
  };
}

async function assertRefused(
  t: ExecutionContext,
  {bench, keys}: Scene,
  token: string,
  reason: string,
): Promise<void> {
  t.like(await bench.verify(keys, token), {outcome: 'rejected', reason});
}

const encoded = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');
const strangeKey = (): KeyObject => generateKeyPairSync('ec', {namedCurve: 'P-256'}).privateKey;

test('what the scene signs is accepted, so that the attacks fail by what is wrong with them', async (t) => {
  const it = await scene(t);
  t.is((await it.bench.verify(it.keys, await it.sign({}))).outcome, 'accepted');
});

test('a token is expired a minute after its end, and its claims are told', async (t) => {
  const it = await scene(t);
  const token = await it.sign({});
  it.bench.time = new Date((Number(it.claims['exp']) + 60) * 1000 - 1);
  t.is((await it.bench.verify(it.keys, token)).outcome, 'accepted');
  it.bench.later(1);
  t.like(await it.bench.verify(it.keys, token), {
    outcome: 'rejected',
    reason: 'expired',
    token: {id: 'an-id', subject: 'ann'},
  });
});

test('a token is not valid more than a minute before its begin', async (t) => {
  const it = await scene(t);
  const begin = Number(it.claims['nbf']);
  await assertRefused(t, it, await it.sign({claims: {nbf: begin + 62}}), 'not-yet-valid');
  t.is(
    (await it.bench.verify(it.keys, await it.sign({claims: {nbf: begin + 60}}))).outcome,
    'accepted',
  );
});

test('an expired token is not told as such when anything else is wrong', async (t) => {
  const it = await scene(t);
  const exp = Number(it.claims['exp']) - 5000;
  await assertRefused(t, it, await it.sign({claims: {exp}}), 'expired');
  await assertRefused(t, it, await it.sign({claims: {exp, aud: 'other'}}), 'wrong-audience');
  await assertRefused(t, it, await it.sign({claims: {exp}, key: strangeKey()}), 'bad-signature');
});

test('another issuer, and another audience, are refused, also where they only begin alike', async (t) => {
  const it = await scene(t);
  for (const iss of ['other', '', `${issuer}x`, issuer.toUpperCase()]) {
    await assertRefused(t, it, await it.sign({claims: {iss}}), 'wrong-issuer');
  }
  for (const aud of ['other', '', `${service}/`, service.toUpperCase()]) {
    await assertRefused(t, it, await it.sign({claims: {aud}}), 'wrong-audience');
  }
});

test('a key that is not ours is refused, under our kid, its own, and none', async (t) => {
  const it = await scene(t);
  const key = strangeKey();
  await assertRefused(t, it, await it.sign({key}), 'bad-signature');
  for (const kid of [
    'A'.repeat(43),
    '',
    '../token-ES256',
    '__proto__',
    it.keys.current().publicKey.libtrustId,
    undefined,
  ]) {
    await assertRefused(t, it, await it.sign({key, header: {kid}}), 'unknown-key');
  }
});

test('keys that a token brings along (jwk, jku, x5u, x5c) are not believed', async (t) => {
  const it = await scene(t);
  const key = strangeKey();
  const bench = await keysBench(t);
  const stranger = await bench.open({kind: 'ES256'});
  const jwk = await exportJWK(createPublicKey(key));
  for (const header of [{jwk}, {jku: 'https://example.org/keys'}, {x5u: 'https://example.org/x'}]) {
    await assertRefused(t, it, await it.sign({key, header}), 'bad-signature');
    await assertRefused(
      t,
      it,
      await it.sign({key, header: {...header, kid: undefined}}),
      'unknown-key',
    );
  }
  const {privateKey, x5c, publicKey} = stranger.current();
  const foreign = {key: privateKey, header: {x5c: [...x5c], kid: publicKey.kid}};
  await assertRefused(t, it, await it.sign(foreign), 'unknown-key');
});

test('alg none is refused, with and without a signature', async (t) => {
  const it = await scene(t);
  for (const alg of ['none', 'None', 'NONE', '']) {
    const unsigned = `${encoded({...it.header, alg})}.${encoded(it.claims)}`;
    await assertRefused(t, it, `${unsigned}.`, 'malformed');
    await assertRefused(t, it, `${unsigned}.AAAA`, 'wrong-algorithm');
  }
});

for (const kind of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`HS256 under the public key of ${kind} is refused, in each form of the key`, async (t) => {
    const it = await scene(t, kind);
    const {key, jwk} = it.keys.current().publicKey;
    const secrets = [
      key.export({type: 'spki', format: 'pem'}),
      key.export({type: 'spki', format: 'der'}),
      JSON.stringify(jwk),
      it.keys.current().x5c[0] ?? '',
    ];
    for (const secret of secrets) {
      const text = `${encoded({...it.header, alg: 'HS256'})}.${encoded(it.claims)}`;
      const signature = createHmac('sha256', secret).update(text).digest('base64url');
      await assertRefused(t, it, `${text}.${signature}`, 'wrong-algorithm');
    }
  });
}

test('the right key under another algorithm of its type is refused', async (t) => {
  const it = await scene(t, 'RS256');
  for (const alg of ['RS384', 'RS512', 'PS256']) {
    await assertRefused(t, it, await it.sign({header: {alg}}), 'wrong-algorithm');
  }
});

test('claims and headers that were changed after the signature are refused', async (t) => {
  const it = await scene(t);
  const [header = '', , signature = ''] = (await it.sign({})).split('.');
  const everything = [{type: 'repository', name: 'a/b', actions: ['pull', 'push', 'delete']}];
  for (const changes of [
    {access: everything},
    {sub: 'admin'},
    {exp: Number(it.claims['exp']) + 1},
  ]) {
    const token = `${header}.${encoded({...it.claims, ...changes})}.${signature}`;
    await assertRefused(t, it, token, 'bad-signature');
  }
  const otherHeader = encoded({...it.header, x: 1});
  await assertRefused(t, it, `${otherHeader}.${encoded(it.claims)}.${signature}`, 'bad-signature');
});

test('a token of more than 16 KiB is refused unread, and not issued', async (t) => {
  const it = await scene(t);
  await assertRefused(t, it, 'A'.repeat(16 * 1024 + 1), 'too-large');
  await assertRefused(t, it, await it.sign({claims: {more: 'x'.repeat(16 * 1024)}}), 'too-large');
  const access = Array.from({length: 300}, (_, index) => ({
    type: 'repository',
    name: `a/repository/with/a/name/${index}`,
    actions: ['pull', 'push'],
  }));
  await t.throwsAsync(it.bench.issue(it.keys, {access}), {name: 'TokenTooLargeError'});
});

test('claims that are missing, or of another type, are refused though the signature is right', async (t) => {
  const it = await scene(t);
  const changes: readonly object[] = [
    ...Object.keys(it.claims).map((name) => ({[name]: undefined})),
    {exp: '2000000000'},
    {exp: 1e300},
    {exp: -1},
    {exp: 2e9 + 0.5},
    {nbf: null},
    {sub: null},
    {sub: 7},
    {aud: [service]},
    {iss: [issuer]},
    {jti: ''},
    {jti: 'x'.repeat(129)},
    {access: {}},
    {access: [{type: 'repository', name: 'a/b', actions: 'pull'}]},
    {access: [{type: 'repository', name: 'a/b'}]},
    {access: ['repository:a/b:pull']},
    {holdfast: {generation: '3'}},
    {holdfast: {generation: -1}},
    {holdfast: {limits: {}}},
    {holdfast: []},
  ];
  for (const claims of changes) {
    await assertRefused(t, it, await it.sign({claims}), 'malformed');
  }
});

test('what is no token at all is refused as malformed', async (t) => {
  const it = await scene(t);
  const token = await it.sign({});
  const [header = '', claims = '', signature = ''] = token.split('.');
  for (const text of [
    '',
    '.',
    '..',
    'x',
    token.toUpperCase(),
    ` ${token}`,
    `${token}\n`,
    `${token}=`,
    `${token}.`,
    `.${token}`,
    `${header}.${claims}`,
    `${header}..${signature}`,
    `${header}.${claims}.${signature}.${signature}.${signature}`,
    `${encoded([])}.${claims}.${signature}`,
    `${encoded(null)}.${claims}.${signature}`,
    `${Buffer.from('{').toString('base64url')}.${claims}.${signature}`,
    `${encoded({...it.header, alg: 7})}.${claims}.${signature}`,
    `${encoded({...it.header, kid: {}})}.${claims}.${signature}`,
    `${encoded({...it.header, typ: 'at+jwt'})}.${claims}.${signature}`,
    `${'💥'.repeat(10)}.${claims}.${signature}`,
    JSON.stringify({payload: claims, protected: header, signature}),
  ]) {
    await assertRefused(t, it, text, 'malformed');
  }
});

test('a header that demands what we do not know, or says that it is no JWT, is refused', async (t) => {
  const it = await scene(t);
  const {privateKey} = it.keys.current();
  const sign = async (header: object): Promise<string> =>
    new SignJWT(it.claims)
      .setProtectedHeader({...it.header, ...header})
      .sign(privateKey, {crit: {'urn:x': true}});
  await assertRefused(t, it, await sign({crit: ['urn:x'], 'urn:x': 1}), 'malformed');
  await assertRefused(t, it, await it.sign({header: {typ: 'logout+jwt'}}), 'malformed');
});
