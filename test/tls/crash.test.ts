import {spawn} from 'node:child_process';
import {X509Certificate} from 'node:crypto';
import {once} from 'node:events';
import {readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import type {Workbench} from './workbench.ts';
import {birthday, day, opensslPair, workbench, soon} from './workbench.ts';

/** What a renewal leaves at each of its points, made from a former and a new pair of one CA. */
interface History {
  readonly bench: Workbench;
  readonly former: {cert: string; key: string};
  readonly next: {cert: string; key: string};
  readonly kept: string;
}

async function history(t: ExecutionContext): Promise<History> {
  const bench = await workbench(t);
  const former = (await bench.open()).current();
  bench.time = new Date(birthday.getTime() + 340 * day);
  const next = (await bench.open()).current();
  const [kept = ''] = await bench.kept();
  return {bench, former, next, kept};
}

async function lay(bench: Workbench, files: Record<string, string | undefined>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) await rm(bench.path(name), {force: true});
    else await writeFile(bench.path(name), content);
  }
}

const renewals: Record<string, (h: History) => Record<string, string | undefined>> = {
  'the new pair was prepared': ({former, kept}) => ({
    'server.crt': former.cert,
    'server.key': former.key,
    [kept]: undefined,
    [kept.replace('.crt', '.key')]: undefined,
  }),
  "the former pair's key was kept": ({former, kept}) => ({
    'server.crt': former.cert,
    'server.key': former.key,
    [kept]: undefined,
  }),
  'the former pair was kept': ({former}) => ({
    'server.crt': former.cert,
    'server.key': former.key,
  }),
  'the key was replaced': ({former}) => ({'server.crt': former.cert}),
  'both files were replaced': () => ({}),
};

for (const [moment, remains] of Object.entries(renewals)) {
  test(`a renewal that was killed after ${moment} is finished at the start`, async (t) => {
    const h = await history(t);
    const {bench, next, former, kept} = h;
    await lay(bench, {...remains(h), 'server.next.pem': next.key + next.cert});
    const {cert, key} = (await bench.open()).current();
    t.deepEqual({cert, key}, {cert: next.cert, key: next.key});
    t.deepEqual(await bench.kept(), [kept]);
    t.is(await bench.read(kept), former.cert);
    t.is(await bench.read(kept.replace('.crt', '.key')), former.key);
    await bench.assertWhole();
  });
}

test('a running registry finishes the renewal of a process that died between key and certificate', async (t) => {
  const {bench, former, next} = await history(t);
  await lay(bench, {'server.crt': former.cert, 'server.key': former.key});
  bench.time = birthday;
  const certificates = await bench.open();
  await lay(bench, {'server.next.pem': next.key + next.cert, 'server.key': next.key});
  bench.time = new Date(birthday.getTime() + 340 * day);
  await certificates.refresh();
  t.is(certificates.current().cert, next.cert);
  t.deepEqual(bench.said('error'), []);
});

const beginnings: Record<string, readonly string[]> = {
  'an empty directory': [],
  'the key of the CA': ['ca.key'],
  'the CA': ['ca.key', 'ca.crt'],
  'the CA and a prepared pair': ['ca.key', 'ca.crt', 'server.next.pem'],
  'the CA, a prepared pair and its key in place': [
    ...['ca.key', 'ca.crt', 'server.next.pem', 'server.key'],
  ],
  'everything and the prepared pair': [
    ...['ca.key', 'ca.crt', 'server.next.pem', 'server.key', 'server.crt'],
  ],
};

for (const [remains, names] of Object.entries(beginnings)) {
  test(`a first start that was killed and left ${remains} is finished by the next`, async (t) => {
    const bench = await workbench(t);
    const {cert, key} = (await bench.open()).current();
    await lay(bench, {'server.next.pem': key + cert});
    const caKey = await bench.read('ca.key');
    for (const name of await readdir(bench.directory)) {
      if (!names.includes(name)) await rm(bench.path(name));
    }
    const now = (await bench.open()).current();
    await bench.assertWhole();
    t.is(now.cert === cert, names.includes('server.next.pem'));
    t.is((await bench.read('ca.key')) === caKey, names.includes('ca.key'));
    t.deepEqual(await bench.kept(), []);
  });
}

test("a prepared pair is given up where an operator's pair lies", async (t) => {
  const {bench, next} = await history(t);
  await opensslPair(bench.path('server.crt'), bench.path('server.key'), 'SEC1');
  await lay(bench, {'server.next.pem': next.key + next.cert});
  const before = await bench.read('server.key');
  t.is((await bench.open()).current().source, 'files');
  t.is(await bench.read('server.key'), before);
  t.false((await readdir(bench.directory)).includes('server.next.pem'));
});

