/** Starts servers, waits until they answer, and leaves none behind. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {open, readFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import {findProgram} from './programs.ts';

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Gets all that the program prints. */
  readonly logFile: string;
};

export type Running = {
  readonly pid: number;
  /** Milliseconds from the start of the process to its first answer. */
  readonly startedIn: number;
  stop(): Promise<void>;
};

/** Ends a server whose harness was killed. It becomes the program, so the process is the same. */
const setpriv = findProgram('setpriv');
const guardian = setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'KILL', '--'];

const children = new Set<ChildProcess>();
const startTimeout = 120_000;
const stopTimeout = 10_000;

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** Resolves when it answers. */
export async function start(command: Command, answers: () => Promise<boolean>): Promise<Running> {
  const log = await open(command.logFile, 'a');
  const started = performance.now();
  const [program = '', ...args] = [...guardian, command.program, ...command.args];
  const child = spawn(program, args, {
    cwd: command.cwd,
    env: {...process.env, ...command.env},
    stdio: ['ignore', log.fd, log.fd],
  });
  children.add(child);
  const failure: {error?: Error} = {};
  child.once('error', (error) => (failure.error = error));
  const closed = once(child, 'close').catch(() => undefined);
  void closed.then(() => children.delete(child));
  const stop = () => stopChild(child, closed);
  try {
    while (!(await answers())) {
      if (failure.error !== undefined) throw failure.error;
      if (child.exitCode !== null) throw new Error(`it exited with ${child.exitCode}`);
      if (performance.now() - started > startTimeout) throw new Error('it never answered');
      await pause(1);
    }
  } catch (cause) {
    await stop();
    const said = (await readFile(command.logFile, 'utf8')).trimEnd().split('\n').slice(-10);
    throw new Error(`${command.program} did not start: ${said.join('\n')}`, {cause});
  } finally {
    await log.close();
  }
  return {pid: child.pid ?? 0, startedIn: performance.now() - started, stop};
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return address.port;
}

async function stopChild(child: ChildProcess, closed: Promise<unknown>): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
  await closed;
  clearTimeout(timer);
}
