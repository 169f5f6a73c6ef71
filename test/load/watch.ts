/** Looks at the memory of a server while it is under load. */
import {setTimeout as pass} from 'node:timers/promises';
import {describe} from './growth.ts';
import type {ServerProcess} from './server-process.ts';
import type {Sample} from './verdict.ts';

interface WatchOptions {
  /** How long the work is expected to take. */
  readonly milliseconds: number;
  readonly say: (line: string) => void;
}

/** A sample every few seconds, some 200 at most, until the work is done. */
export async function watch(
  server: ServerProcess,
  {milliseconds, say}: WatchOptions,
  work: () => Promise<void>,
): Promise<readonly Sample[]> {
  const over = new AbortController();
  const working = work().finally(() => {
    over.abort();
  });
  const pause = Math.max(500, milliseconds / 200);
  const startedAt = performance.now();
  const samples: Sample[] = [];
  const look = async (): Promise<void> => {
    while (!over.signal.aborted && server.isRunning) {
      const measure = await server.measure('look');
      const at = (performance.now() - startedAt) / 1000;
      samples.push({at, rss: measure.memory.rss});
      say(`${at.toFixed(0)} s: ${describe(measure)}`);
      await pass(pause, undefined, {signal: over.signal}).catch(() => undefined);
    }
  };
  // A server that ends while it is looked at is told by the work.
  await Promise.all([working, look().catch(() => undefined)]);
  return samples;
}
