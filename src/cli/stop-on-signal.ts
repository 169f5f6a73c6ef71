/** SIGTERM and SIGINT stop the registry once; the second one ends the process where it stands. */
import type {Logger} from '../observability/log.ts';

/** Whoever signals the whole group, as a terminal does, makes npm or our own launcher pass a second copy on. */
const echo = 2000;

/** Never resolves: the process ends, with 0 after a clean stop and 1 otherwise. */
export function stopOnSignal(
  stop: () => Promise<void>,
  log: Logger,
  {isRelayed}: {isRelayed: boolean},
): Promise<never> {
  let first: number | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (first !== undefined) {
      if (isRelayed && performance.now() - first < echo) return;
      log.warn({signal}, 'stopped at once by a second signal');
      process.exit(1);
    }
    first = performance.now();
    log.info({signal}, 'stopping');
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
