/** How far long work has come, on one line of a terminal; scripts and logs get nothing of it. */

const width = 30;

export interface Progress {
  show(done: number, all: number): void;
  /** Takes the line away. */
  end(): void;
}

/** `unit`: what is counted. */
export function progress(unit: string): Progress {
  const {isTTY} = process.stderr;
  let last = '';
  const write = (line: string): void => {
    if (line === last) return;
    last = line;
    process.stderr.write(`\r\u001B[K${line}`);
  };
  return {
    show: (done, all) => {
      if (!isTTY) return;
      const part = all === 0 ? 1 : Math.min(1, done / all);
      const bar = '#'.repeat(Math.round(part * width)).padEnd(width, '.');
      write(`[${bar}] ${Math.floor(part * 100)} %, ${done} of ${all} ${unit}`);
    },
    end: () => {
      if (last !== '') write('');
    },
  };
}
