/** The tokens are good for other registries: Docker Distribution 2.8 and 3 that are told to trust their certificate. */
import {once} from 'node:events';
import {copyFile, readFile, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {SignJWT, decodeProtectedHeader} from 'jose';
import type {SigningKeys} from '../../src/auth/signing-keys.ts';
import {createTokenIssuer} from '../../src/auth/token-issuer.ts';
import type {Scope} from '../../src/oci/scope.ts';
import {parseScope} from '../../src/oci/scope.ts';
import {openCertificates} from '../../src/tls/open-certificates.ts';
import {issuer, keysBench, minute, service} from '../auth/keys-workbench.ts';
import type {KeysBench} from '../auth/keys-workbench.ts';
import {pushBlob, startConfigured, startDockerRegistry} from '../support/docker-registry.ts';
import type {DockerRegistry} from '../support/docker-registry.ts';
import {rootFilesystem} from '../support/images.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';
import {tlsSettings} from '../tls/workbench.ts';

const registries = [
  ['docker-registry', 'docker-registry 2.8'],
  ['registry', 'Distribution 3'],
] as const;
type Program = (typeof registries)[number][0];

const pairs = ['rsa:2048', 'ec:P-256', 'ec:P-384', 'ec:P-521'] as const;
const pushToAB = [{type: 'repository', name: 'a/b', actions: ['pull', 'push']}];
const ownKinds = ['ES256', 'RS256'] as const;

for (const [program, title] of registries) {
  for (const pair of pairs) {
    testWith(
      [program, 'crane', 'busybox', 'tar'],
      `crane pushes to ${title} and pulls from it with tokens signed by a TLS pair of ${pair}`,
      async (t) => {
        const bench = await benchOfToday(t);
        await bench.makePair(pair);
        await assertPushAndPull(t, bench, await bench.open(), program);
      },
    );
  }

  for (const kind of ownKinds) {
    testWith(
      [program, 'crane', 'busybox', 'tar'],
      `crane pushes to ${title} and pulls from it with tokens signed by a key of its own for ${kind}`,
      async (t) => {
        const bench = await benchOfToday(t);
        await assertPushAndPull(t, bench, await bench.open({kind}), program);
      },
    );
  }

  testWith(
    [program],
    `${title} takes a token for what it grants, and no other, expired or altered one`,
    async (t) => {
      const bench = await benchOfToday(t);
      const keys = await bench.open({kind: 'ES256'});
      const registry = await startTrusting(t, keys, program, 'http://realm.invalid/token');
      const pull = {access: pushToAB};
      const {token} = await bench.issue(keys, pull);
      t.is(await pushBlob(registry, 'a/b', token), 201);
      t.is(await pushBlob(registry, 'a/c', token), 401);
      t.is(await pushBlob(registry, 'a/b', `${token.slice(0, -4)}AAAA`), 401);
      for (const wrong of [{audience: 'other'}, {access: []}]) {
        t.is(
          await pushBlob(registry, 'a/b', (await bench.issue(keys, {...pull, ...wrong})).token),
          401,
        );
      }
      bench.later(-20 * minute);
      t.is(await pushBlob(registry, 'a/b', (await bench.issue(keys, pull)).token), 401);
    },
  );

  testWith(
    [program],
    `${title} knows the key by its name in the key set, where a token has no certificate`,
    async (t) => {
      const bench = await benchOfToday(t);
      const keys = await bench.open({kind: 'RS256'});
      const registry = await startTrusting(t, keys, program, 'http://realm.invalid/token');
      const {publicKey, privateKey} = keys.current();
      const [own, foreign] =
        program === 'registry'
          ? [publicKey.kid, publicKey.libtrustId]
          : [publicKey.libtrustId, publicKey.kid];
      const sign = async (kid: string): Promise<string> => {
        const now = Math.floor(Date.now() / 1000);
        const claims = {
          iss: issuer,
          aud: service,
          sub: '',
          jti: 'x',
          iat: now,
          nbf: now,
          exp: now + 900,
        };
        return new SignJWT({...claims, access: pushToAB})
          .setProtectedHeader({typ: 'JWT', alg: 'RS256', kid})
          .sign(privateKey);
      };
      t.is(await pushBlob(registry, 'a/b', await sign(own)), 201);
      t.is(await pushBlob(registry, 'a/b', await sign(foreign)), 401);
    },
  );
}

testWith(
  ['docker-registry'],
  'docker-registry 2.8 does not start with a certificate of Ed25519',
  async (t) => {
    await t.throwsAsync(pushWithEd25519(t, 'docker-registry'), {
      message: /public key type ed25519.PublicKey is not supported/,
    });
  },
);

testWith(['registry'], 'Distribution 3 takes tokens signed with Ed25519', async (t) => {
  t.is(await pushWithEd25519(t, 'registry'), 201);
});

testWith(
  ['docker-registry'],
  'a registry that trusts the certificate of before a rotation takes no token of after it',
  async (t) => {
    const bench = await benchOfToday(t);
    const keys = await bench.open({kind: 'ES256'});
    const registry = await startTrusting(t, keys, 'docker-registry', 'http://realm.invalid/token');
    await keys.rotate();
    t.is(await pushBlob(registry, 'a/b', (await bench.issue(keys, {access: pushToAB})).token), 401);
  },
);

testWith(
  ['docker-registry'],
  'a registry that trusts the local CA takes the tokens of before and after a renewal',
  async (t) => {
    const bench = await benchOfToday(t);
    const ignore = (): void => undefined;
    const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
    const signWithPairFor = async (host: string): Promise<SigningKeys> => {
      const certificates = await openCertificates({
        tls: tlsSettings(),
        directory: bench.certs,
        log,
        hostNames: () => [host],
        pollInterval: 0,
      });
      t.teardown(async () => certificates.close());
      return bench.open({pair: async () => Promise.resolve(certificates.current())});
    };
    const before = await signWithPairFor('a.example.org');
    const bundle = await readFile(join(bench.certs, 'ca.crt'), 'utf8');
    const realm = 'http://realm.invalid/token';
    const registry = await startTrusting(t, before, 'docker-registry', realm, bundle);
    const {token} = await bench.issue(before, {access: pushToAB});
    const after = await signWithPairFor('b.example.org');
    t.not(after.current().publicKey.kid, before.current().publicKey.kid);
    t.is(await pushBlob(registry, 'a/b', token), 201);
    t.is(
      await pushBlob(registry, 'a/b', (await bench.issue(after, {access: pushToAB})).token),
      201,
    );
  },
);

testWith(
  ['registry'],
  'Distribution 3 that has the key set alone refuses tokens, because they carry a certificate',
  async (t) => {
    const bench = await benchOfToday(t);
    const keys = await bench.open({kind: 'ES256'});
    const directory = await temporaryDirectory(t);
    const jwks = join(directory, 'jwks.json');
    await writeFile(jwks, JSON.stringify(keys.jwks()));
    const registry = await startConfigured(t, 'registry', {
      version: 0.1,
      storage: {filesystem: {rootdirectory: join(directory, 'root')}},
      http: {addr: '127.0.0.1:0'},
      auth: {token: {realm: 'http://realm.invalid/token', service, issuer, jwks}},
    });
    t.is(await pushBlob(registry, 'a/b', (await bench.issue(keys, {access: pushToAB})).token), 401);
  },
);

for (const [program, title] of registries) {
  testWith(
    [program],
    `${title} that has the next certificate in its bundle already takes tokens of before and after the change`,
    async (t) => {
      const [bench, next] = [await benchOfToday(t), await benchOfToday(t)];
      await bench.makePair('ec:P-256');
      await next.makePair('ec:P-256');
      const files = ['server.crt', 'server.key'];
      const bundles = [bench, next].map(async ({certs}) =>
        readFile(join(certs, 'server.crt'), 'utf8'),
      );
      const keys = await bench.open();
      const realm = 'http://realm.invalid/token';
      const bundle = (await Promise.all(bundles)).join('');
      const registry = await startTrusting(t, keys, program, realm, bundle);
      const {token} = await bench.issue(keys, {access: pushToAB});
      for (const file of files) await copyFile(join(next.certs, file), join(bench.certs, file));
      await keys.refresh();
      const later = await bench.issue(keys, {access: pushToAB});
      t.not(decodeProtectedHeader(later.token).kid, decodeProtectedHeader(token).kid);
      for (const each of [token, later.token]) {
        t.is(await pushBlob(registry, 'a/b', each), 201);
      }
    },
  );
}

async function pushWithEd25519(t: ExecutionContext, program: Program): Promise<number> {
  const bench = await benchOfToday(t);
  const keys = await bench.open({kind: 'EdDSA'});
  const registry = await startTrusting(t, keys, program, 'http://realm.invalid/token');
  return pushBlob(registry, 'a/b', (await bench.issue(keys, {access: pushToAB})).token);
}

/** Other programs go by the real time. */
async function benchOfToday(t: ExecutionContext): Promise<KeysBench> {
  const bench = await keysBench(t);
  bench.time = new Date();
  return bench;
}

async function assertPushAndPull(
  t: ExecutionContext,
  bench: KeysBench,
  keys: SigningKeys,
  program: Program,
): Promise<void> {
  const registry = await startTrusting(t, keys, program, await startRealm(t, bench, keys));
  const place = await workbench(t);
  const origin = await rootFilesystem(place);
  await place.client('tar')('-c', '-f', 'layer.tar', '-C', origin.directory, '.');
  const crane = place.client('crane');
  const image = `${registry.host}/team/app:v1`;

  await crane('append', '--insecure', '--new_layer', 'layer.tar', '--new_tag', image);

  t.regex(await crane('validate', '--insecure', '--remote', image), /^PASS/);
  await place.refuses(
    crane('copy', '--insecure', image, `${registry.host}/refused/app:v1`),
    /UNAUTHORIZED|DENIED|401/,
  );
}

async function startTrusting(
  t: ExecutionContext,
  keys: SigningKeys,
  program: Program,
  realm: string,
  bundle = certificatesOf(keys),
): Promise<DockerRegistry> {
  const directory = await temporaryDirectory(t);
  const rootcertbundle = join(directory, 'bundle.pem');
  await writeFile(rootcertbundle, bundle);
  const auth = {realm, service, issuer, rootcertbundle};
  return startDockerRegistry(t, join(directory, 'root'), {auth, program});
}

function certificatesOf(keys: SigningKeys): string {
  const [signing] = keys.status();
  return signing?.state === 'signing' ? signing.certificates : '';
}

/** The smallest realm: grants what is asked for, but nothing below `refused/`. */
async function startRealm(
  t: ExecutionContext,
  bench: KeysBench,
  keys: SigningKeys,
): Promise<string> {
  const tokens = createTokenIssuer({keys, issuer, now: () => bench.time});
  const server = createServer((request, response) => {
    const {searchParams} = new URL(request.url ?? '', 'http://realm');
    const access = searchParams
      .getAll('scope')
      .map(parseScope)
      .filter((scope): scope is Scope => scope !== undefined && !scope.name.startsWith('refused/'));
    const audience = searchParams.get('service') ?? '';
    void tokens
      .issue({subject: 'ann', audience, access, expiresIn: 15 * minute})
      .then(({token}) => response.end(JSON.stringify({token})));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  // crane takes no realm whose host is written as a private address, unless it is the registry's.
  return `http://localhost:${(server.address() as AddressInfo).port}/token`;
}
