/** Images of three shapes, pushed: every layer, the configuration, the manifest. */
import type {Content} from '../client/content.ts';
import type {Bench, Measurement} from '../measurement.ts';
import type {Protocol} from '../targets/target.ts';
import {readyMemory} from './ready-memory.ts';
import {type Shape} from './shapes.ts';
import {sweep, syncFileSystem} from './sweep.ts';

export function pushOf(shape: Shape, protocol: Protocol): Measurement {
  const contentOf = (bench: Bench, round: number): Content => ({
    seed: `${bench.run}/push/${shape.name}/${protocol}/${round}`,
    sizes: shape.sizes,
  });
  const bytes = shape.sizes.reduce((sum, size) => sum + size, 0);
  return {
    id: `push/${shape.name}/${protocol}`,
    group: `Push over ${protocol.toUpperCase()}`,
    title: `push of ${shape.title}`,
    metrics: [
      {name: 'answered', unit: 'MiB/s', better: 'more', chart: true},
      {name: 'on disk', unit: 'MiB/s', better: 'more'},
    ],
    warmsUp: true,
    prepare: async (bench, rounds) => {
      for (let round = 0; round <= rounds; round += 1) {
        await bench.client.do({kind: 'prepare', content: contentOf(bench, round)});
      }
    },
    refuses: ({protocols}) => (protocols.includes(protocol) ? undefined : `no ${protocol}`),
    open: async (target, bench) => {
      const server = await bench.start(target, protocol);
      return {
        pid: server.pid,
        round: async (round) => {
          await readyMemory(bench.directory, 2 * bytes);
          const done = await bench.client.do({
            kind: 'push',
            url: server.url,
            repository: `bench/${bench.run}/push-${shape.name.toLowerCase()}-${protocol}-${round}`,
            content: contentOf(bench, round),
            connections: shape.connections,
          });
          const mebibytes = (done.bytes ?? 0) / 2 ** 20;
          const syncing = await syncFileSystem(server.root);
          return {
            values: {
              answered: mebibytes / done.seconds,
              ...(target.isNull === true || target.isRemote === true
                ? {}
                : {'on disk': mebibytes / (done.seconds + syncing)}),
            },
            clientCpuSeconds: done.cpuSeconds,
          };
        },
        tidy: () => sweep(server.root),
        close: () => server.stop(),
      };
    },
  };
}
