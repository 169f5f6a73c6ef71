/** A file that passes between a server and a command, which may be run by another user. */
import {createReadStream} from 'node:fs';
import {chown, readdir, rm, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {errorCode} from './error-code.ts';
import {tryHostLock} from './host-lock.ts';

/** Into a file that is there: to copy it would give its owner the copy, too. */
export const copyContent = async (from: string, to: string): Promise<void> =>
  writeFile(to, createReadStream(from));

/** What root makes for the server, its user must be able to read: he who has `owned`. */
export async function giveToOwnerOf(owned: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const {uid, gid} = await stat(owned);
  for (const path of paths) await chown(path, uid, gid);
}

/** Files and directories that commands that were killed have left. One that lives has a lock, named by what the pattern finds at the beginning of the name. */
export async function removeAbandoned(directory: string, pattern: RegExp): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = pattern.exec(name)?.[1];
    if (owner === undefined) continue;
    const release = await tryHostLock(directory, owner);
    if (!release) continue;
    try {
      await rm(join(directory, name), {recursive: true, force: true});
    } catch (error) {
      // What another user has made stays: it is no reason not to go on.
      if (!['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) throw error;
    } finally {
      release();
    }
  }
}
