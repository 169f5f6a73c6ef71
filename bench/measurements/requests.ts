/** Small requests, as very many nodes of a cluster ask them: manifests and the existence of blobs. */
import {pushedTag} from '../client/push.ts';
import {manifestType} from '../client/manifest.ts';
import type {Bench, Measurement} from '../measurement.ts';
import type {Scale} from '../scale.ts';
import type {Target} from '../targets/target.ts';

const repository = 'bench/requests';
const layers = {count: 10, size: 1024};

type Kind = {
  readonly name: string;
  readonly title: string;
  readonly method: 'GET' | 'HEAD';
  readonly of: 'manifest' | 'blob';
  readonly by: 'tag' | 'digest';
  readonly chart?: boolean;
};

const kinds: readonly Kind[] = [
  {
    name: 'manifest/get-tag',
    title: 'GET of a manifest by tag',
    method: 'GET',
    of: 'manifest',
    by: 'tag',
    chart: true,
  },
  {
    name: 'manifest/get-digest',
    title: 'GET of a manifest by digest',
    method: 'GET',
    of: 'manifest',
    by: 'digest',
  },
  {
    name: 'manifest/head-tag',
    title: 'HEAD of a manifest by tag',
    method: 'HEAD',
    of: 'manifest',
    by: 'tag',
    chart: true,
  },
  {
    name: 'manifest/head-digest',
    title: 'HEAD of a manifest by digest',
    method: 'HEAD',
    of: 'manifest',
    by: 'digest',
  },
  {
    name: 'blob/head',
    title: 'HEAD of a blob',
    method: 'HEAD',
    of: 'blob',
    by: 'digest',
    chart: true,
  },
];

export const requestMeasurements: readonly Measurement[] = kinds.flatMap((kind) =>
  [1, 64].map((connections) => measurementOf(kind, connections)),
);

function measurementOf(kind: Kind, connections: number): Measurement {
  const {name, title, method, chart = false} = kind;
  return {
    id: `${name}/${connections}`,
    group: 'Small requests',
    title: `${title}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    metrics: [
      {name: 'rate', unit: 'requests/s', better: 'more', chart: chart && connections > 1},
      {name: 'p50', unit: 'ms', better: 'less'},
      {name: 'p99', unit: 'ms', better: 'less'},
    ],
    ...(method === 'GET' ? {needs: ['wrk'] as const} : {}),
    warmsUp: true,
    refuses: () => undefined,
    open: async (target, bench) => {
      const server = await bench.start(target, protocolOf(target));
      const {url} = server;
      const path = await pushAndFind(url, bench, kind, connections);
      const ask = (seconds: number) =>
        bench.client.do({
          kind: 'storm',
          method,
          storm: {url, path, headers: {Accept: manifestType}, connections, seconds},
        });
      return {
        pid: server.pid,
        round: async (round) => {
          const seconds = round === 0 ? warmUp(bench.scale) : bench.scale.duration;
          const done = await ask(seconds);
          if (done.rate === undefined) throw new Error('the client has counted nothing');
          return {values: {...done.rate}, clientCpuSeconds: done.cpuSeconds};
        },
        close: () => server.stop(),
      };
    },
  };
}

function protocolOf({protocols}: Target) {
  return protocols.includes('http') ? 'http' : 'https';
}

/** Rather a warm server than a cold one: it answers for days. Seconds. */
function warmUp({duration}: Scale): number {
  return Math.min(1, duration);
}

/** The path of what will be asked for, once it is there. */
async function pushAndFind(
  url: string,
  {client, run}: Bench,
  kind: Kind,
  connections: number,
): Promise<string> {
  const {of, by} = kind;
  const name = `${repository}/${run}/${kind.name}/${connections}`;
  const content = {
    seed: `${run}/${name}`,
    sizes: Array.from({length: layers.count}, () => layers.size),
  };
  const {digests} = await client.do({
    kind: 'push',
    url,
    repository: name,
    content,
    connections: 1,
  });
  const digest = of === 'manifest' ? digests?.manifest : digests?.layer;
  return `/v2/${name}/${of}s/${by === 'tag' ? pushedTag : (digest ?? '')}`;
}
