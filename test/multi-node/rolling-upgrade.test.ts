/** Two nodes that both serve, behind nginx, are upgraded and taken back one after the other, and no client is refused anything. */
import {readdir, stat} from 'node:fs/promises';
import net from 'node:net';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import type {ExecutionContext} from 'ava';
import {randomContent} from '../support/content.ts';
import {until} from '../support/raw-request.ts';
import {entry, type Serving} from '../support/serve-process.ts';
import {testWith} from '../support/test-with.ts';
import {type BalancedNodes, balancedNodes, type NodeName} from './balanced-nodes.ts';
import {exchange} from './exchange.ts';
import {laterVersion} from './later-version.ts';
import {SteadyLoad} from './steady-load.ts';

const rounds = Number(process.env['ROLLING_ROUNDS'] ?? '0');
const isLong = rounds > 0;
const MiB = 1024 * 1024;
const octets = {'Content-Type': 'application/octet-stream'};

/** How many requests a node has answered; those with that word in their line. */
const answers = ({service}: Serving, word = ''): number =>
  service
    .output()
    .split('\n')
    .filter((line) => line.includes('"msg":"request"') && line.includes(word)).length;

const isRefused = async (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => {
      resolve(true);
    });
  });

type Nodes = Readonly<Record<NodeName, Serving>>;

/** An upload of which that node gets the requests while it is there; answers its address and its id. */
async function uploadAt(url: string, nodes: Nodes, name: NodeName) {
  for (;;) {
    const {headers} = await exchange(url, '/v2/slow/blobs/uploads/', {method: 'POST'});
    const {location = ''} = headers;
    const id = /uploads\/([^?]+)/.exec(location)?.[1] ?? '';
    await exchange(url, location);
    await until(() => answers(nodes.a, id) + answers(nodes.b, id) > 0);
    if (answers(nodes[name], id) > 0) return {location, id};
  }
}

/** Whether anything of an upload has come to the disk. */
const isTaken = async (dataDir: string, id: string): Promise<boolean> => {
  const files = await readdir(join(dataDir, 'registry'), {recursive: true});
  const sizes = files
    .filter((file) => file.includes(id))
    .map(async (file) => (await stat(join(dataDir, 'registry', file))).size);
  return (await Promise.all(sizes)).some((size) => size >= MiB);
};

/** Ends with a chunk that is under way when the node is told to stop, and goes on when it takes nothing else any more. */
async function stopInChunk(
  t: ExecutionContext,
  {url, dataDir}: Pick<BalancedNodes, 'url' | 'dataDir'>,
  nodes: Nodes,
  name: NodeName,
): Promise<void> {
  const {bytes, digest} = randomContent(3 * MiB);
  const {location, id} = await uploadAt(url, nodes, name);
  const body = new PassThrough();
  const chunk = exchange(url, location, {method: 'PATCH', headers: octets, body, timeout: 60_000});
  body.write(bytes.subarray(0, 2 * MiB));
  await until(async () => isTaken(dataDir, id));
  const stopping = nodes[name].service.stop();
  await until(async () => isRefused(nodes[name].url));
  body.end(bytes.subarray(2 * MiB));
  const {status, headers} = await chunk;
  t.is(status, 202);
  await stopping;
  // The other node goes on with it.
  const end = `${headers.location ?? ''}&digest=${digest}`;
  t.is((await exchange(url, end, {method: 'PUT', headers: octets})).status, 201);
  t.true((await exchange(url, `/v2/slow/blobs/${digest}`)).body.equals(bytes));
}

testWith(
  ['nginx', 'postgres', 'initdb', 'setpriv'],
  'a rolling upgrade with a migration, and the way back, fail no request of the clients of a load balancer',
  async (t) => {
    t.timeout(120_000 + rounds * 120_000);
    const [later, nodes] = await Promise.all([laterVersion(t), balancedNodes(t)]);
    const serving = {a: await nodes.serve('a', entry), b: await nodes.serve('b', entry)};
    const load = new SteadyLoad(nodes.url, isLong ? 8 : 1);
    const hasTraffic = async (name: NodeName) =>
      until(() => {
        load.check();
        return answers(serving[name]) > 5;
      });
    await Promise.all([hasTraffic('a'), hasTraffic('b')]);
    const steps = [later, entry].flatMap((program) => [
      {name: 'a', program} as const,
      {name: 'b', program} as const,
    ]);
    const all = isLong ? Array.from({length: rounds}, () => steps).flat() : steps.slice(0, -1);
    for (const {name, program} of all) {
      await stopInChunk(t, nodes, serving, name);
      serving[name] = await nodes.serve(name, program);
      // Else it asks one that was away again after ten seconds.
      if (!isLong) await nodes.reload();
      await hasTraffic(name);
    }
    await load.end();
    t.deepEqual(await load.losses(), []);
    const added = "select name from kysely_migration where name like '%-additive'";
    t.true((await nodes.ask(added)).some(({name}) => name === '9000-colours-additive'));
    t.log(`${load.ledger.settings.size} blobs, manifests and tags; ${load.pulls} pulls`);
  },
);
