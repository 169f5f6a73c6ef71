/** Files of a backup: for their owner alone, and durable. */
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {mkdir, open, readdir, readFile, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {pipeline} from 'node:stream/promises';
import {type Owner, secretMode, syncDirectory} from '../host/durable-file.ts';
import {errorCode} from '../host/error-code.ts';

interface Manner {
  readonly mode?: number;
  readonly owner?: Owner | undefined;
}

/** In place of what is there; durable once its directory is. */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  {mode = secretMode, owner}: Manner = {},
): Promise<void> {
  const handle = await open(path, 'w', mode);
  try {
    await handle.chmod(mode);
    if (owner) await handle.chown(owner.uid, owner.gid);
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Sorted; nothing there: none. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

interface TreeManner {
  /** Of the directories, where the source does not say it. */
  readonly directoryMode: number;
  readonly owner?: Owner | undefined;
}

/** All files of a small tree with their modes; links as what they lead to. What is going away meanwhile, or being made, is left out. */
export async function copyTree(from: string, to: string, manner: TreeManner): Promise<void> {
  const {directoryMode, owner} = manner;
  await mkdir(to, {recursive: true, mode: directoryMode});
  for (const name of await namesIn(from)) {
    if (name.startsWith('.staged-')) continue;
    const source = join(from, name);
    const found = await stat(source).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    });
    if (found?.isDirectory() === true) await copyTree(source, join(to, name), manner);
    const content = found?.isFile() === true ? await readIfThere(source) : undefined;
    if (!content || !found) continue;
    await writeDurably(join(to, name), content, {mode: found.mode & 0o777, owner});
  }
  if (owner) await chownDirectory(to, owner);
  await syncDirectory(to);
  await syncDirectory(dirname(to));
}

async function chownDirectory(path: string, {uid, gid}: Owner): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.chown(uid, gid);
  } finally {
    await handle.close();
  }
}

/** In hexadecimal digits. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, {highWaterMark: 1024 * 1024}), hash);
  return hash.digest('hex');
}

/** Paths of all files below a directory, from it on, sorted. */
export async function filesBelow(directory: string, prefix = ''): Promise<readonly string[]> {
  const entries = await readdir(join(directory, prefix), {withFileTypes: true});
  const found: string[] = [];
  for (const entry of entries) {
    const path = `${prefix}${entry.name}`;
    if (entry.isDirectory()) found.push(...(await filesBelow(directory, `${path}/`)));
    else found.push(path);
  }
  return found.toSorted();
}
