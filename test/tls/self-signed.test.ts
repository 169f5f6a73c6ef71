import {createPrivateKey} from 'node:crypto';
import {chmod, readFile, readdir, rename, rm, stat, writeFile} from 'node:fs/promises';
import test from 'ava';
import {certificateNames} from '../../src/tls/names.ts';
import {day, opensslPair, run, tlsSettings, workbench, soon} from './workbench.ts';

test('the first start makes a CA and a certificate that openssl verifies strictly', async (t) => {
  const bench = await workbench(t);
  const certificates = await bench.open();
  await bench.assertWhole();
  const {stdout} = await run('openssl', ['x509', '-in', bench.path('ca.crt'), '-noout', '-text']);
  t.regex(stdout, /CA:TRUE, pathlen:0/);
  t.regex(stdout, /Key Usage: critical\s+Certificate Sign, CRL Sign/);
  t.regex(stdout, /CN = Holdfast local CA node1\.example\.org/);
  const leaf = await run('openssl', ['x509', '-in', bench.path('server.crt'), '-noout', '-text']);
  t.regex(leaf.stdout, /Key Usage: critical\s+Digital Signature\n/);
  t.regex(leaf.stdout, /Extended Key Usage:\s+TLS Web Server Authentication\n/);
  t.regex(leaf.stdout, /ASN1 OID: prime256v1/);
  t.is(certificates.current().source, 'self-signed');
});

test('a new certificate lasts a year, its CA ten, and both begin an hour ago', async (t) => {
  const bench = await workbench(t);
  const {notBefore, expiresAt, authorityExpiresAt} = (await bench.open()).current();
  t.deepEqual(notBefore, new Date('2026-03-01T11:00:00Z'));
  t.deepEqual(expiresAt, new Date('2027-03-01T12:00:00Z'));
  t.deepEqual(authorityExpiresAt, new Date('2036-03-01T12:00:00Z'));
});

test('the certificate names loopback, the host, the configured names and the external URL', async (t) => {
  const bench = await workbench(t);
  await bench.open({
    tls: tlsSettings({names: ['Registry.Example.org', '*.apps.example.org', '2001:db8:0::1']}),
    externalUrl: 'https://hub.example.org/registry',
  });
  t.deepEqual(certificateNames(await bench.leaf()).toSorted(), [
    '*.apps.example.org',
    '127.0.0.1',
    '192.0.2.7',
    '2001:db8::1',
    '::1',
    'hub.example.org',
    'localhost',
    'node1.example.org',
    'registry.example.org',
  ]);
});

test('keys are 0600 and certificates readable by everybody', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  for (const [name, mode] of Object.entries({
    'ca.key': 0o600,
    'server.key': 0o600,
    'ca.crt': 0o644,
    'server.crt': 0o644,
  })) {
    t.is((await stat(bench.path(name))).mode & 0o777, mode, name);
  }
});

test('server.crt holds the certificate and the CA after it', async (t) => {
  const bench = await workbench(t);
  const {cert} = (await bench.open()).current();
  t.is(cert, await bench.read('server.crt'));
  t.true(cert.endsWith(await bench.read('ca.crt')));
});

test('a second start changes no file', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  const texts = (): Promise<string[]> =>
    Promise.all(['server.crt', 'server.key', 'ca.crt', 'ca.key'].map((name) => bench.read(name)));
  const before = await texts();
  await bench.open();
  t.deepEqual(await texts(), before);
  t.deepEqual(await bench.kept(), []);
});

test('a pair that was present is used and neither it nor a CA is written', async (t) => {
  const bench = await workbench(t);
  await opensslPair(bench.path('server.crt'), bench.path('server.key'), 'SEC1');
  const before = await bench.read('server.crt');
  bench.time = soon();
  const {source, cert} = (await bench.open()).current();
  t.is(source, 'files');
  t.is(cert, before);
  t.deepEqual((await readdir(bench.directory)).toSorted(), ['server.crt', 'server.key']);
});

test('a present pair near its end is not renewed: the log warns of it each day', async (t) => {
  const bench = await workbench(t);
  await opensslPair(bench.path('server.crt'), bench.path('server.key'), 'SEC1', {days: 20});
  bench.time = soon();
  const certificates = await bench.open();
  t.deepEqual(bench.said('warn'), ['certificate ends soon']);
  await certificates.refresh();
  t.is(bench.said('warn').length, 1);
  bench.time = new Date(bench.time.getTime() + day);
  await certificates.refresh();
  t.is(bench.said('warn').length, 2);
  t.deepEqual((await readdir(bench.directory)).toSorted(), ['server.crt', 'server.key']);
});

