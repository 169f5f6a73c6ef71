/** SIGTERM and SIGINT stop the registry once; the second one ends the process where it stands. */
import type {Logger} from '../observability/log.ts';

/** Whoever signals the whole group, as a terminal does, makes npm or our own launcher pass a second copy on. */
const echo = 2000;

interface Stopping {
  /** Whether somebody else passes a signal on, too. */
  readonly isRelayed: boolean;
  /** Requests in flight. */
  readonly underWay: () => number;
  /** How long they may go on, in milliseconds. */
  readonly drainTimeout: number;
}

/** Never resolves: the process ends, with 0 after a clean stop and 1 otherwise. */
export function stopOnSignal(
  stop: () => Promise<void>,
  log: Logger,
  {isRelayed, underWay, drainTimeout}: Stopping,
): Promise<never> {
  let first: number | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (first !== undefined) {
      if (isRelayed && performance.now() - first < echo) return;
      log.warn({signal}, 'stopped at once by a second signal');
      process.exit(1);
    }
    first = performance.now();
    const requests = underWay();
    log.info({signal, requests, drainTimeout}, 'stopping');
    // Whoever has pressed Ctrl-C sees a program that does not end.
    if (signal === 'SIGINT' && requests > 0) process.stderr.write(waiting(requests, drainTimeout));
    try {
      await stop();
    } catch (error) {
      log.error({err: error}, 'stop failed');
      process.exit(1);
    }
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => void end(signal));
  }
  const crash = (error: unknown): void => {
    log.fatal({err: error}, 'unexpected error');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  return new Promise(() => undefined);
}

const waiting = (requests: number, drainTimeout: number): string =>
  `stopping: ${requests} ${requests === 1 ? 'request' : 'requests'} in flight, at most ${Math.ceil(drainTimeout / 1000)} s; Ctrl-C again ends it at once\n`;
