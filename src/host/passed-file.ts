/** A file that passes between a server and a command, which may be run by another user. */
import {createReadStream} from 'node:fs';
import {chown, stat, writeFile} from 'node:fs/promises';

/** Into a file that is there: to copy it would give its owner the copy, too. */
export const copyContent = async (from: string, to: string): Promise<void> =>
  writeFile(to, createReadStream(from));

/** What root makes for the server, its user must be able to read: he who has `owned`. */
export async function giveToOwnerOf(owned: string, paths: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const {uid, gid} = await stat(owned);
  for (const path of paths) await chown(path, uid, gid);
}
