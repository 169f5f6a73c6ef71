/** A machine with systemd, made of this one for a test: what is installed and written there is gone with it. */
import {readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {type CommandOptions, type CommandResult, run} from './command.ts';
import type {Lifetime} from './lifetime.ts';
import {missingPrograms} from './programs.ts';
import {until} from './raw-request.ts';
import {startService} from './service.ts';
import {temporaryDirectory} from './temporary-directory.ts';
import {unlessRoot} from './test-with.ts';

/** Why there can be none here. */
export const withoutMachine: readonly string[] = [
  ...unlessRoot,
  ...missingPrograms(['mount', 'nsenter', 'systemd', 'unshare']),
  ...(process.platform === 'linux' && readFileSync('/proc/mounts', 'utf8').includes(' cgroup2 ')
    ? []
    : ['there are no control groups of version 2']),
];

export interface Machine {
  /** A directory that both see, under the same name. */
  readonly shared: string;
  /** Runs a program there, as root. */
  run(
    program: string,
    args: readonly string[],
    options?: Pick<CommandOptions, 'allowFailure' | 'input' | 'timeout'>,
  ): Promise<CommandResult>;
  /** Runs lines of a shell there; the first that fails ends them. Answers with what they print, trimmed. */
  sh(lines: string): Promise<string>;
}

export async function startMachine(life: Lifetime): Promise<Machine> {
  const [directory, shared] = [await temporaryDirectory(life), await temporaryDirectory(life)];
  const script = join(import.meta.dirname, 'systemd-machine.sh');
  const {match} = await startService(life, script, [directory, shared], {
    ready: /started (?<pid>\d+)/,
  });
  const parent = match?.groups?.['pid'] ?? '';
  const children = async (): Promise<string> =>
    readFile(`/proc/${parent}/task/${parent}/children`, 'utf8');
  await until(async () => (await children()).trim() !== '');
  const namespaces = ['-t', (await children()).trim(), ...'-m -p -u -i -n -C -r -w'.split(' ')];
  const env = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C.UTF-8'];
  const machine: Machine = {
    shared,
    run: async (program, args, options = {}) =>
      run('nsenter', [...namespaces, '--', ...env, program, ...args], options),
    sh: async (lines) => (await machine.run('/bin/sh', ['-euc', lines])).stdout.trim(),
  };
  await until(async () => {
    const words = ['is-active', 'basic.target'];
    const {stdout} = await machine.run('systemctl', words, {allowFailure: true});
    return stdout.trim() === 'active';
  });
  return machine;
}
