/** Long lists: the tags of one repository, and all repositories. */
import type {SeedJob} from '../client/seed.ts';
import type {Bench, Measurement, Started} from '../measurement.ts';
import type {Scale} from '../scale.ts';
import {median} from '../statistics.ts';
import type {Target} from '../targets/target.ts';
import {
  manyRepositories,
  manyTags,
  type Repository,
  repositoryNames,
  taggedRepository,
  tagNames,
} from '../trees/repository.ts';

type List = {
  readonly name: string;
  readonly title: string;
  readonly path: string;
  readonly names: number;
  readonly tree: (count: number) => Iterable<Repository>;
  readonly seed: Pick<SeedJob, 'repositories' | 'tags'>;
};

/** Those who ask at once for lists a second. */
const connections = 8;

export function listsOf({names}: Scale): readonly Measurement[] {
  const count = names.toLocaleString('en');
  const lists: readonly List[] = [
    {
      name: 'tags',
      title: `list of ${count} tags`,
      path: `/v2/${taggedRepository}/tags/list`,
      names,
      tree: manyTags,
      seed: {repositories: [taggedRepository], tags: tagNames(names)},
    },
    {
      name: 'catalog',
      title: `catalogue of ${count} repositories`,
      path: '/v2/_catalog',
      names,
      tree: manyRepositories,
      seed: {repositories: repositoryNames(names), tags: ['latest']},
    },
  ];
  return lists.map(measurementOf);
}

function measurementOf(list: List): Measurement {
  const {name, title, path, names} = list;
  return {
    id: `list/${name}`,
    group: 'Lists',
    title,
    metrics: [
      {name: 'whole list', unit: 'ms', better: 'less', chart: true},
      {name: `rate of ${connections} clients`, unit: 'lists/s', better: 'more'},
    ],
    warmsUp: true,
    refuses: ({protocols}) => (protocols.includes('http') ? undefined : 'no http'),
    open: async (target, bench) => {
      const server = await startSeeded(target, bench, list);
      const {url} = server;
      const ask = async (clients: number) => {
        const {listed} = await bench.client.do({
          kind: 'list',
          url,
          path,
          names,
          connections: clients,
          seconds: bench.scale.duration / 2,
        });
        if (listed === undefined) throw new Error('the client has listed nothing');
        return listed;
      };
      return {
        pid: server.pid,
        round: async () => {
          const alone = await ask(1);
          const together = await ask(connections);
          return {
            values: {
              'whole list': median(alone.milliseconds),
              [`rate of ${connections} clients`]: together.rate,
            },
          };
        },
        close: () => server.stop(),
      };
    },
  };
}

/** On the tree of its layout, which it shares with others; through its API where it has none. */
async function startSeeded(target: Target, bench: Bench, list: List): Promise<Started> {
  const root = await bench.tree(list.name, target, list.tree(list.names));
  const server = await bench.start(target, 'http', {root});
  if (root === undefined) await bench.client.do({kind: 'seed', url: server.url, ...list.seed});
  return server;
}
