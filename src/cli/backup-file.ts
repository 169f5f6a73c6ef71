/**
 * The file of a backup is that of whoever types the command. A server has a user of its own, and under systemd a /tmp of its own: what it writes
 * and reads lies in its run/, where both of them see it.
 */
import {randomBytes} from 'node:crypto';
import {dirname, join} from 'node:path';
import type {Command} from 'commander';
import type {z} from 'zod';
import {backUpDatabase, restoreDatabase} from '../auth/administration/database.ts';
import {runDirectory} from '../config/data-directory.ts';
import {remove} from '../host/durable-file.ts';
import {tryHostLock} from '../host/host-lock.ts';
import {copyContent, giveToOwnerOf, removeAbandoned} from '../host/passed-file.ts';
import {withCopy, writeBackup} from '../metadata/database-file.ts';
import {administer, isServerRunning} from './administration.ts';
import {loadFor} from './configuration.ts';
import {Failure} from './failure.ts';

type Answer = z.output<typeof backUpDatabase.output>;

/** `file`: absolute. Rejects with a Failure, or a MetadataError where the file is there or can't be written. */
export async function backUpTo(file: string, command: Command): Promise<Answer> {
  const {config} = loadFor(command);
  if (!(await isServerRunning(config))) return administer(command, backUpDatabase, {file});
  const run = runDirectory(config);
  await removeAbandoned(run, /^(backup-[\da-f]{16})\.db/);
  const owner = `backup-${randomBytes(8).toString('hex')}`;
  const release = await tryHostLock(run, owner);
  const passed = join(run, `${owner}.db`);
  try {
    const answer = await administer(command, backUpDatabase, {file: passed});
    await writeBackup(file, async (target) => copyContent(passed, target));
    return {...answer, file};
  } finally {
    await remove(passed);
    release?.();
  }
}

/** `file`: absolute. Rejects with a Failure, or a MetadataError where the file is no backup or can't be read. */
export async function restoreFrom(file: string, command: Command): Promise<Answer> {
  const {config} = loadFor(command);
  if (!(await isServerRunning(config))) return administer(command, restoreDatabase, {file});
  const run = runDirectory(config);
  return withCopy(file, run, async (copy) => {
    await giveToOwnerOf(run, [dirname(copy), copy]);
    try {
      return {...(await administer(command, restoreDatabase, {file: copy})), file};
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const {message, code} = error;
      throw new Failure(message.replaceAll(copy, file), {code, cause: error});
    }
  });
}
