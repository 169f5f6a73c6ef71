/** One line of the error output that says how far something is; nothing, where that is no terminal. */

export interface Progress {
  readonly done: number;
  /** About so many in all, where that is known. */
  readonly expected?: number | undefined;
}

export interface ProgressBar {
  readonly show: (progress: Progress) => void;
  /** Takes the line away. */
  readonly end: () => void;
}

const width = 30;
/** In milliseconds. */
const drawEvery = 100;

export function progressBar(
  noun: string,
  output: NodeJS.WriteStream = process.stderr,
): ProgressBar {
  let drawnAt = -Infinity;
  return {
    show: (progress) => {
      if (!output.isTTY || performance.now() - drawnAt < drawEvery) return;
      drawnAt = performance.now();
      output.write(`\r\u001B[K${lineOf(progress, noun)}`);
    },
    end: () => {
      if (drawnAt === -Infinity) return;
      drawnAt = -Infinity;
      output.write('\r\u001B[K');
    },
  };
}

function lineOf({done, expected = 0}: Progress, noun: string): string {
  if (expected <= 0) return `${done} ${noun}`;
  const share = Math.min(1, done / expected);
  const full = Math.round(share * width);
  const bar = `${'#'.repeat(full)}${'.'.repeat(width - full)}`;
  return `[${bar}] ${Math.floor(share * 100)} %, ${done} of about ${expected} ${noun}`;
}
