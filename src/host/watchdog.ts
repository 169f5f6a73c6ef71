/** Signs of life, as long as the process does its work. */
import {setTimeout as sleep} from 'node:timers/promises';

export interface WatchdogOptions {
  /** In milliseconds: without a sign for so long the process is killed. */
  readonly limit: number;
  /** Rejects where the process does not do its work. */
  readonly prove: (patience: number) => Promise<void>;
  readonly tell: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Gives signs twice in each limit, until the signal; after a failure it tries sooner. The timer alone shows that the event loop turns. */
export async function keepWatchdog(
  {limit, prove, tell, onFailure}: WatchdogOptions,
  signal: AbortSignal,
): Promise<void> {
  const pause = limit / 2;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const isWell = await prove(pause).then(
      () => true,
      (error: unknown) => {
        onFailure(error);
        return false;
      },
    );
    if (isOver()) return;
    if (isWell) await tell();
    await pausing(isWell ? pause : pause / 10, signal);
  }
}

async function pausing(time: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(time, undefined, {signal, ref: false});
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
