/** A data directory on which a process of this host has died, as the next one finds it. */
import {readFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import type {ExecutionContext} from 'ava';
import {writeKey} from '../support/disk.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

/** Its epoch is 1. */
export async function directoryOfDeadProcess(t: ExecutionContext): Promise<string> {
  const dataDir = await memoryDirectory(t);
  const bootId = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  // Started before anything that runs now.
  const owner = {hostname: hostname(), bootId, pid: process.pid, startedAt: '1'};
  await writeKey({dataDir}, '_holdfast/epochs/1/owner.json', JSON.stringify(owner));
  return dataDir;
}
