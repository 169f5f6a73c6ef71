/** Two machines with one export mounted, each a node of one registry. */
import type {SmallPushes} from '../multi-node/small-pushes.ts';
import {changesBetween, type Tree} from '../multi-node/tree.ts';
import {startPostgres, urlOf} from '../support/database-server.ts';
import {Machine} from './machine.ts';
import {bootNfsServer, exportAll, exported, mountNfs} from './nfs.ts';
import {addressOfAny, pushThrough} from './pushing-through.ts';
import type {Outcome, Scenario, Stage} from './rack.ts';
import {serve, untilRole} from './registry-in.ts';

type Role = 'active' | 'standby';

interface Cluster {
  readonly mode: 'active-standby' | 'active-active';
  readonly metadata: object;
}

/** As a machine sees the host's loopback. */
const host = '10.0.2.2';

class Nodes {
  readonly #stage: Stage;
  readonly #cluster: Cluster;
  readonly server: Machine;
  readonly all: readonly Machine[];
  readonly #url: string;
  readonly #pushed: SmallPushes[] = [];
  readonly #findings: string[] = [];

  constructor(
    ...[stage, cluster, server, all, url]: readonly [
      Stage,
      Cluster,
      Machine,
      readonly Machine[],
      string,
    ]
  ) {
    this.#url = url;
    this.#stage = stage;
    this.#cluster = cluster;
    this.server = server;
    this.all = all;
  }

  async begin(machine: Machine, role: Role): Promise<void> {
    await mountNfs(machine);
    const {mode, metadata} = this.#cluster;
    const config = {
      metadata,
      cluster: {mode, address: `http://${machine.address}:5000`, leaseTime: '15s'},
    };
    await serve(machine, {config});
    await untilRole(machine, role, {config});
    this.#stage.say(`${machine.name} is ${role}`);
  }

  /** While something happens clients push; then all that they were told is looked at. */
  async pushThrough(happens: () => Promise<void>): Promise<void> {
    const name = `round${this.#pushed.length + 1}`;
    const pushes = await pushThrough(this.#stage, name, this.#url, happens);
    this.#pushed.push(pushes);
    const findings = await pushes.findings();
    this.#stage.say(`${pushes.kept} contents looked at, ${findings.length} findings`);
    this.#findings.push(...findings);
  }

  finds(findings: readonly string[]): void {
    this.#findings.push(...findings);
  }

  /** Everything is looked at once more, at each of these. */
  async outcome(...machines: readonly Machine[]): Promise<Outcome> {
    for (const {url} of machines)
      for (const pushes of this.#pushed) this.#findings.push(...(await pushes.findings(url)));
    return {
      rounds: this.#pushed.length,
      acknowledged: this.#pushed.reduce((sum, {kept}) => sum + kept, 0),
      findings: [...new Set(this.#findings)],
    };
  }
}

async function bootNodes(stage: Stage, cluster: Cluster): Promise<Nodes> {
  const {rack} = stage;
  const [server, ...all] = await Promise.all([
    bootNfsServer(stage),
    Machine.boot(rack, {name: 'one', number: 1}),
    Machine.boot(rack, {name: 'two', number: 2}),
  ]);
  stage.say('three machines run');
  return new Nodes(stage, cluster, server, all, await addressOfAny(stage, all));
}

const onPostgres = async ({rack}: Stage): Promise<object> => {
  const database = await startPostgres(rack.life);
  return {url: urlOf(await database.fresh({host})), tls: 'off'};
};

/** What is stored, as the server's own disk has it; signs of life come and go. */
async function storedBy({server}: Nodes): Promise<Tree> {
  const lines = await server.run(
    `cd ${exported}/registry && find . -path ./_holdfast -prune -o -type f -print0 | xargs -0 sha256sum`,
  );
  return new Map(
    lines
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.slice(68), line.slice(0, 64)]),
  );
}

/** The machine that serves is killed; then the other stands still until it has lost its place; then the server of NFS is cut off. */
export const standbyOnNfs: Scenario = async (stage) => {
  const {say} = stage;
  const nodes = await bootNodes(stage, {
    mode: 'active-standby',
    metadata: await onPostgres(stage),
  });
  const [one, two] = nodes.all as [Machine, Machine];
  await nodes.begin(one, 'active');
  await nodes.begin(two, 'standby');
  await nodes.pushThrough(async () => {
    say('the power of one is cut');
    await one.kill();
  });
  await one.start();
  await nodes.begin(one, 'standby');

  await nodes.pushThrough(async () => {
    say('two stands still');
    two.pause();
    await untilRole(one, 'active');
  });
  const before = await storedBy(nodes);
  two.resume();
  await untilRole(two, 'standby');
  const changes = changesBetween(before, await storedBy(nodes));
  nodes.finds(changes.map((change) => `two woke up, and ${change}`));
  say(`two woke up and stands by; ${before.size} files are as they were`);

  await nodes.pushThrough(async () => {
    say('the power of the server of NFS is cut, and comes back');
    await nodes.server.kill();
    await nodes.server.start();
    await exportAll(nodes.server);
  });
  return nodes.outcome();
};

/** The same with a database file on the export, where the lock of the dead has to run out. */
export const standbyOnNfsWithSqlite: Scenario = async (stage) => {
  const nodes = await bootNodes(stage, {
    mode: 'active-standby',
    metadata: {allowNetworkFileSystem: true},
  });
  const [one, two] = nodes.all as [Machine, Machine];
  await nodes.begin(one, 'active');
  await nodes.begin(two, 'standby');
  await nodes.pushThrough(async () => {
    stage.say('the power of one is cut');
    await one.kill();
  });
  return nodes.outcome();
};

/** Both serve; one after the other is killed and comes back. */
export const activeOnNfs: Scenario = async (stage) => {
  const nodes = await bootNodes(stage, {
    mode: 'active-active',
    metadata: await onPostgres(stage),
  });
  for (const machine of nodes.all) await nodes.begin(machine, 'active');
  for (const machine of nodes.all) {
    await nodes.pushThrough(async () => {
      stage.say(`the power of ${machine.name} is cut`);
      await machine.kill();
    });
    await machine.start();
    await nodes.begin(machine, 'active');
  }
  return nodes.outcome(...nodes.all);
};
