/** Two hosts with addresses of their own: the link to the clients, or to the database, is cut for a while. Nothing acknowledged is lost, and all goes on by itself. */
import {setTimeout} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {nodesOf, type TestNode} from '../cluster/nodes.ts';
import {imageOf} from '../support/content.ts';
import {startMariadb, urlOf} from '../support/database-server.ts';
import {run} from '../support/command.ts';
import {type NetworkNamespace, networkNamespace} from '../support/network-namespace.ts';
import {missingPrograms, type ProgramName} from '../support/programs.ts';
import {until} from '../support/raw-request.ts';
import {testUnless} from '../support/test-with.ts';
import {openProxy, type Proxy} from './active-proxy.ts';
import {exchange} from './exchange.ts';
import {hostOf} from './host-of.ts';
import {SmallPushes} from './small-pushes.ts';

interface Hosts {
  readonly proxy: Proxy;
  /** Those of the node that serves. */
  readonly network: NetworkNamespace;
  readonly databasePort: number;
  readonly waiting: TestNode;
  readonly serving: TestNode;
}

const password = 'of the node that comes by the cable';

async function startHosts(t: ExecutionContext): Promise<Hosts> {
  const database = await startMariadb(t, {flags: ['--bind-address=0.0.0.0']});
  const place = await database.fresh();
  const user = `${place.user.slice(0, 16)}far`;
  await database.administer(`create user '${user}'@'%' identified by '${password}'`);
  await database.administer(`grant all privileges on ${place.database}.* to '${user}'@'%'`);
  const networks = [await networkNamespace(t), await networkNamespace(t)] as const;
  const url = urlOf({...place, user, password, host: networks[0].hostAddress});
  const nodes = await nodesOf(t, {
    config: {
      metadata: {url, timeout: '1s', tls: 'require'},
      auth: {mode: 'none', openToNetwork: true},
    },
  });
  const start = async (name: string, {enter, address}: NetworkNamespace): Promise<TestNode> =>
    nodes.start(name, [...enter, ...hostOf(name)], address);
  const serving = await start('a', networks[0]);
  const waiting = await start('b', networks[1]);
  const proxy = await openProxy(t, [serving.url, waiting.url]);
  await until(() => proxy.active().includes(serving.url));
  return {proxy, network: networks[0], databasePort: place.port, waiting, serving};
}

/** Clients push before, while and after the link is away; all that they were told is true. */
async function pushThrough(
  t: ExecutionContext,
  {proxy}: Hosts,
  during: () => Promise<void>,
): Promise<void> {
  const small = new SmallPushes(proxy.url, 2000);
  const pushing = Array.from({length: 5}, async (_, index) => small.push(`cut/r${index}`));
  const failed = Promise.all(pushing).then(() => undefined);
  t.teardown(() => {
    small.end();
  });
  await Promise.race([until(() => small.count >= 5), failed]);
  await during();
  const [before, begin] = [small.count, performance.now()];
  await Promise.race([until(() => small.count >= before + 5), failed]);
  t.log(`pushes go on ${Math.round(performance.now() - begin)} ms after the link is mended`);
  small.end();
  await Promise.all(pushing);
  t.deepEqual(await small.findings(), []);
  t.log(`${small.kept} contents are there`);
}

/** In milliseconds: longer than a lease. */
const away = 4000;

const programs: readonly ProgramName[] = ['unshare', 'mariadbd', 'mariadb-install-db', 'ip'];
const obstacles = [
  ...missingPrograms([...programs, 'iptables', 'setpriv']),
  ...(process.getuid?.() === 0 ? [] : ['only root has hosts of its own']),
];

testUnless(
  obstacles,
  'the link between clients and the node that serves is cut: it stays the one that serves, and goes on when the link is back',
  async (t) => {
    const hosts = await startHosts(t);
    const {network, waiting, serving, proxy} = hosts;
    await pushThrough(t, hosts, async () => {
      await network.cutCable();
      await until(() => proxy.active().length === 0);
      await setTimeout(away);
      const refused = await waiting.ask('/v2/');
      t.is(refused.status, 503);
      t.like(JSON.parse(refused.body.toString()), {errors: [{code: 'UNAVAILABLE'}]});
      await network.mendCable();
      await until(() => proxy.active().includes(serving.url));
    });
    t.is((await waiting.ask('/healthz/standby')).status, 200);
  },
);

testUnless(
  obstacles,
  'the link between the node that serves and its database is cut: pushes are answered 503, pulls go on, and pushes when the link is back',
  async (t) => {
    const hosts = await startHosts(t);
    const {network, databasePort, serving} = hosts;
    const [program = '', ...enter] = network.enter;
    const filter = async (verb: '-A' | '-D') =>
      run(program, [
        ...[...enter, 'iptables', verb, 'OUTPUT', '-p', 'tcp'],
        ...['--dport', String(databasePort), '-j', 'DROP'],
      ]);
    await pushThrough(t, hosts, async () => {
      await filter('-A');
      const image = imageOf([]);
      const put = async () =>
        exchange(serving.url, '/v2/cut/r0/manifests/meanwhile', {
          method: 'PUT',
          headers: {'Content-Type': image.descriptor.mediaType},
          body: image.bytes,
        });
      const refused = await put();
      t.is(refused.status, 503);
      t.like(JSON.parse(refused.body.toString()), {errors: [{code: 'UNAVAILABLE'}]});
      t.truthy(refused.headers['retry-after']);
      t.is((await exchange(serving.url, '/v2/cut/r0/manifests/latest')).status, 200);
      await setTimeout(away);
      t.is((await put()).status, 503);
      await filter('-D');
      await until(async () => (await put()).status === 201);
    });
  },
);
