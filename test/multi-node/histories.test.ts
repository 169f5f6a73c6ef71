/**
 * Clients push, tag, delete, list and pull while nodes are killed and stand still; then what each was answered is compared with what all were
 * answered. `npm run test:histories` does it for an hour (HISTORY_SECONDS).
 */
import {randomInt} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {nodesOf} from '../cluster/nodes.ts';
import {onEachServer} from '../contract/engines.ts';
import {Random} from '../load/random.ts';
import {urlOf} from '../support/database-server.ts';
import {missingPrograms} from '../support/programs.ts';
import {testUnless} from '../support/test-with.ts';
import {openProxy} from './active-proxy.ts';
import {Commons, HistoryClient, type Target} from './history-client.ts';
import {findAnomalies} from './history-checker.ts';
import {Faults} from './history-faults.ts';
import {hostOf} from './host-of.ts';

const seconds = Number(process.env['HISTORY_SECONDS'] ?? '12');
const seed = Number(process.env['HISTORY_SEED'] ?? randomInt(2 ** 32));
const clients = 8;
/** Of contents that are asked for at the end. */
const most = 2000;

interface Cluster {
  readonly mode: 'active-standby' | 'active-active';
  readonly config?: object;
}

async function playHistory(t: ExecutionContext, {mode, config = {}}: Cluster): Promise<void> {
  t.timeout((seconds + 160) * 1000);
  const random = new Random(seed);
  const nodes = await nodesOf(t, {config, cluster: {mode}});
  const urls = new Map<string, string>();
  const start = async (name: string) => {
    const node = await nodes.start(name, hostOf(name));
    urls.set(name, node.url);
    return node;
  };
  let active: () => readonly string[] = () => [];
  const faults = new Faults({
    random: random.fork(),
    names: ['a', 'b'],
    start,
    active: () => active(),
  });
  await faults.start();
  const proxy = await openProxy(t, [...urls.values()]);
  active = proxy.active;
  const names = [...urls.keys()];
  const targets = (choice: Random) => (): Target => {
    const node = choice.pick(names) ?? '';
    return mode === 'active-standby'
      ? {node: 'the one', url: proxy.url}
      : {node, url: urls.get(node) ?? ''};
  };
  const commons = new Commons(3, 6);
  const {history} = commons;
  const ending = new AbortController();
  const clientOf = (number: number): HistoryClient => {
    const own = random.fork();
    return new HistoryClient({number, random: own, commons, target: targets(own), thinks: 150});
  };
  const working = Array.from({length: clients}, async (_, number) =>
    clientOf(number).work(ending.signal),
  );
  const failing = faults.work(ending.signal);
  try {
    await Promise.race([setTimeout(seconds * 1000), Promise.all(working), failing]);
  } finally {
    ending.abort();
  }
  await Promise.all([...working, failing]);

  const settledAt = performance.now();
  const last = clientOf(clients);
  const contents = new Set(
    history.flatMap((each) => (each.kind === 'put' && each.isAcknowledged ? [each.path] : [])),
  );
  for (const repository of commons.repositories) {
    await last.list(repository);
    for (const tag of commons.tags) await last.pull(repository, tag);
  }
  for (const path of [...contents].slice(-most)) await last.get(path);

  const anomalies = findAnomalies(history, {isSameNode: mode === 'active-active', settledAt});
  const kinds = Map.groupBy(history, ({kind}) => kind);
  const log = process.env['HISTORY_LOG'] ?? join(tmpdir(), `holdfast-history-${seed}.jsonl`);
  if (anomalies.length > 0 || 'HISTORY_LOG' in process.env)
    await writeFile(log, history.map((each) => `${JSON.stringify(each)}\n`).join(''));
  t.log(
    `seed ${seed}: ${[...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', ')}; ${faults.counts.killed} killed, ${faults.counts.stopped} stood still`,
  );
  const answered = history.filter(({kind}) => kind === 'read' || kind === 'get').length;
  t.true(answered > seconds, 'hardly anything was answered');
  t.deepEqual(anomalies.slice(0, 5), [], `${anomalies.length} anomalies, all in ${log}`);
}

const root = process.getuid?.() === 0 ? [] : ['only root has hosts of its own'];

testUnless(
  [...missingPrograms(['unshare']), ...root],
  'active-standby: no acknowledged write is lost or overtaken by what was before it, whichever node is killed or stands still',
  async (t) => playHistory(t, {mode: 'active-standby'}),
);

onEachServer(
  'active-active: no acknowledged write is lost, and no node tells what was before one that it has acknowledged, whichever is killed or stands still',
  async (t, engine) => {
    const database = await engine.server(t);
    await playHistory(t, {
      mode: 'active-active',
      config: {metadata: {url: urlOf(await database.fresh())}},
    });
  },
  root,
);
