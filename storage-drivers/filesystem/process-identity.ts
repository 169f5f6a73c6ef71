/** Which process holds an epoch, told so that another process of the same host can see whether it still lives. */
import {readFile, readlink} from 'node:fs/promises';
import {hostname} from 'node:os';
import {hasCode} from './errors.ts';

export interface ProcessIdentity {
  readonly hostname: string;
  /** Changes with each boot of the host; empty where there is no /proc. */
  readonly bootId: string;
  /** Of the container, say, in which `pid` counts; empty where there is no /proc, and in records of earlier versions. */
  readonly pidNamespace: string;
  readonly pid: number;
  /** In ticks since the boot: tells a process from a later one with its number. */
  readonly startedAt: string;
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  return {
    hostname: hostname(),
    bootId: (await readProc('sys/kernel/random/boot_id')).trim(),
    pidNamespace: await unlessHidden(readlink('/proc/self/ns/pid')),
    pid: process.pid,
    startedAt: (await readProcess(process.pid))?.startedAt ?? '',
  };
}

/**
 * `self`: this very process. `alive`: another of this host, running. `dead`: one of this host that has ended. `unknown`: one of
 * another host, or in a container of this one, of which nothing can be said.
 */
export async function stateOf(
  owner: ProcessIdentity | undefined,
  own: ProcessIdentity,
): Promise<'self' | 'alive' | 'dead' | 'unknown'> {
  if (owner?.hostname !== own.hostname) return 'unknown';
  if (owner.bootId !== own.bootId) return 'dead';
  const {pidNamespace} = owner;
  if (pidNamespace !== '' && pidNamespace !== own.pidNamespace) return 'unknown';
  if (owner.pid === own.pid && owner.startedAt === own.startedAt) return 'self';
  const running = await readProcess(owner.pid);
  return running?.startedAt === owner.startedAt && !running.hasEnded ? 'alive' : 'dead';
}

/** `undefined` where the text is no record: its writer died (or was fenced) before it was whole. */
export function parseIdentity(text: string): ProcessIdentity | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('hostname' in value && 'bootId' in value && 'pid' in value && 'startedAt' in value))
    return undefined;
  const {hostname, bootId, pid, startedAt} = value;
  if (typeof hostname !== 'string' || typeof bootId !== 'string') return undefined;
  if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
  const pidNamespace = 'pidNamespace' in value ? value.pidNamespace : '';
  if (typeof pidNamespace !== 'string') return undefined;
  return {hostname, bootId, pidNamespace, pid, startedAt};
}

/**
 * Fields 3 (state) and 22 (start, in ticks) of /proc/<pid>/stat; field 2 is the command in parentheses and may itself contain blanks and
 * parentheses. One that was killed keeps its number as a zombie until its parent asks for it, which some never do. A thread of it may be in a last
 * call of the system, and begins no other: it is fenced like all that came before.
 */
async function readProcess(
  pid: number,
): Promise<{readonly startedAt: string; readonly hasEnded: boolean} | undefined> {
  const text = await readProc(`${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, startedAt] = [fields[0], fields[19]];
  return startedAt === undefined
    ? undefined
    : {startedAt, hasEnded: state === 'Z' || state === 'X'};
}

const readProc = async (name: string): Promise<string> =>
  unlessHidden(readFile(`/proc/${name}`, 'utf8'));

/** What /proc tells; empty where it does not. */
async function unlessHidden(reading: Promise<string>): Promise<string> {
  try {
    return await reading;
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ESRCH', 'EACCES')) return '';
    throw error;
  }
}
