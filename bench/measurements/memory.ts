/** Many clients that push a large layer each, all at once: what that takes of memory. */
import {statfs} from 'node:fs/promises';
import type {Bench, Measurement} from '../measurement.ts';
import {type Scale, size} from '../scale.ts';
import {sweep} from './sweep.ts';

export function memoryOf({clients}: Scale): Measurement {
  const contentOf = (bench: Bench, round: number) => ({
    seed: `${bench.run}/memory/${round}`,
    sizes: Array.from({length: clients.count}, () => clients.size),
  });
  return {
    id: `memory/${clients.count}x${size(clients.size).replace(' ', '')}`,
    group: 'Memory',
    title: `${clients.count} clients push a layer of ${size(clients.size)} each at once`,
    metrics: [
      {name: 'peak memory', unit: 'MiB', better: 'less', chart: true},
      {name: 'answered', unit: 'MiB/s', better: 'more'},
    ],
    maxRounds: 2,
    warmsUp: false,
    prepare: async (bench, rounds) => {
      for (let round = 1; round <= rounds; round += 1) {
        await bench.client.do({kind: 'prepare', content: contentOf(bench, round)});
      }
    },
    refuses: ({protocols}) => (protocols.includes('http') ? undefined : 'no http'),
    open: async (target, bench) => {
      if (target.isNull !== true && target.isRemote !== true) {
        await requireSpace(bench.directory, clients.count * clients.size);
      }
      const server = await bench.start(target, 'http');
      return {
        pid: server.pid,
        round: async (round) => {
          const done = await bench.client.do({
            kind: 'push',
            url: server.url,
            repository: `bench/${bench.run}/memory-${round}`,
            content: contentOf(bench, round),
            connections: clients.count,
            apart: true,
          });
          return {
            values: {answered: (done.bytes ?? 0) / 2 ** 20 / done.seconds},
            clientCpuSeconds: done.cpuSeconds,
          };
        },
        tidy: () => sweep(server.root),
        close: () => server.stop(),
      };
    },
  };
}

/** Throws unless so much fits, and some more. What one target wrote is gone before the next one begins. */
async function requireSpace(directory: string, bytes: number): Promise<void> {
  const {bavail, bsize} = await statfs(directory);
  const [needed, free] = [bytes * 1.1, bavail * bsize].map((space) => Math.round(space / 2 ** 20));
  if (free === undefined || needed === undefined || free >= needed) return;
  throw new Error(`it needs ${needed} MiB of disk in ${directory}, and ${free} MiB are free`);
}
