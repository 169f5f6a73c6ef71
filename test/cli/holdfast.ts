/** Runs the command line, with no environment but what a test gives. */
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {chmod} from 'node:fs/promises';
import type {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import {requireNoSecrets, secret} from '../support/secrets.ts';
import {entry} from '../support/serve-process.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as nobody, where the test runs as root. */
  readonly nobody?: boolean;
  /** What it is called; Node unless given. */
  readonly argv0?: string;
  /** Its standard input; none unless given. */
  readonly input?: string | Uint8Array;
}

/** What Node has compiled once need not be compiled by each process. */
const compileCache = {NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE']};

export const nobody = 65_534;

function spawnHoldfast(
  args: readonly string[],
  {cwd, env = {}, nobody: unprivileged = false, argv0, input}: Surroundings,
): ChildProcess {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd,
    env: {PATH: process.env['PATH'], ...compileCache, ...env},
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(argv0 === undefined ? {} : {argv0}),
    ...(unprivileged ? {uid: nobody, gid: nobody} : {}),
  });
  // A command that does not read its input closes the pipe, and that is no fault.
  child.stdin?.on('error', () => undefined).end(input);
  return child;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends with the test, which fails where it has written a secret. */
export function startCommand(
  t: ExecutionContext,
  args: readonly string[],
  around: Surroundings,
): ChildProcess {
  const child = spawnHoldfast(args, around);
  const closed = once(child, 'close');
  let written = '';
  for (const stream of [child.stdout, child.stderr]) {
    overhear(stream, (chunk) => (written += chunk.toString()));
  }
  t.teardown(async () => {
    child.kill('SIGKILL');
    await closed;
    requireNoSecrets(written);
  });
  return child;
}

/** Hears all that comes, and takes nothing from whoever reads. */
function overhear(stream: Readable | null, hear: (chunk: Buffer) => void): void {
  const push = stream?.push.bind(stream);
  if (!stream || !push) return;
  stream.push = (chunk: Buffer | null, encoding) => {
    if (chunk) hear(chunk);
    return push(chunk, encoding);
  };
}

/** Rejects where it has printed a secret that is not what it was asked for. */
export async function holdfast(args: readonly string[], around: Surroundings): Promise<Ended> {
  if (args.includes('--password-stdin')) secret(String(around.input ?? '').trim());
  const child = spawnHoldfast(args, around);
  if (child.stdout === null || child.stderr === null) throw new TypeError('no pipes');
  const [stdout, stderr] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  const [noun, verb] = args;
  const isShown = (noun === 'app-token' || noun === 'robot') && verb === 'create';
  const shown = isShown ? (/hfa_\w+/.exec(stdout)?.[0] ?? '') : '';
  requireNoSecrets(stdout.replace(shown, '') + stderr);
  secret(shown);
  return {code: child.exitCode, stdout, stderr};
}

/** A temporary directory that everybody may enter. */
export async function openDirectory(t: ExecutionContext): Promise<string> {
  const directory = await temporaryDirectory(t);
  await chmod(directory, 0o755);
  return directory;
}

/** Waits until a stream has said what fits; fails if it ends before. */
export async function said(
  child: ChildProcess,
  from: 'stdout' | 'stderr',
  wanted: RegExp,
): Promise<string> {
  const stream = child[from];
  if (stream === null) throw new TypeError(`no ${from}`);
  let all = '';
  for await (const chunk of stream.iterator({destroyOnReturn: false})) {
    all += String(chunk);
    if (wanted.test(all)) return all;
  }
  throw new Error(`ended without saying ${wanted.source}: ${all}`);
}