for (const [gone, there] of [
  ['server.key', 'server.crt'],
  ['server.crt', 'server.key'],
] as const) {
  test(`${gone} alone missing is refused, and the message names both files`, async (t) => {
    const bench = await workbench(t);
    await bench.open();
    await rm(bench.path(gone));
    await t.throwsAsync(bench.open(), {
      code: 'missing',
      message: `${bench.path(gone)} is not there; put it back, or move ${bench.path(there)} away to have a new pair made`,
    });
  });
}

test("a key that doesn't fit the present certificate is refused, and nothing is overwritten", async (t) => {
  const bench = await workbench(t);
  await bench.open();
  await opensslPair(bench.path('x.crt'), bench.path('x.key'), 'SEC1');
  await rename(bench.path('x.key'), bench.path('server.key'));
  const before = await bench.read('server.key');
  await t.throwsAsync(bench.open(), {code: 'mismatch', message: /doesn't fit the certificate/});
  t.is(await bench.read('server.key'), before);
});

test('a CA without its key serves on, and a pair that must be made is refused', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  await rm(bench.path('ca.key'));
  t.is((await bench.open()).current().source, 'self-signed');
  await rm(bench.path('server.crt'));
  await rm(bench.path('server.key'));
  await t.throwsAsync(bench.open(), {
    code: 'missing',
    message: /ca\.key is not there; put the key of .*ca\.crt back/,
  });
  t.false((await readdir(bench.directory)).includes('ca.key'));
});

test("an own CA with an RSA key signs the server's certificate", async (t) => {
  const bench = await workbench(t);
  const [crt, key] = [bench.path('ca.crt'), bench.path('ca.key')];
  await run('openssl', ['genrsa', '-traditional', '-out', key, '2048']);
  await run('openssl', [
    ...['req', '-x509', '-new', '-key', key, '-out', crt, '-days', '3650'],
    ...['-subj', '/C=DE/O=Ex\u00e4mple, Inc./CN=Corporate CA', '-utf8'],
    ...['-addext', 'keyUsage=critical,keyCertSign'],
  ]);
  const before = await bench.read('ca.crt');
  bench.time = soon();
  t.is((await bench.open()).current().source, 'self-signed');
  t.is(await bench.read('ca.crt'), before);
  await bench.assertWhole();
});

test('a ca.crt that is no CA certificate is refused', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  await writeFile(bench.path('ca.crt'), (await bench.leaf()).toString());
  await t.throwsAsync(bench.open(), {code: 'authority', message: /is not the certificate of a CA/});
});

test('a name with scheme or port in tls.names is refused', async (t) => {
  const bench = await workbench(t);
  for (const name of ['https://a.example', 'a.example:5000', 'a b', '300.1.1.1', '']) {
    const tls = {...tlsSettings(), names: [name]};
    await t.throwsAsync(bench.open({tls}), {code: 'setting', message: /tls\.names/}, name);
  }
});

test('tls.certificate in mode self-signed is refused', async (t) => {
  const bench = await workbench(t);
  const tls = tlsSettings({certificate: '/etc/ssl/x.crt'});
  await t.throwsAsync(bench.open({tls}), {code: 'setting', message: /set tls\.mode to files/});
});

test('a directory that nothing can be made in is refused with its path', async (t) => {
  const bench = await workbench(t);
  await writeFile(bench.path('data'), 'a file');
  await t.throwsAsync(bench.open({directory: bench.path('data/certs')}), {
    code: 'unwritable',
    message: /no certificate can be made in .*data\/certs \(ENOTDIR\): make room/,
  });
});

test('a private key that everybody can read is warned of with the command that helps', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  await chmod(bench.path('server.key'), 0o644);
  await bench.open();
  const warning = bench.lines.find(({level}) => level === 'warn');
  t.is(warning?.fields['run'], `chmod o-rwx ${bench.path('server.key')}`);
});

test('what a dead writer staged more than an hour ago is removed', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  await writeFile(bench.path('.staged-old'), 'x');
  await run('touch', ['-d', '2 hours ago', bench.path('.staged-old')]);
  await writeFile(bench.path('.staged-new'), 'x');
  await bench.open();
  const staged = (await readdir(bench.directory)).filter((name) => name.startsWith('.'));
  t.deepEqual(staged, ['.staged-new']);
});

test("current() carries the key as PKCS#8, and it is the file's", async (t) => {
  const bench = await workbench(t);
  const {key} = (await bench.open()).current();
  t.true(key.startsWith('-----BEGIN PRIVATE KEY-----'));
  const onDisk = createPrivateKey(await readFile(bench.path('server.key')));
  t.true(createPrivateKey(key).equals(onDisk));
});
