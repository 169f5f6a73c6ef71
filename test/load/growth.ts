/** Whether a server holds more than it did: once all connections are gone, what was needed for them has to be gone too. */
import {setTimeout as pass} from 'node:timers/promises';
import type {Measure, ServerProcess} from './server-process.ts';

const MiB = 1024 * 1024;

/** Waits until no descriptor and no timer goes away any more, for half a minute at most. */
export async function settle(server: ServerProcess): Promise<Measure> {
  let former = await server.measure();
  for (let look = 0, same = 0; look < 60 && same < 5; look += 1) {
    await pass(500);
    const now = await server.measure();
    same = now.descriptors === former.descriptors && total(now) === total(former) ? same + 1 : 0;
    former = {...now, longestDelay: Math.max(now.longestDelay, former.longestDelay)};
  }
  return former;
}

const total = ({resources}: Measure): number =>
  Object.values(resources).reduce((sum, count) => sum + count, 0);

export const describe = (measure: Measure): string => {
  const {memory, descriptors, resources, longestDelay} = measure;
  const [rss, heap, external] = [memory.rss, memory.heapUsed, memory.external].map(
    (bytes) => `${(bytes / MiB).toFixed(1)} MiB`,
  );
  return `RSS ${rss ?? ''}, heap ${heap ?? ''}, external ${external ?? ''}, ${descriptors} descriptors, ${JSON.stringify(resources)}, event loop at most ${longestDelay.toFixed(0)} ms`;
};

/** A sentence for each thing that has grown more than memory's own ways explain. */
export function growth(before: Measure, after: Measure): string[] {
  const grown: string[] = [];
  const compare = (what: string, one: number, other: number, tolerance: number): void => {
    if (other > one + tolerance) grown.push(`${what} grew from ${one} to ${other}`);
  };
  compare('descriptors', before.descriptors, after.descriptors, 4);
  compare('sockets, timers and other resources', total(before), total(after), 4);
  compare('the heap', before.memory.heapUsed, after.memory.heapUsed, 24 * MiB);
  compare('external memory', before.memory.external, after.memory.external, 24 * MiB);
  compare('the RSS', before.memory.rss, after.memory.rss, 150 * MiB);
  return grown;
}
