/** Starts a daemon, waits until it is ready, and ends it with the test, or the tests, that it is for. */
import {spawn, type ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {CommandError, environment} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {findProgram} from './programs.ts';

export type ServiceOptions = {
  readonly cwd?: string;
  /** Added to the environment of this process, or taken out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ready as soon as a line of its output matches, or as soon as the question is answered true. */
  readonly ready: RegExp | (() => Promise<boolean>);
  /** Milliseconds until it must be ready; half a minute unless set. */
  readonly timeout?: number;
  /** Looks at all that it wrote, once it has ended; throws where the test must fail. */
  readonly judge?: (output: string) => void;
};

export type Service = {
  readonly pid: number;
  /** What the `ready` expression matched. */
  readonly match: RegExpExecArray | undefined;
  /** Everything it wrote so far. */
  output(): string;
  /** SIGTERM, and SIGKILL for who does not go within ten seconds; the teardown does it too. */
  stop(signal?: NodeJS.Signals): Promise<void>;
};

/** From util-linux, which every Debian has. */
const guardian = findProgram('setpriv') ?? 'setpriv';
const startTimeout = 30_000;
const stopTimeout = 10_000;

/**
 * Starts `program`. It gets SIGTERM when the thread that started it dies, so that a run of ava that is
 * killed leaves no daemon behind.
 */
export async function startService(
  life: Lifetime,
  program: string,
  args: readonly string[],
  options: ServiceOptions,
): Promise<Service> {
  const command = [findProgram(program) ?? program, ...args];
  const child = spawn(guardian, ['--pdeathsig', 'TERM', '--', ...command], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listen = (chunk: Buffer) => {
    output += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const exited = once(child, 'close');
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => stopChild(child, exited, signal);
  life.teardown(async () => {
    await stop();
    options.judge?.(output);
  });

  const match = await waitUntilReady(child, options, () => output).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(command, reason, output);
  });
  if (child.pid === undefined) throw new CommandError(command, 'did not start', output);
  return {pid: child.pid, match, output: () => output, stop};
}

async function waitUntilReady(
  child: ChildProcess,
  {ready, timeout = startTimeout}: ServiceOptions,
  output: () => string,
): Promise<RegExpExecArray | undefined> {
  const deadline = Date.now() + timeout;
  const failure: {error?: Error} = {};
  child.once('error', (error) => (failure.error = error));
  while (Date.now() < deadline) {
    if (failure.error !== undefined) throw failure.error;
    if (child.exitCode !== null)
      throw new Error(`exited with ${child.exitCode} before it was ready`);
    if (typeof ready === 'function') {
      if (await ready()) return undefined;
    } else {
      const match = ready.exec(output());
      if (match !== null) return match;
    }
    await sleep(20);
  }
  throw new Error(`was not ready after ${timeout / 1000} s`);
}

async function stopChild(
  child: ChildProcess,
  exited: Promise<unknown>,
  signal: NodeJS.Signals,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeout);
  await exited;
  clearTimeout(timer);
}
