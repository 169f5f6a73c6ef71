/** Standard output as the log uses it: a disk without room, or a reader that has gone, must not end the registry. */
import {type DestinationStream, pino} from 'pino';

/** In bytes: so much waits for room, with the half of a line that did get in; what comes then is dropped. */
const longestBacklog = 128 * 1024;

/** `onGap` is told how many lines were dropped, as soon as it can be written down. */
export function standardOutput(onGap: (lines: number) => void): DestinationStream {
  const output = pino.destination({fd: 1, sync: true, maxLength: longestBacklog});
  let dropped = 0;
  // Each line tries again, and nobody could be told here.
  output.on('error', () => undefined);
  output.on('drop', () => {
    dropped++;
    // A line that is dropped tries nothing by itself.
    output.write('');
  });
  output.on('write', () => {
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    onGap(lines);
  });
  // Without its flushSync, which a fatal line would call, and which tries for ever.
  return {write: (line) => output.write(line)};
}
