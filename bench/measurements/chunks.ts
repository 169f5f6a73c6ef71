/** A layer in very many requests, as clients push it that must not lose what they have sent. */
import type {Bench, Measurement} from '../measurement.ts';
import {type Scale, size} from '../scale.ts';
import {readyMemory} from './ready-memory.ts';
import {sweep} from './sweep.ts';

export function chunksOf({chunks}: Scale): Measurement {
  const whole = chunks.count * chunks.size;
  const contentOf = (bench: Bench, round: number, way: 'chunks' | 'one') => ({
    seed: `${bench.run}/chunks/${round}/${way}`,
    sizes: [whole],
  });
  return {
    id: 'chunks/http',
    group: 'Upload in chunks',
    title: `push of ${size(whole)} in ${chunks.count} chunks`,
    metrics: [
      {name: 'in chunks', unit: 'MiB/s', better: 'more', chart: true},
      {name: 'in one', unit: 'MiB/s', better: 'more'},
      {name: 'chunks take', unit: 'times', better: 'less'},
    ],
    warmsUp: true,
    prepare: async (bench, rounds) => {
      for (let round = 0; round <= rounds; round += 1) {
        for (const way of ['chunks', 'one'] as const) {
          await bench.client.do({kind: 'prepare', content: contentOf(bench, round, way)});
        }
      }
    },
    refuses: ({protocols}) => (protocols.includes('http') ? undefined : 'no http'),
    open: async (target, bench) => {
      const server = await bench.start(target, 'http');
      const push = async (round: number, way: 'chunks' | 'one') => {
        await readyMemory(bench.directory, 2 * whole);
        const {seconds} = await bench.client.do({
          kind: 'push',
          url: server.url,
          repository: `bench/${bench.run}/${way}-${round}`,
          content: contentOf(bench, round, way),
          connections: 1,
          ...(way === 'chunks' ? {chunk: chunks.size} : {}),
        });
        return seconds;
      };
      return {
        pid: server.pid,
        round: async (round) => {
          const inChunks = await push(round, 'chunks');
          await sweep(server.root);
          const inOne = await push(round, 'one');
          const mebibytes = whole / 2 ** 20;
          return {
            values: {
              'in chunks': mebibytes / inChunks,
              'in one': mebibytes / inOne,
              'chunks take': inChunks / inOne,
            },
          };
        },
        tidy: () => sweep(server.root),
        close: () => server.stop(),
      };
    },
  };
}
