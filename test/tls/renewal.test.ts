import {rm, stat, writeFile} from 'node:fs/promises';
import test from 'ava';
import {certificateNames} from '../../src/tls/names.ts';
import type {Workbench} from './workbench.ts';
import {birthday, day, opensslPair, tlsSettings, workbench, soon} from './workbench.ts';

const after = (days: number): Date => new Date(birthday.getTime() + days * day);

async function verifies(bench: Workbench, name: string): Promise<boolean> {
  const authority = await bench.leaf('ca.crt');
  return (await bench.leaf(name)).verify(authority.publicKey);
}

test('31 days before the end nothing happens, 29 days before it a running registry renews', async (t) => {
  const bench = await workbench(t);
  const certificates = await bench.open();
  const first = certificates.current().fingerprint256;
  bench.time = after(365 - 31);
  await certificates.refresh();
  t.is(certificates.current().fingerprint256, first);
  bench.time = after(365 - 29);
  await certificates.refresh();
  t.not(certificates.current().fingerprint256, first);
  t.deepEqual(certificates.current().expiresAt, new Date('2028-01-31T12:00:00Z'));
  await bench.assertWhole();
});

test('a start 29 days before the end renews, keeps the CA and the former pair, 0600', async (t) => {
  const bench = await workbench(t);
  const first = (await bench.open()).current();
  const authority = await bench.read('ca.crt');
  bench.time = after(365 - 29);
  const second = (await bench.open()).current();
  t.not(second.key, first.key);
  t.is(await bench.read('ca.crt'), authority);
  const [kept = '', ...more] = await bench.kept();
  t.deepEqual(more, []);
  t.true(kept.startsWith('server.20270301T120000Z.'));
  t.is(await bench.read(kept), first.cert);
  t.is(await bench.read(kept.replace('.crt', '.key')), first.key);
  t.is((await stat(bench.path(kept.replace('.crt', '.key')))).mode & 0o777, 0o600);
  t.is((await stat(bench.path(kept))).mode & 0o777, 0o600);
  t.true(await verifies(bench, 'server.crt'));
  await bench.assertWhole();
});

test('a certificate that ended while the registry was off is renewed at the start', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  bench.time = after(500);
  t.true((await bench.open()).current().expiresAt > bench.time);
  await bench.assertWhole();
});

test('names that are missing at the start are added by a renewal that the log explains', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  await bench.open({tls: tlsSettings({names: ['registry.example.org']})});
  t.true(certificateNames(await bench.leaf()).includes('registry.example.org'));
  const line = bench.lines.find(({message}) => message === 'certificate renewed');
  t.deepEqual(line?.fields['missing'], ['registry.example.org']);
});

test('two hosts that serve the directory by turns renew once each', async (t) => {
  const bench = await workbench(t);
  for (const round of [1, 2, 3]) {
    for (const host of ['a.example.org', 'b.example.org']) {
      await bench.open({hostNames: () => [host]});
    }
    t.is((await bench.kept()).length, 1, `round ${round}`);
  }
});

test('of more than ten former pairs the ones that end first are removed', async (t) => {
  const bench = await workbench(t);
  for (let year = 0; year < 9; year++) {
    bench.time = after(year * 364);
    await bench.open();
    await bench.open({hostNames: () => [`host${year}.example.org`]});
  }
  const kept = await bench.kept();
  t.is(kept.length, 10);
  t.true(kept.every((name) => name > 'server.2030'));
});

test('a renewal that fails is logged once, and the present pair serves on', async (t) => {
  const bench = await workbench(t);
  const certificates = await bench.open();
  const first = certificates.current().fingerprint256;
  await rm(bench.path('ca.key'));
  bench.time = after(365 - 20);
  await certificates.refresh();
  await certificates.refresh();
  t.is(certificates.current().fingerprint256, first);
  t.deepEqual(bench.said('error'), ['certificate could not be renewed']);
  t.true(bench.said('warn').includes('certificate ends soon'));
});

test('a failed renewal is tried again after an hour', async (t) => {
  const bench = await workbench(t);
  const certificates = await bench.open();
  const key = await bench.read('ca.key');
  await rm(bench.path('ca.key'));
  bench.time = after(365 - 20);
  await certificates.refresh();
  await writeFile(bench.path('ca.key'), key);
  bench.time = new Date(bench.time.getTime() + 3_600_001);
  await certificates.refresh();
  t.true(certificates.current().expiresAt > after(500));
});

test('the CA near its own end is warned of, and certificates end with it', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  bench.time = after(3653 - 100);
  const {expiresAt, authorityExpiresAt} = (await bench.open()).current();
  t.deepEqual(expiresAt, authorityExpiresAt);
  t.deepEqual(bench.said('warn'), ['the local CA ends soon: clients must trust a new one before']);
  const kept = await bench.kept();
  bench.time = after(3653 - 20);
  await bench.open();
  t.deepEqual(await bench.kept(), kept);
});

test('a CA that has ended leaves the expired pair in force and tells what to do', async (t) => {
  const bench = await workbench(t);
  await bench.open();
  bench.time = after(3700);
  t.true(
    (await bench.open({hostNames: () => ['new.example.org']})).current().expiresAt < bench.time,
  );
  const fault = bench.lines.find(({level}) => level === 'error')?.fields['err'];
  t.regex(fault instanceof Error ? fault.message : '', /the local CA .*ended on .*: move ca\.crt/);
});

test('listeners hear of a renewal once', async (t) => {
  const bench = await workbench(t);
  const certificates = await bench.open();
  const heard: string[] = [];
  certificates.onChange(({fingerprint256}) => heard.push(fingerprint256));
  bench.time = after(340);
  await certificates.refresh();
  await certificates.refresh();
  t.deepEqual(heard, [certificates.current().fingerprint256]);
});

test("an operator's pair put in place of ours is used and not renewed", async (t) => {
  const bench = await workbench(t);
  const certificates = await bench.open();
  await opensslPair(bench.path('server.crt'), bench.path('server.key'), 'SEC1');
  bench.time = soon();
  await certificates.refresh();
  t.is(certificates.current().source, 'files');
  bench.time = new Date(bench.time.getTime() + 80 * day);
  await certificates.refresh();
  t.is(certificates.current().source, 'files');
  t.deepEqual(await bench.kept(), []);
});