test("an operator's key that came before its certificate is not overwritten", async (t) => {
  const {bench, former, next} = await history(t);
  await opensslPair(bench.path('x.crt'), bench.path('x.key'), 'SEC1');
  const key = await bench.read('x.key');
  await lay(bench, {
    'server.crt': former.cert,
    'server.key': key,
    'server.next.pem': next.key + next.cert,
  });
  await t.throwsAsync(bench.open(), {code: 'mismatch'});
  t.is(await bench.read('server.key'), key);
});

for (const [kind, content] of Object.entries({empty: '', garbage: 'x\u0000y', cut: undefined})) {
  test(`a prepared pair that is ${kind} is removed`, async (t) => {
    const {bench, next} = await history(t);
    await lay(bench, {'server.next.pem': content ?? (next.key + next.cert).slice(0, 300)});
    t.is((await bench.open()).current().cert, next.cert);
    await bench.assertWhole();
  });
}

test('a prepared pair of another CA is removed', async (t) => {
  const {bench, next} = await history(t);
  const other = await workbench(t);
  const {key, cert} = (await other.open()).current();
  await lay(bench, {'server.next.pem': key + cert});
  t.is((await bench.open()).current().cert, next.cert);
  await bench.assertWhole();
});

const writer = join(import.meta.dirname, 'writer.ts');

test('six processes that start at once on an empty directory share one CA and a pair that fits', async (t) => {
  for (let round = 1; round <= 2; round++) {
    const bench = await workbench(t);
    bench.time = soon();
    const children = [1, 2, 3, 4, 5, 6].map(() => {
      const child = spawn(process.execPath, [writer, bench.directory, 'open']);
      t.teardown(() => child.kill('SIGKILL'));
      const output = text(child.stdout);
      return {child, output, faults: text(child.stderr), ready: once(child.stdout, 'data')};
    });
    await Promise.all(children.map(({ready}) => ready));
    for (const {child} of children) child.stdin.write('go\n');
    const authority = new X509Certificate(
      await Promise.all(children.map(({output}) => output)).then(() => bench.read('ca.crt')),
    );
    for (const {output, faults} of children) {
      t.is(await faults, '');
      const served = new X509Certificate((await output).replace('ready\n', ''));
      t.true(served.verify(authority.publicKey));
    }
    await bench.assertWhole();
  }
});

test('ten openings at once in one process end with one pair in force', async (t) => {
  const bench = await workbench(t);
  const opened = await Promise.all(Array.from({length: 10}, () => bench.open()));
  await Promise.all(opened.map((certificates) => certificates.refresh()));
  const onDisk = await bench.read('server.crt');
  for (const certificates of opened) t.is(certificates.current().cert, onDisk);
  t.deepEqual(bench.said('error'), []);
  await bench.assertWhole();
});

/** A process that renews all the time; this resolves after its first renewal. */
async function renewingChild(
  t: ExecutionContext,
  bench: Workbench,
): Promise<() => Promise<unknown>> {
  const child = spawn(process.execPath, [writer, bench.directory]);
  t.teardown(() => child.kill('SIGKILL'));
  const faults = text(child.stderr);
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdout.resume();
  return async () => {
    child.kill('SIGKILL');
    await exit;
    t.is(await faults, '');
    t.is(child.signalCode, 'SIGKILL');
  };
}

test('a process killed -9 at any moment of a renewal leaves a pair that the next start serves', async (t) => {
  const bench = await workbench(t);
  bench.time = soon();
  await bench.open();
  const authority = await bench.read('ca.crt');
  for (let round = 0; round < 7; round++) {
    const kill = await renewingChild(t, bench);
    for (let turn = 0; turn < round * 5; turn++) await bench.read('server.crt');
    await kill();
    await bench.open();
    for (const name of await readdir(bench.directory)) {
      if (name.startsWith('.staged')) await rm(bench.path(name));
    }
    await bench.assertWhole();
    t.is(await bench.read('ca.crt'), authority);
  }
  t.deepEqual(bench.said('error'), []);
});

test('a running registry never meets a key that does not fit while two processes renew', async (t) => {
  const bench = await workbench(t);
  bench.time = soon();
  const certificates = await bench.open();
  let changes = 0;
  certificates.onChange(() => changes++);
  const kills = await Promise.all([renewingChild(t, bench), renewingChild(t, bench)]);
  while (changes < 15) await certificates.refresh();
  await Promise.all(kills.map((kill) => kill()));
  t.deepEqual(bench.said('error'), []);
});
