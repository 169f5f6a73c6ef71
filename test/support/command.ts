/** Runs a program to its end and says all about it when it fails. */
import {spawn} from 'node:child_process';
import {text} from 'node:stream/consumers';
import {findProgram, programPath} from './programs.ts';

export type CommandOptions = {
  readonly cwd?: string;
  /** Added to the environment of this process, or taken out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Given to the program as its standard input, which is empty otherwise. */
  readonly input?: string | Uint8Array;
  /** Milliseconds, then the program is killed; a minute unless set. */
  readonly timeout?: number;
  /** Answer with a non-zero exit code rather than throw. */
  readonly allowFailure?: boolean;
};

export type CommandResult = {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
};

/** The command, how it ended and the end of what it said. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(command: readonly string[], ending: string, output: string) {
    super(`${command.join(' ')}\n${ending}\n${tail(output)}`);
  }
}

/** Runs `program` and resolves with its output; throws CommandError unless it exits with 0. */
export async function run(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(findProgram(program) ?? program, args, {
    cwd: options.cwd,
    env: environment(options.env),
    timeout: options.timeout ?? 60_000,
    killSignal: 'SIGKILL',
  });
  const ending = new Promise<{code: number | null; signal: string | null}>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      resolve({code, signal});
    });
  });
  // A program that does not read its input closes the pipe: how it ended is what counts.
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const [{code, signal}, stdout, stderr] = await Promise.all([
    ending,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (code === 0 || (options.allowFailure === true && code !== null)) {
    return {exitCode: code, stdout, stderr};
  }
  const how = code === null ? `was ended by ${signal ?? 'nobody'}` : `exited with ${code}`;
  throw new CommandError([program, ...args], how, stderr + stdout);
}

/** The environment of what a test starts: ours and `more`. */
export function environment(
  more: Readonly<Record<string, string | undefined>> = {},
): NodeJS.ProcessEnv {
  return {...process.env, PATH: programPath, ...more};
}

/** The last lines of an output, as much as fits on a screen. */
export function tail(output: string): string {
  return output.trimEnd().split('\n').slice(-30).join('\n');
}
