/** The composition root of a process that is one of several on its directory: it serves, or stands by. */
import {
  fence,
  holdersOf,
  requireVolume,
  volumeIdOf,
} from '../storage-drivers/filesystem/open-filesystem-driver.ts';
import {createHoldfast} from './app.ts';
import type {HoldfastOptions} from './building.ts';
import {Node} from './cluster/node.ts';
import type {NodeStatus} from './cluster/node-status.ts';
import {openNodeSocket} from './cluster/node-socket.ts';
import type {Service, ServiceHooks, SharedVolume, Started} from './cluster/ports.ts';
import {dataPaths, prepareDataDirectory, runDirectory} from './config/data-directory.ts';
import {nodeNameOf} from './config/node-name.ts';
import type {Config} from './config/schema.ts';

type Holdfast = ReturnType<typeof createHoldfast>;
type Serving = Awaited<ReturnType<Holdfast['start']>>;

export interface ClusterNode {
  /** `undefined`: it stands by. Rejects with a ConfigError where it can do neither. */
  start(): Promise<Serving | undefined>;
  /** Where it answers while it stands by. */
  readonly urls: readonly string[];
  reopenLogs(): void;
  underWay(): number;
  stop(): Promise<void>;
}

/** Another beat comes while the one before is still new: two may be late. */
const beatsPerLease = 4;

export function createNode(config: Config, options: HoldfastOptions): ClusterNode {
  const {cluster, http} = config;
  const {registry} = dataPaths(config);
  // Where others serve anyway nobody waits for the end of this one.
  const handOver = cluster.mode === 'active-active' ? Infinity : cluster.handOverTimeout;
  const ofService: Config = {
    ...config,
    http: {...http, drainTimeout: Math.min(http.drainTimeout, handOver)},
  };
  const create = ({taking, beforeListening, onFenced}: ServiceHooks): Service<Serving & Started> =>
    createHoldfast(ofService, {
      ...options,
      cluster: {
        claim: {
          ...taking,
          node: {name: nodeNameOf(config), address: cluster.address},
          patience: cluster.leaseTime,
        },
        beatEvery: cluster.leaseTime / beatsPerLease,
        others: async () => (taking.isBeside === true ? othersOn(registry, config) : []),
        beforeListening,
        onOver: onFenced,
      },
    });
  const stack = new AsyncDisposableStack();
  let node: Node<Serving> | undefined;
  return {
    start: async () => {
      const {volume: id} = config.storage;
      if (id !== undefined) await requireVolume(registry, id);
      const {paths} = await prepareDataDirectory(config);
      const opened = new Node({
        config,
        paths,
        volume: volumeAt(registry),
        create,
        log: options.log,
      });
      node = opened;
      stack.defer(async () => opened.stop());
      const started = await opened.start();
      const directory = runDirectory(config);
      const socket = await openNodeSocket({node: opened, directory, log: options.log});
      stack.defer(async () => socket.close());
      return started;
    },
    get urls() {
      return node?.urls ?? [];
    },
    reopenLogs: () => node?.reopenLogs(),
    underWay: () => node?.underWay() ?? 0,
    stop: async () => stack.disposeAsync(),
  };
}

async function othersOn(registry: string, config: Config): Promise<readonly string[]> {
  const own = nodeNameOf(config);
  return (await holdersOf(registry))
    .filter(({state, node}) => (state === 'alive' || state === 'unknown') && node?.name !== own)
    .map(({node, hostname}) => node?.name ?? hostname ?? 'another node');
}

const volumeAt = (registry: string): SharedVolume => ({
  holders: async () => holdersOf(registry),
  fence: async (epoch) => fence(registry, epoch),
  id: async () => volumeIdOf(registry),
});

/** Of a node of which no process runs, or that is alone: what the volume tells. Rejects with a StorageError. */
export async function lookAtNodes(config: Config): Promise<NodeStatus> {
  const volume = volumeAt(dataPaths(config).registry);
  const holders = await volume.holders();
  const isHere = holders.some(({state}) => state === 'alive');
  return {
    node: nodeNameOf(config),
    mode: config.cluster.mode,
    state: isHere && config.cluster.mode === 'single' ? 'active' : 'stopped',
    since: null,
    volume: (await volume.id()) ?? null,
    problem: null,
    holders: holders.map(({beat: _beat, node, hostname, pid, ...holder}) => ({
      ...holder,
      node: node?.name ?? null,
      address: node?.address ?? null,
      hostname: hostname ?? null,
      pid: pid ?? null,
      silentFor: null,
    })),
  };
}
