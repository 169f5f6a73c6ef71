/** Follows what happens until somebody ends it: a server that is away is waited for, and asked for what was missed. */
import {setTimeout as pause} from 'node:timers/promises';
import type {Command} from 'commander';
import {type EventShown, listEvents} from '../auth/administration/events.ts';
import {ask} from './content.ts';
import {Failure} from './failure.ts';
import {visible} from './output.ts';
import {serverOf} from './remote/server.ts';

export interface Following {
  readonly command: Command;
  /** The last event that was shown. */
  readonly after: number;
  readonly filter: Readonly<Record<string, string>>;
  readonly show: (event: EventShown) => void;
  readonly signal: AbortSignal;
}

/** In milliseconds: so often the server of this host is asked, and so long it takes at least to come again. */
const interval = 1000;
const longestPause = 10_000;
const mostAtOnce = 1000;

const tell = (text: string): void => {
  process.stderr.write(`holdfast: ${visible(text)}\n`);
};

const lost = 'some events may be missing: the server does not know any more what came after';

/** Resolves when the signal aborts; rejects with a Failure where it makes no sense to try again. */
export async function follow(following: Following): Promise<void> {
  const {command, signal} = following;
  const server = serverOf(command);
  const position = {at: following.after};
  const turn = server
    ? async () => {
        const {listen} = await import('./remote/live-events.ts');
        const {filter} = following;
        for await (const heard of listen(server, {after: position.at, filter, signal})) {
          position.at = heard.at;
          if (heard.kind === 'event') following.show(heard.event);
          if (heard.kind === 'reset') tell(lost);
          heardAgain();
        }
        throw new Error('the server has ended the stream');
      }
    : async () => {
        await askHere(following, position);
        heardAgain();
        await pause(interval, undefined, {signal});
      };
  let failures = 0;
  const heardAgain = (): void => {
    if (failures > 0) tell('events come again');
    failures = 0;
  };
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      await turn();
    } catch (error) {
      if (isOver()) return;
      if (!(error instanceof Error) || (error instanceof Failure && error.code === 2)) throw error;
      failures += 1;
      if (failures === 1) tell(`${error.message}; it is tried again`);
      const delay = Math.min(interval * 2 ** (failures - 1), longestPause);
      await pause(delay, undefined, {signal}).catch(() => undefined);
    }
  }
}

async function askHere(
  {command, filter, show, signal}: Following,
  position: {at: number},
): Promise<void> {
  let isAll = false;
  while (!isAll && !signal.aborted) {
    const given = {...filter, after: position.at, limit: mostAtOnce};
    const {events, last} = await ask(command, listEvents, given);
    // A database that was put back has fewer.
    if (last < position.at) tell(lost);
    for (const event of events) show(event);
    position.at = last;
    isAll = events.length < mostAtOnce;
  }
}
