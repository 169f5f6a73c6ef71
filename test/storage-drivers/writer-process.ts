/** Runs the stalled writer, and tells how far it is. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {ExecutionContext} from 'ava';

export interface WriterProcess {
  readonly pid: number;
  /** What it has written so far. */
  readonly lines: readonly string[];
  /** Resolves when the process has written this line for the n-th time. */
  said(line: string, times: number): Promise<void>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
}

/** `prefix`: words before the command. */
export function startWriter(
  t: ExecutionContext,
  root: string,
  key = '',
  prefix: readonly string[] = [],
): WriterProcess {
  const script = fileURLToPath(new URL('stalled-writer.ts', import.meta.url));
  const [program, ...args] = [...prefix, process.execPath, script, root, key];
  const child = spawn(program, args, {stdio: ['pipe', 'pipe', 'inherit']});
  const exited = once(child, 'exit');
  const lines: string[] = [];
  const output = createInterface(child.stdout).on('line', (line) => lines.push(line));
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  t.teardown(kill);
  return {
    pid: child.pid ?? 0,
    lines,
    kill,
    async said(line, times) {
      while (lines.filter((each) => each === line).length < times) await once(output, 'line');
    },
  };
}
