/** Small images one after the other: what a push costs beside its bytes. */
import type {Measurement} from '../measurement.ts';
import {type Scale, size} from '../scale.ts';
import {sweep} from './sweep.ts';

const layer = 16 * 2 ** 10;
const ways = [
  {metric: 'one client', connections: 1},
  {metric: 'eight clients', connections: 8},
] as const;

export function imagesOf({images}: Scale): Measurement {
  return {
    id: 'images/http',
    group: 'Small images',
    title: `push of ${images} images with a layer of ${size(layer)}, each into a repository of its own`,
    metrics: ways.map(({metric}, at) => ({
      name: metric,
      unit: 'ms',
      better: 'less',
      chart: at === 0,
    })),
    warmsUp: true,
    refuses: ({protocols}) => (protocols.includes('http') ? undefined : 'no http'),
    open: async (target, bench) => {
      const server = await bench.start(target, 'http');
      return {
        pid: server.pid,
        round: async (round) => {
          const values: Record<string, number> = {};
          for (const {metric, connections} of ways) {
            const seed = `${bench.run}/images/${round}/${connections}`;
            const content = {seed, sizes: Array.from({length: images}, () => layer)};
            await bench.client.do({kind: 'prepare', content});
            const {seconds} = await bench.client.do({
              kind: 'push',
              url: server.url,
              repository: `bench/${seed}`,
              content,
              connections,
              apart: true,
            });
            values[metric] = (1000 * seconds) / images;
          }
          return {values};
        },
        tidy: () => sweep(server.root),
        close: () => server.stop(),
      };
    },
  };
}
