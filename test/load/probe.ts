/** Loaded into the server's process beside it (`--import`): tells what it holds, once what it does not hold any more was collected. */
import {monitorEventLoopDelay} from 'node:perf_hooks';

export interface Probe {
  /** In bytes. */
  readonly memory: NodeJS.MemoryUsage;
  /** How many of each kind keep the process going: sockets, timers, servers. */
  readonly resources: Readonly<Record<string, number>>;
  /** The longest that the event loop stood still since the last probe, in milliseconds. */
  readonly longestDelay: number;
}

const delay = monitorEventLoopDelay({resolution: 10});
delay.enable();

/** `collect`: what is garbage is not counted. */
export type ProbeRequest = 'look' | 'collect';

process.on('message', (request: ProbeRequest) => {
  const collect = (): void => {
    if (request === 'collect') globalThis.gc?.();
  };
  // What was waiting for its finalizer is gone after the second.
  collect();
  setImmediate(() => {
    collect();
    const resources: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo())
      resources[kind] = (resources[kind] ?? 0) + 1;
    const longestDelay = delay.max / 1e6;
    const probe: Probe = {memory: process.memoryUsage(), resources, longestDelay};
    process.send?.(probe);
    delay.reset();
  });
});
// The server has to end when it wants to.
process.channel?.unref();
