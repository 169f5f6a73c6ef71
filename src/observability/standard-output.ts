/** Standard output as the logs use it: a disk without room, or a reader that has gone, must not end the registry. */
import {pino} from 'pino';
import type {LogName, LostLines} from './lost-lines.ts';

export interface StandardOutput {
  /** A whole line, with its line break. */
  readonly write: (line: string, log?: LogName) => void;
  /** `tell` is told how many lines were dropped, as soon as it can be written down. */
  readonly onGap: (tell: (lines: number) => void) => void;
}

/** In bytes: so much waits for room, with the half of a line that did get in; what comes then is dropped. */
const longestBacklog = 128 * 1024;

/** One for all logs of a process: two could put a line into the middle of another. */
export function standardOutput(lostLines: LostLines): StandardOutput {
  const output = pino.destination({fd: 1, sync: true, maxLength: longestBacklog});
  let dropped = 0;
  let tell: ((lines: number) => void) | undefined;
  let writing: LogName = 'main';
  // Each line tries again, and nobody could be told here.
  output.on('error', () => undefined);
  output.on('drop', () => {
    dropped++;
    lostLines.note(writing);
    // A line that is dropped tries nothing by itself.
    output.write('');
  });
  output.on('write', () => {
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    tell?.(lines);
  });
  return {
    // Without its flushSync, which a fatal line would call, and which tries for ever.
    write: (line, log = 'main') => {
      writing = log;
      output.write(line);
    },
    onGap: (telling) => {
      tell = telling;
    },
  };
}
