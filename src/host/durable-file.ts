/** Small files that appear whole (where there are hard links), last, and are secret from their first byte where they must be. */
import {randomUUID} from 'node:crypto';
import {chown, constants, copyFile, link, mkdir, open, readdir} from 'node:fs/promises';
import {rename, rm, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {errorCode} from './error-code.ts';

const stagedPrefix = '.staged-';
const withoutHardLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** The modes that what all may read (subject to the umask), and a secret get. */
export const publicMode = 0o644;
export const secretMode = 0o600;

async function syncPath(path: string, flags: number): Promise<void> {
  const handle = await open(path, flags);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const syncDirectory = (directory: string): Promise<void> =>
  syncPath(directory, constants.O_RDONLY | constants.O_DIRECTORY);

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** Makes a directory and its parents, `owner`'s where one is given; they are durable when this resolves. */
export async function makeDirectory(
  directory: string,
  {mode = 0o777, owner}: {readonly mode?: number; readonly owner?: Owner | undefined} = {},
): Promise<void> {
  const first = await mkdir(directory, {recursive: true, mode});
  if (first === undefined) {
    // Who made it may have been killed, or have failed, before that was durable.
    await syncDirectory(dirname(directory)).catch((error: unknown) => {
      // One above it that is not ours to read is not ours to keep either.
      if (errorCode(error) !== 'EACCES') throw error;
    });
    return;
  }
  for (let made = directory; ; made = dirname(made)) {
    if (owner) await chown(made, owner.uid, owner.gid);
    await syncDirectory(dirname(made));
    if (made === first || made === dirname(made)) return;
  }
}

async function stage(target: string, content: string | Uint8Array, mode: number): Promise<string> {
  const staged = join(dirname(target), stagedPrefix + randomUUID());
  const handle = await open(staged, 'wx', mode);
  try {
    // A command that root runs must leave what the server's user can read.
    if (process.getuid?.() === 0) {
      const {uid, gid} = await stat(dirname(target));
      await handle.chown(uid, gid);
    }
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(staged, {force: true});
    throw error;
  }
  await handle.close();
  return staged;
}

/**
 * Writes a file if there is none of that name: of N racers exactly one's content is there afterwards, whole and durable.
 * Whose it is, the caller reads (an NFS server may answer EEXIST about our own success).
 */
export async function publish(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<void> {
  const staged = await stage(path, content, mode);
  try {
    await link(staged, path).catch(async (error: unknown) => {
      // Exclusive too, though a reader may see a part of it for a moment, and a kill -9 just then leaves that part: it is told with the file's name.
      if (!withoutHardLinks.has(errorCode(error) ?? '')) throw error;
      await copyFile(staged, path, constants.COPYFILE_EXCL);
      await syncPath(path, constants.O_RDONLY);
    });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  } finally {
    await rm(staged, {force: true});
  }
  await syncDirectory(dirname(path));
}

export interface Replacement {
  /** Puts the file in place of the one of that name: old or new, never a mix; durable. */
  commit(): Promise<void>;
  /** Removes what was not committed. */
  discard(): Promise<void>;
}

/** Writes a file, durably, that `commit` puts in place at once. */
export async function prepareReplacement(
  path: string,
  content: string,
  mode: number,
): Promise<Replacement> {
  const staged = await stage(path, content, mode);
  return {
    async commit() {
      await rename(staged, path);
      await syncDirectory(dirname(path));
    },
    discard: () => rm(staged, {force: true}),
  };
}

/** Removes a file, if it is there; durable. */
export async function remove(path: string): Promise<void> {
  await rm(path, {force: true});
  await syncDirectory(dirname(path));
}

/** Removes what writers that died left behind before `olderThan`. */
export async function removeStaged(directory: string, olderThan: Date): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(stagedPrefix)) continue;
    const path = join(directory, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtime < olderThan) await rm(path, {force: true});
  }
}
