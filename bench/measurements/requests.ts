/** Small requests, as very many nodes of a cluster ask them: manifests and the existence of blobs. */
import {pushedTag} from '../client/push.ts';
import {manifestType} from '../client/manifest.ts';
import type {Bench, Measurement} from '../measurement.ts';
import {bearerOf, urlOf} from '../targets/account.ts';
import type {Server, Target} from '../targets/target.ts';
import {askAgain, askMetrics} from './ask.ts';

/** In the namespace of the account, where there is one. */
const repository = 'bench/requests';
const layers = {count: 10, size: 1024};

export type Kind = {
  readonly name: string;
  readonly title: string;
  readonly method: 'GET' | 'HEAD';
  /** `base` is GET /v2/: the least that can be asked. */
  readonly of: 'manifest' | 'blob' | 'base';
  readonly by: 'tag' | 'digest' | 'nothing';
  readonly chart?: boolean;
};

export const kinds: readonly Kind[] = [
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
  [1, 64].map((connections) => requestMeasurement(kind, connections)),
);

const [rate, ...others] = askMetrics;

/** Who wants to know who asks is shown a token that counts, the same with each request. */
export function requestMeasurement(kind: Kind, connections: number): Measurement {
  const {name, title, method, chart = false} = kind;
  return {
    id: `${name}/${connections}`,
    group: 'Small requests',
    title: `${title}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    metrics: [{...rate, chart: chart && connections > 1}, ...others],
    ...(method === 'GET' ? {needs: ['wrk'] as const} : {}),
    warmsUp: true,
    refuses: () => undefined,
    open: async (target, bench) => {
      const server = await bench.start(target, protocolOf(target));
      const {repository, path} = await pushAndFind(server, bench, kind, connections);
      return {
        pid: server.pid,
        round: async (round) => {
          // A new one in each round: those of the first may be over by the last.
          const headers = {Accept: manifestType, ...(await bearerOf(server, repository))};
          return askAgain(bench, server, {method, path, headers, connections}, round);
        },
        close: () => server.stop(),
      };
    },
  };
}

function protocolOf({protocols}: Target) {
  return protocols.includes('http') ? 'http' : 'https';
}

/** What will be asked for, once it is there. */
async function pushAndFind(
  server: Server,
  {client, run}: Bench,
  kind: Kind,
  connections: number,
): Promise<{readonly repository: string; readonly path: string}> {
  const {of, by} = kind;
  const name = `${repository}/${run}/${kind.name}/${connections}`;
  const content = {
    seed: `${run}/${name}`,
    sizes: Array.from({length: layers.count}, () => layers.size),
  };
  const {digests} = await client.do({
    kind: 'push',
    url: urlOf(server),
    repository: name,
    content,
    connections: 1,
  });
  const digest = of === 'manifest' ? digests?.manifest : digests?.layer;
  const path =
    of === 'base' ? '/v2/' : `/v2/${name}/${of}s/${by === 'tag' ? pushedTag : (digest ?? '')}`;
  return {repository: name, path};
}
