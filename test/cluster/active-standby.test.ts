import {randomBytes} from 'node:crypto';
import {mkdir, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {digestOf} from '../support/images.ts';
import {freePort} from '../support/ports.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {nodesOf, type TestNode, until} from './nodes.ts';

/** Another host, as far as a process can see: what it learns of processes elsewhere is what they write. */
const elsewhere = ['unshare', '--uts', '--', 'sh', '-c', 'hostname elsewhere; exec "$0" "$@"'];

async function pushBlob(t: ExecutionContext, node: TestNode): Promise<string> {
  const bytes = randomBytes(1000);
  const digest = digestOf(bytes);
  const answer = await fetch(`${node.url}/v2/made/blobs/uploads/?digest=${digest}`, {
    method: 'POST',
    body: bytes,
    headers: {'Content-Type': 'application/octet-stream'},
  });
  t.is(answer.status, 201);
  return `/v2/made/blobs/${digest}`;
}

test('the first node serves, the second stands by, says so, and takes over when the first is killed', async (t) => {
  const nodes = await nodesOf(t);
  const a = await nodes.start('a');
  const b = await nodes.start('b');
  const blob = await pushBlob(t, a);

  t.is((await a.ask('/healthz/active')).status, 200);
  t.is((await a.ask('/healthz/standby')).status, 503);
  t.is((await b.ask('/healthz')).status, 200);
  t.is((await b.ask('/healthz/active')).status, 503);
  t.is((await b.ask('/healthz/standby')).status, 200);
  const refused = await b.ask(blob);
  t.is(refused.status, 503);
  t.is(refused.headers['retry-after'], '3');
  t.is(refused.headers['content-type'], 'application/json');
  t.like(JSON.parse(refused.body.toString()), {
    errors: [{code: 'UNAVAILABLE', message: 'b is on standby, a is active; try again'}],
  });

  await a.service.stop('SIGKILL');
  await until(b, '/healthz/active');
  t.is((await b.ask(blob)).status, 200);
  await pushBlob(t, b);
});

test('a push to a standby is answered 503 although its body was not read', async (t) => {
  const nodes = await nodesOf(t);
  await nodes.start('a');
  const b = await nodes.start('b');
  const answer = await fetch(`${b.url}/v2/made/blobs/uploads/`, {
    method: 'POST',
    body: new Uint8Array(8 * 1024 * 1024),
  });
  t.is(answer.status, 503);
  t.like(await answer.json(), {errors: [{code: 'UNAVAILABLE'}]});
});

test('a standby passes requests on where it is told to, bodies and all', async (t) => {
  const nodes = await nodesOf(t, {cluster: {standby: 'forward'}});
  const a = await nodes.start('a');
  const b = await nodes.start('b');
  const blob = await pushBlob(t, b);
  t.is((await a.ask(blob)).status, 200);
  const through = await b.ask(blob);
  const direct = await a.ask(blob);
  t.deepEqual(through.body, direct.body);
  t.is(through.headers['docker-content-digest'], direct.headers['docker-content-digest']);
  t.is((await b.ask('/v2/made/blobs/uploads/', {method: 'PUT'})).status, 405);
  // Its own state is its own.
  t.is((await b.ask('/healthz/active')).status, 503);
});

testWith(
  ['unshare'],
  'a node of another host is taken over when it has been silent, and can not write any more when it wakes up',
  async (t) => {
    const nodes = await nodesOf(t, {cluster: {leaseTime: '1s'}});
    const a = await nodes.start('a', elsewhere);
    const blob = await pushBlob(t, a);
    const b = await nodes.start('b');
    process.kill(a.service.pid, 'SIGSTOP');
    t.teardown(() => {
      process.kill(a.service.pid, 'SIGCONT');
    });
    await until(b, '/healthz/active');
    process.kill(a.service.pid, 'SIGCONT');
    await until(a, '/healthz/standby');
    t.is((await a.ask(blob)).status, 503);
    t.is((await b.ask(blob)).status, 200);
    t.regex(a.service.output(), /this node has lost its right to write/);
  },
);

test('promote takes over from a node that lives, demote hands over, and status tells who serves', async (t) => {
  const nodes = await nodesOf(t);
  const a = await nodes.start('a');
  const b = await nodes.start('b');
  t.is(await b.command('promote'), 'b is active now\n');
  await until(a, '/healthz/standby');
  t.is((await b.ask('/healthz/active')).status, 200);
  const shown = await a.command('status');
  t.regex(shown, /^state: +standby$/m);
  t.regex(shown, /^\d+ +b +\S+ +\d+ +alive /m);

  await b.command('demote');
  await until(a, '/healthz/active');
  t.is((await b.ask('/healthz/standby')).status, 200);
  t.regex(await a.command('status'), /^state: +active$/m);
});

test('a node that is demoted stands by although nobody else is there, until it is promoted', async (t) => {
  const nodes = await nodesOf(t);
  const a = await nodes.start('a');
  await a.command('demote');
  await until(a, '/healthz/standby');
  t.regex(await a.command('status'), /^state: +resting$/m);
  await a.command('promote');
  t.is((await a.ask('/healthz/active')).status, 200);
});

test('of two nodes that are started at once one serves', async (t) => {
  const nodes = await nodesOf(t);
  const [a, b] = await Promise.all([nodes.start('a'), nodes.start('b')]);
  const active = async (): Promise<readonly number[]> =>
    Promise.all([a, b].map(async (node) => (await node.ask('/healthz/active')).status));
  t.deepEqual((await active()).toSorted(), [200, 503]);
});

test('where another volume is expected nothing is started and nothing is made', async (t) => {
  const nodes = await nodesOf(t, {
    config: {storage: {volume: 'b0d9a8ad-6d8f-4b0c-9d4c-0d2f0e9a4a4f'}},
  });
  await mkdir(nodes.dataDir);
  const error = await t.throwsAsync(nodes.start('a'));
  t.regex(error.message, /volume\.json is gone: is the volume mounted\?/);
  t.deepEqual(await readdir(nodes.dataDir), []);
});

test('where a mount point is required nothing is started in a directory that is none', async (t) => {
  const nodes = await nodesOf(t, {config: {storage: {requireMount: true}}});
  await mkdir(nodes.dataDir);
  const error = await t.throwsAsync(nodes.start('a'));
  t.regex(error.message, /is no mount point, and storage\.requireMount says that it must be one/);
  t.deepEqual(await readdir(join(nodes.dataDir)), []);
});

test('a standby tells Prometheus that it does not serve, and the active node that it does', async (t) => {
  const [ofA, ofB] = [await freePort(t), await freePort(t)];
  const a = await (
    await nodesOf(t, {config: {metrics: {listen: [`127.0.0.1:${ofA}`]}}})
  ).start('a');
  const nodes = await nodesOf(t, {
    config: {dataDir: a.dataDir, metrics: {listen: [`127.0.0.1:${ofB}`]}},
  });
  await nodes.start('b');
  const told = async (port: number): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  t.regex(await told(ofA), /^holdfast_node_active 1$/m);
  t.is((await told(ofB)).trim().split('\n').at(-1), 'holdfast_node_active 0');
});

test('a command that works on the directory itself is refused on a standby, and says where the active node is', async (t) => {
  const nodes = await nodesOf(t);
  const a = await nodes.start('a');
  const b = await nodes.start('b');
  const backups = join(await memoryDirectory(t), 'backups');
  for (const words of [['reindex'], ['backup', backups]]) {
    const error = await t.throwsAsync(b.holdfast(...words));
    t.true(error.message.includes(`a (${a.url}) serves this directory: run this command there`));
  }
  await t.throwsAsync(readdir(backups), {code: 'ENOENT'});
  await a.holdfast('backup', backups);
});
