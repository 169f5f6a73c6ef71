/** A command on a terminal of its own, with somebody who types when it has asked. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile, readlink} from 'node:fs/promises';
import {setTimeout as pass} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {run} from './command.ts';
import {findProgram} from './programs.ts';
import {requireNoSecrets, secret} from './secrets.ts';

export interface Typing {
  readonly after: RegExp;
  /** A function is for what must have happened before. */
  readonly type: string | (() => Promise<string>);
}

interface Terminal {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** For /bin/sh. Both outputs come together, as on a screen. Rejects where a password that was typed can be seen. */
export async function onTerminal(
  t: ExecutionContext,
  command: string,
  typing: readonly Typing[],
  {cwd, env}: Terminal,
): Promise<{readonly code: unknown; readonly output: string}> {
  const child = spawn(findProgram('script') ?? 'script', ['-qec', command, '/dev/null'], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  for (const {type, ...each} of typing) {
    if (isHidden(each) && typeof type === 'string') secret(type.trim());
  }
  let output = '';
  let rest = '';
  const open = [...typing];
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    rest += chunk.toString();
    const [next] = open;
    if (!next?.after.test(rest)) return;
    open.shift();
    rest = '';
    answer(next).catch((error: unknown) => {
      t.log(error);
      child.kill('SIGKILL');
    });
  });
  // docker asks first, and hides what is typed a moment later.
  const answer = async (next: Typing): Promise<void> => {
    while (isHidden(next) && child.exitCode === null && (await showsTyping(child.pid ?? 0))) {
      await pass(20);
    }
    child.stdin.write(typeof next.type === 'string' ? next.type : await next.type());
  };
  const [code] = (await once(child, 'close')) as [unknown];
  requireNoSecrets(output);
  return {code, output};
}

const isHidden = ({after}: Pick<Typing, 'after'>): boolean =>
  /password|once more/i.test(after.source);

/** Whether the terminal of the program that `script` runs shows what is typed; no: also where there is none any more. */
async function showsTyping(pid: number): Promise<boolean> {
  try {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const terminal = await readlink(`/proc/${children.trim().split(' ')[0] ?? ''}/fd/0`);
    const {stdout} = await run('stty', ['-F', terminal, '-a']);
    return !/ -echo\b/.test(stdout);
  } catch (error) {
    // It has ended, or is not there yet.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
