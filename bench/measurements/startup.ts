/** From the start of the process to the first answer. */
import type {Bench, Measurement} from '../measurement.ts';
import type {Scale} from '../scale.ts';
import {usageOf} from '../meter.ts';
import type {Target} from '../targets/target.ts';
import {manyBlobs} from '../trees/repository.ts';

export function startsOf({blobs}: Scale): readonly Measurement[] {
  const title = `first answer, ${blobs.toLocaleString('en')} blobs on disk`;
  return [
    startOf('empty', 'first answer, nothing on disk', () => Promise.resolve(undefined)),
    startOf('full', title, (target, bench) => bench.tree('blobs', target, manyBlobs(blobs))),
  ];
}

function startOf(
  name: 'empty' | 'full',
  title: string,
  treeOf: (target: Target, bench: Bench) => Promise<string | undefined>,
): Measurement {
  return {
    id: `start/${name}`,
    group: 'Start',
    title,
    metrics: [{name: 'first answer', unit: 'ms', better: 'less', chart: true}],
    warmsUp: true,
    refuses: ({layout, isRemote = false, isNull = false}) => {
      if (isRemote) return 'it runs already';
      return name === 'full' && layout === undefined && !isNull ? 'no layout' : undefined;
    },
    open: async (target, bench) => {
      const root = await treeOf(target, bench);
      return {
        pid: undefined,
        round: async () => {
          const server = await bench.start(target, 'http', {root});
          const usage = await usageOf(server.pid);
          await server.stop();
          return {values: {'first answer': server.startedIn ?? NaN}, usage};
        },
        close: () => Promise.resolve(),
      };
    },
  };
}
