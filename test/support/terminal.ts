/** A command on a terminal of its own, with somebody who types when it has asked. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import type {ExecutionContext} from 'ava';
import {findProgram} from './programs.ts';
import {requireNoSecrets, secret} from './secrets.ts';

export interface Typing {
  readonly after: RegExp;
  readonly type: string;
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
  for (const {after, type} of typing) {
    if (/password|once more/i.test(after.source)) secret(type.trim());
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
    child.stdin.write(next.type);
  });
  const [code] = (await once(child, 'close')) as [unknown];
  requireNoSecrets(output);
  return {code, output};
}
