/** The same images, pulled. They are compared with their digests once, outside the timing. */
import type {Measurement} from '../measurement.ts';
import type {Protocol} from '../targets/target.ts';
import type {Shape} from './shapes.ts';

export function pullOf(shape: Shape, protocol: Protocol): Measurement {
  const repository = `bench/pull-${shape.name.toLowerCase()}-${protocol}`;
  return {
    id: `pull/${shape.name}/${protocol}`,
    group: `Pull over ${protocol.toUpperCase()}`,
    title: `pull of ${shape.title}`,
    metrics: [{name: 'rate', unit: 'MiB/s', better: 'more', chart: true}],
    warmsUp: true,
    refuses: ({protocols}) => (protocols.includes(protocol) ? undefined : `no ${protocol}`),
    open: async (target, bench) => {
      const server = await bench.start(target, protocol);
      const {url} = server;
      const {connections} = shape;
      const job = {
        kind: 'pull',
        url,
        repository: `${repository}-${bench.run}`,
        connections,
      } as const;
      await bench.client.do({
        ...job,
        kind: 'push',
        content: {seed: `${bench.run}/${repository}`, sizes: shape.sizes},
      });
      if (target.isNull !== true) await bench.client.do({...job, verify: true});
      return {
        pid: server.pid,
        round: async () => {
          const done = await bench.client.do({...job, verify: false});
          return {
            values: {rate: (done.bytes ?? 0) / 2 ** 20 / done.seconds},
            clientCpuSeconds: done.cpuSeconds,
          };
        },
        close: () => server.stop(),
      };
    },
  };
}
