import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import {relative} from 'node:path';
import test from 'ava';
import type {KeyKind, Workbench} from './workbench.ts';
import {opensslPair, run, tlsSettings, workbench, soon} from './workbench.ts';

const files = tlsSettings({mode: 'files'});

async function given(bench: Workbench, kind: KeyKind = 'SEC1', days = 90): Promise<void> {
  await opensslPair(bench.path('server.crt'), bench.path('server.key'), kind, {days});
  bench.time = soon();
}

for (const kind of ['PKCS#1', 'PKCS#8', 'SEC1', 'EC parameters first', 'Ed25519'] as const) {
  test(`a key in the form ${kind} is read`, async (t) => {
    const bench = await workbench(t);
    await given(bench, kind);
    const {source, key} = (await bench.open({tls: files})).current();
    t.is(source, 'files');
    t.true(key.startsWith('-----BEGIN PRIVATE KEY-----'));
  });
}

test('mode files never writes', async (t) => {
  const bench = await workbench(t);
  await given(bench, 'SEC1', 5);
  await (await bench.open({tls: files})).refresh();
  t.deepEqual((await readdir(bench.directory)).toSorted(), ['server.crt', 'server.key']);
});

test('paths are relative to the working directory, and one file may hold both', async (t) => {
  const bench = await workbench(t);
  await given(bench);
  await appendFile(bench.path('server.crt'), await readFile(bench.path('server.key')));
  const path = relative(process.cwd(), bench.path('server.crt'));
  const tls = tlsSettings({mode: 'files', certificate: path, key: path});
  t.is((await bench.open({tls})).current().source, 'files');
});

test('Windows line ends, a byte order mark and text around the blocks are accepted', async (t) => {
  const bench = await workbench(t);
  await given(bench);
  for (const name of ['server.crt', 'server.key']) {
    const text = await bench.read(name);
    await writeFile(bench.path(name), `\uFEFF${text}subject=x\n`.replaceAll('\n', '\r\n'));
  }
  t.is((await bench.open({tls: files})).current().source, 'files');
});

const refusals: Record<
  string,
  {code: string; message: RegExp; spoil: (bench: Workbench) => Promise<unknown>}
> = {
  'a missing certificate': {
    code: 'missing',
    message: /server\.crt is not there; .*tls\.certificate/,
    spoil: (bench) => rm(bench.path('server.crt')),
  },
  'a missing key': {
    code: 'missing',
    message: /server\.key is not there; .*tls\.key/,
    spoil: (bench) => rm(bench.path('server.key')),
  },
  'a directory in place of the key': {
    code: 'unreadable',
    message: /server\.key can't be read \(EISDIR\)/,
    spoil: async (bench) => {
      await rm(bench.path('server.key'));
      await mkdir(bench.path('server.key'));
    },
  },
  'an empty certificate file': {
    code: 'not-pem',
    message: /server\.crt holds no certificate \(it is not PEM text\)/,
    spoil: (bench) => writeFile(bench.path('server.crt'), ''),
  },
  'a DER certificate': {
    code: 'not-pem',
    message: /openssl x509 -inform der/,
    spoil: (bench) =>
      run('openssl', [
        ...['x509', '-in', bench.path('server.crt')],
        ...['-outform', 'der', '-out', bench.path('server.crt')],
      ]),
  },
  'garbage for a key': {
    code: 'not-pem',
    message: /server\.key holds no private key \(it is not PEM text\)/,
    spoil: (bench) => writeFile(bench.path('server.key'), Buffer.from([0, 255, 1, 254])),
  },
  'a certificate in place of the key': {
    code: 'not-pem',
    message: /server\.key holds no private key \(it holds CERTIFICATE\)/,
    spoil: (bench) => copyFile(bench.path('server.crt'), bench.path('server.key')),
  },
  'a damaged key': {
    code: 'unusable',
    message: /server\.key holds a damaged private key/,
    spoil: (bench) =>
      writeFile(
        bench.path('server.key'),
        '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      ),
  },
  'a damaged certificate': {
    code: 'unusable',
    message: /server\.crt holds a damaged certificate/,
    spoil: (bench) =>
      writeFile(
        bench.path('server.crt'),
        '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
      ),
  },
  'a key encrypted as PKCS#8': {
    code: 'encrypted',
    message: /server\.key is encrypted with a passphrase/,
    spoil: async (bench) => {
      await run('openssl', [
        ...['pkcs8', '-topk8', '-in', bench.path('server.key')],
        ...['-passout', 'pass:secret', '-out', bench.path('encrypted')],
      ]);
      await rename(bench.path('encrypted'), bench.path('server.key'));
    },
  },
  'a key encrypted the old way': {
    code: 'encrypted',
    message: /server\.key is encrypted with a passphrase/,
    spoil: (bench) =>
      run('openssl', [
        ...['ec', '-aes128', '-passout', 'pass:secret'],
        ...['-in', bench.path('server.key'), '-out', bench.path('server.key')],
      ]),
  },
  'a key of another certificate': {
    code: 'mismatch',
    message: /the key .*server\.key doesn't fit the certificate .*server\.crt/,
    spoil: (bench) => opensslPair(bench.path('x.crt'), bench.path('server.key'), 'SEC1'),
  },
  "a chain whose first certificate is not the server's": {
    code: 'mismatch',
    message: /it fits number 2 in that file: the server's own certificate must come first/,
    spoil: async (bench) => {
      await opensslPair(bench.path('x.crt'), bench.path('x.key'), 'SEC1');
      const own = await bench.read('server.crt');
      await writeFile(bench.path('server.crt'), (await bench.read('x.crt')) + own);
    },
  },
};

for (const [fault, {code, message, spoil}] of Object.entries(refusals)) {
  test(`${fault} is refused with what to do`, async (t) => {
    const bench = await workbench(t);
    await given(bench);
    await spoil(bench);
    await t.throwsAsync(bench.open({tls: files}), {code, message});
  });
}

test('a key too weak for TLS is refused with what to use', async (t) => {
  const bench = await workbench(t);
  const [certificate, key] = [bench.path('server.crt'), bench.path('server.key')];
  await run('openssl', ['genrsa', '-out', key, '512']);
  await run('openssl', [
    ...['req', '-x509', '-key', key, '-subj', '/CN=x'],
    ...['-days', '9', '-out', certificate],
  ]);
  await t.throwsAsync(bench.open({tls: files}), {
    code: 'unusable',
    message: /RSA of at least 2048/,
  });
});

test('an expired certificate is served with a warning', async (t) => {
  const bench = await workbench(t);
  await given(bench, 'SEC1', 5);
  bench.time = new Date(bench.time.getTime() + 6 * 86_400_000);
  t.is((await bench.open({tls: files})).current().source, 'files');
  t.deepEqual(bench.said('warn'), ['certificate has expired']);
});

test('a certificate that is not valid yet is served with a warning that tells the clock', async (t) => {
  const bench = await workbench(t);
  await given(bench);
  bench.time = new Date('2020-01-01T00:00:00Z');
  await bench.open({tls: files});
  t.deepEqual(bench.said('warn'), ['certificate is not valid yet']);
  t.deepEqual(bench.lines.at(-1)?.fields['clock'], bench.time);
});

test('mode off opens nothing', async (t) => {
  const bench = await workbench(t);
  await t.throwsAsync(bench.open({tls: tlsSettings({mode: 'off'})}), {code: 'setting'});
});
