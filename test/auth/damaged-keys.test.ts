import {chmod, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {keysBench} from './keys-workbench.ts';
import type {KeysBench} from './keys-workbench.ts';

const recordIn = async (bench: KeysBench): Promise<string> =>
  (await bench.names()).find((name) => name.startsWith('token-signer.')) ?? '';
const escaped = (text: string): string => text.replaceAll(/[.+*?/\\]/g, '\\$&');

const damages: readonly [what: string, change: (text: string) => string, message: RegExp][] = [
  ['empty', () => '', /holds no private key/],
  ['cut', (text) => text.slice(0, 100), /holds no private key/],
  [
    'without its certificate',
    (text) => text.slice(0, text.indexOf('-----BEGIN CERT')),
    /holds no certificate/,
  ],
  [
    'with a damaged key',
    (text) => text.replace(/.{10}\n-----END PRIVATE/, 'AAAAAAAAAA\n-----END PRIVATE'),
    /damaged private key|don't fit/,
  ],
  [
    'with a damaged certificate',
    (text) => text.replace(/CERTIFICATE-----\n.{20}/, 'CERTIFICATE-----\nAAAAAAAAAAAAAAAAAAAA'),
    /damaged certificate/,
  ],
];

for (const [what, change, message] of damages) {
  test(`a key file that is ${what} is named at the start, and left as it is`, async (t) => {
    const bench = await keysBench(t);
    await (await bench.open({kind: 'ES256'})).close();
    const path = join(bench.directory, 'token-ES256.pem');
    const text = change(await readFile(path, 'utf8'));
    await writeFile(path, text);
    const names = await bench.names();
    const error = await t.throwsAsync(bench.open({kind: 'ES256'}), {name: 'CertificateError'});
    t.regex(error.message, new RegExp(escaped(path)));
    t.regex(error.message, message);
    t.is(await readFile(path, 'utf8'), text);
    t.deepEqual(await bench.names(), names);
  });
}

test("a key file of another kind than its name says, or with a stranger's certificate, is refused", async (t) => {
  const bench = await keysBench(t);
  await bench.open({kind: 'ES256'});
  await bench.open({kind: 'EdDSA'});
  const [one, other] = [await bench.read('token-ES256.pem'), await bench.read('token-EdDSA.pem')];
  await writeFile(join(bench.directory, 'token-ES256.pem'), other);
  await t.throwsAsync(bench.open({kind: 'ES256'}), {message: /holds no key for ES256/});
  const cut = (text: string): number => text.indexOf('-----BEGIN CERT');
  const mixed = one.slice(0, cut(one)) + other.slice(cut(other));
  await writeFile(join(bench.directory, 'token-ES256.pem'), mixed);
  await t.throwsAsync(bench.open({kind: 'ES256'}), {code: 'mismatch'});
});

test('a key file that others may read is refused with the command that mends it', async (t) => {
  const bench = await keysBench(t);
  await bench.open({kind: 'ES256'});
  const path = join(bench.directory, 'token-ES256.pem');
  await chmod(path, 0o640);
  const error = await t.throwsAsync(bench.open({kind: 'ES256'}));
  t.true(error.message.endsWith(`chmod 600 ${path}`));
});

const other = {publicKey: 'x', since: '2026-01-01T00:00:00Z'};
for (const [what, text] of [
  ['empty', ''],
  ['no JSON', '{'],
  ['no object', '[]'],
  ['of a strange key', JSON.stringify(other)],
  ['with a field too many', JSON.stringify({...other, trusted: true})],
] as const) {
  test(`a record that is ${what} is named at the start, and left as it is`, async (t) => {
    const bench = await keysBench(t);
    await (await bench.open()).close();
    const name = await recordIn(bench);
    await writeFile(join(bench.directory, name), text);
    const error = await t.throwsAsync(bench.open(), {code: 'unusable'});
    t.true(error.message.startsWith(join(bench.directory, name)));
    t.is(await bench.read(name), text);
  });
}

test("a record under another key's name is refused", async (t) => {
  const bench = await keysBench(t);
  await bench.open();
  const wrong = `token-signer.${'A'.repeat(43)}.json`;
  await writeFile(join(bench.directory, wrong), await bench.read(await recordIn(bench)));
  await t.throwsAsync(bench.open(), {message: /another key than its name says/});
});

test('damage while it runs is told once, and the keys go on', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'ES256'});
  const {token} = await bench.issue(keys);
  await writeFile(join(bench.directory, 'token-ES256.pem'), 'x');
  await keys.refresh();
  await keys.refresh();
  t.is(bench.messages.filter((each) => each.startsWith('keys of tokens not read')).length, 1);
  t.is((await bench.verify(keys, token)).outcome, 'accepted');
  t.is((await bench.verify(keys, (await bench.issue(keys)).token)).outcome, 'accepted');
  await t.throwsAsync(keys.rotate(), {name: 'CertificateError'});
  t.is(await bench.read('token-ES256.pem'), 'x');
});

test('a key that was distrusted and comes back, from a backup or as its rotation was cut off, signs no more', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open({kind: 'ES256'});
  const former = await bench.read('token-ES256.pem');
  const {token} = await bench.issue(keys);
  await keys.rotate({trustFormer: false});
  await writeFile(join(bench.directory, 'token-ES256.pem'), former);
  const [next, beside] = await Promise.all([
    bench.open({kind: 'ES256'}),
    bench.open({kind: 'ES256'}),
  ]);
  t.like(await bench.verify(next, token), {outcome: 'rejected', reason: 'unknown-key'});
  t.not(await bench.read('token-ES256.pem'), former);
  for (const each of [keys, beside]) {
    await each.refresh();
    const signed = (await bench.issue(each)).token;
    t.is((await bench.verify(next, signed)).outcome, 'accepted');
  }
});
