/** Commands of the administration against a directory of their own, with a running server or without one. */
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {secret} from '../support/secrets.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {type Ended, holdfast, said, startCommand} from './holdfast.ts';

export interface Bench {
  readonly cwd: string;
  readonly socket: string;
  /** `user create anna`; with what it reads. */
  readonly run: (
    command: string | readonly string[],
    input?: string | Uint8Array,
  ) => Promise<Ended>;
  /** The value that it prints with --json; fails the test unless it ends with 0. */
  readonly json: (command: string | readonly string[], input?: string) => Promise<unknown>;
}

export interface RunningBench extends Bench {
  readonly url: string;
  readonly welcome: string;
  /** Everything that the server has said on both of its outputs. */
  readonly said: () => string;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** A new data directory is made where somebody names it. */
const named = (cwd: string) => ({HOLDFAST_DATA_DIR: join(cwd, 'data')});

export async function bench(t: ExecutionContext, given?: string): Promise<Bench> {
  const cwd = given ?? (await memoryDirectory(t));
  const run: Bench['run'] = async (command, input) => {
    const args = typeof command === 'string' ? command.split(' ') : command;
    return holdfast(args, {cwd, env: named(cwd), ...(input === undefined ? {} : {input})});
  };
  return {
    cwd,
    socket: join(cwd, 'data/run/admin.sock'),
    run,
    async json(command, input) {
      const args = typeof command === 'string' ? command.split(' ') : command;
      const {code, stdout, stderr} = await run([...args, '--json'], input);
      t.is(code, 0, stderr);
      return JSON.parse(stdout) as unknown;
    },
  };
}

/** With a server in mode accounts, on plain HTTP. */
export async function runningBench(
  t: ExecutionContext,
  env: Readonly<Record<string, string>> = {},
  given?: string,
): Promise<RunningBench> {
  const made = await bench(t, given);
  const args = ['serve', '--listen', '127.0.0.1:0', '--tls', 'off', '--auth', 'accounts'];
  secret(env['HOLDFAST_ADMIN_PASSWORD'] ?? '');
  const child = startCommand(t, args, {cwd: made.cwd, env});
  const exited = once(child, 'exit');
  let all = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (all += chunk.toString()));
  }
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited;
  };
  const welcome = await said(child, 'stderr', /docker push .*\n/);
  const url = /listens on (\S+)/.exec(welcome)?.[1] ?? '';
  return {...made, url, welcome, said: () => all, kill};
}

export const readCode = async (cwd: string): Promise<string> =>
  (await readFile(join(cwd, 'data/run/setup-code'), 'utf8')).trim();

/** As docker does it: whether the password counts at the token realm. */
export async function login(url: string, username: string, password: string): Promise<number> {
  const credentials = `${username}:${secret(password)}`;
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const {status, body} = await fetch(`${url}/auth/token?service=holdfast`, {
    headers: {authorization},
  });
  await body?.cancel();
  return status;
}
