import {X509Certificate} from 'node:crypto';
import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {calculateJwkThumbprint, createLocalJWKSet, decodeProtectedHeader, jwtVerify} from 'jose';
import {openCertificates} from '../../src/tls/open-certificates.ts';
import {tlsSettings} from '../tls/workbench.ts';
import {issuer, keysBench, makeTraditional, service} from './keys-workbench.ts';

for (const [pair, algorithm] of [
  ['rsa:2048', 'RS256'],
  ['ec:P-256', 'ES256'],
  ['ec:P-384', 'ES384'],
  ['ec:P-521', 'ES512'],
  ['ed25519', 'EdDSA'],
] as const) {
  test(`a TLS pair of ${pair} signs with ${algorithm}`, async (t) => {
    const bench = await keysBench(t);
    await bench.makePair(pair);
    const keys = await bench.open();
    const {token} = await bench.issue(keys);
    t.is(decodeProtectedHeader(token).alg, algorithm);
    t.is((await bench.verify(keys, token)).outcome, 'accepted');
    t.false((await bench.names()).some((name) => name.endsWith('.pem')));
  });
}

for (const [pair, type, label] of [
  ['rsa:2048', 'rsa', 'RSA PRIVATE KEY'],
  ['ec:P-256', 'ec', 'EC PRIVATE KEY'],
] as const) {
  test(`a TLS key in the form "${label}" signs`, async (t) => {
    const bench = await keysBench(t);
    await bench.makePair(pair);
    await makeTraditional(bench, type);
    t.regex(await readFile(join(bench.certs, 'server.key'), 'utf8'), new RegExp(label));
    const keys = await bench.open();
    t.is(keys.current().source, 'certificate');
    t.is((await bench.verify(keys, (await bench.issue(keys)).token)).outcome, 'accepted');
  });
}

for (const pair of [undefined, 'rsa:1024', 'ec:secp256k1', 'rsa-pss']) {
  const what = pair === undefined ? 'there is no TLS pair' : `the TLS pair is of ${pair}`;
  test(`where ${what}, a key of its own signs with ES256, and the log says so`, async (t) => {
    const bench = await keysBench(t);
    if (pair !== undefined) await bench.makePair(pair);
    const keys = await bench.open();
    t.is(keys.current().source, 'own');
    t.is(keys.current().publicKey.algorithm, 'ES256');
    t.true(
      bench.messages.includes('no TLS key is there that may sign tokens, a key of its own does'),
    );
  });
}

for (const kind of ['ES256', 'RS256', 'EdDSA'] as const) {
  test(`a key of its own for ${kind} is 0600, and the same after a restart`, async (t) => {
    const bench = await keysBench(t);
    const keys = await bench.open({kind});
    const {token} = await bench.issue(keys);
    t.is(decodeProtectedHeader(token).alg, kind);
    t.is((await stat(join(bench.directory, `token-${kind}.pem`))).mode & 0o777, 0o600);
    await keys.close();
    const again = await bench.open({kind});
    t.is(again.current().publicKey.kid, keys.current().publicKey.kid);
    t.is((await bench.verify(again, token)).outcome, 'accepted');
  });
}

test('of processes that start at once in an empty directory all sign with the same key', async (t) => {
  const bench = await keysBench(t);
  const opened = await Promise.all(Array.from({length: 5}, async () => bench.open()));
  t.is(new Set(opened.map((keys) => keys.current().publicKey.kid)).size, 1);
  t.deepEqual((await bench.names()).length, 2);
});

test('a token carries typ, alg, the kid of RFC 7638 and the certificate', async (t) => {
  const bench = await keysBench(t);
  await bench.makePair('ec:P-256');
  const {token} = await bench.issue(await bench.open());
  const {x5c = [], ...header} = decodeProtectedHeader(token);
  const certificate = new X509Certificate(await readFile(join(bench.certs, 'server.crt')));
  t.deepEqual(x5c, [certificate.raw.toString('base64')]);
  const kid = await calculateJwkThumbprint(certificate.publicKey);
  t.deepEqual(header, {typ: 'JWT', alg: 'ES256', kid});
});

test("a token carries the local CA's certificate for the server, and not that of the CA", async (t) => {
  const bench = await keysBench(t);
  const ignore = (): void => undefined;
  const certificates = await openCertificates({
    tls: tlsSettings(),
    directory: bench.certs,
    log: {debug: ignore, info: ignore, warn: ignore, error: ignore},
    pollInterval: 0,
  });
  t.teardown(async () => certificates.close());
  const keys = await bench.open({pair: async () => Promise.resolve(certificates.current())});
  t.is(keys.current().source, 'certificate');
  t.is(keys.current().x5c.length, 1);
  t.deepEqual(keys.current().certificateExpiresAt, certificates.current().expiresAt);
});

test('the key set has each key under two names, and with it others verify a token', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'EdDSA'});
  const {token} = await bench.issue(keys);
  const {kid, libtrustId} = keys.current().publicKey;
  t.deepEqual(
    keys.jwks().keys.map((key) => key['kid']),
    [kid, libtrustId],
  );
  t.regex(libtrustId, /^([A-Z2-7]{4}:){11}[A-Z2-7]{4}$/);
  t.false(keys.jwks().keys.some((key) => 'd' in key));
  const {payload} = await jwtVerify(
    token,
    createLocalJWKSet({keys: keys.jwks().keys.map((key) => ({kty: '', ...key}))}),
    {issuer, audience: service, currentDate: bench.time},
  );
  t.is(payload.sub, 'ann');
});

test('the status tells of the key that signs, and what others are to trust', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'RS256'});
  const [status, ...more] = keys.status();
  t.deepEqual(more, []);
  if (status?.state !== 'signing') return t.fail();
  t.deepEqual(status.since, bench.time);
  t.is(status.source, 'own');
  const certificate = new X509Certificate(status.certificates);
  t.deepEqual(status.certificateExpiresAt, certificate.validToDate);
  t.true(certificate.verify(keys.current().publicKey.key));
  t.false(certificate.ca);
});
