/** Whether this process can use a directory tree, and the command that mends it where it can't. */
import {constants} from 'node:fs';
import type {Stats} from 'node:fs';
import {access, opendir, stat} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {codeOrThrow, errorCode} from '../host/error-code.ts';
import type {Fault} from './fault.ts';

const {R_OK, W_OK, X_OK} = constants;
/** A tree may hold millions of directories: a wrong owner shows in the first ones of each level. */
const perDirectory = 8;
const inAll = 120;

interface Demand {
  /** How many levels below the root are looked at. */
  readonly depth: number;
  readonly writable: boolean;
}

export interface Findings {
  readonly faults: readonly Fault[];
  /** What works, and will surprise somebody later. */
  readonly warnings: readonly Fault[];
}

export const quoted = (path: string): string =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;

const user = (): {uid: number; gid: number} => ({
  uid: process.getuid?.() ?? -1,
  gid: process.getgid?.() ?? -1,
});

async function tryTo(action: Promise<unknown>): Promise<string | undefined> {
  try {
    await action;
    return undefined;
  } catch (error) {
    return codeOrThrow(error);
  }
}

/** Another's server may run on what is his: it is given away to nobody by a command that a person copies. */
const isTheirs = (owner: Stats): boolean => owner.uid !== 0 && owner.uid !== user().uid;

const asOwner = ({uid, gid}: Stats): string =>
  `run holdfast as that user, with: sudo -u '#${uid}' -g '#${gid}' holdfast`;

const owned = ({uid, gid, mode}: Stats): string =>
  `belongs to ${uid}:${gid} with mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;

/** What forbids the use of one existing path; the remedy is for the whole tree, whose `owner` is that of its root. */
async function unfit(
  root: string,
  path: string,
  {found, owner}: {readonly found: Stats; readonly owner: Stats},
  demand: Demand,
): Promise<Fault | undefined> {
  const {uid, gid} = user();
  const wanted: [number, string][] = found.isDirectory()
    ? [
        [R_OK, 'listed'],
        [X_OK, 'entered'],
        ...(demand.writable ? ([[W_OK, 'written']] as [number, string][]) : []),
      ]
    : [[R_OK, 'read']];
  for (const [mode, verb] of wanted) {
    const code = await tryTo(access(path, mode));
    // Another node has removed it since it was found.
    if (code === 'ENOENT' && path !== root) return undefined;
    if (code === 'EROFS') {
      const remedy = `sudo mount -o remount,rw "$(findmnt -n -o TARGET -T ${quoted(root)})"`;
      return {path, message: 'lies on a file system that is mounted read-only', remedy};
    }
    if (code !== undefined) {
      const message = `can't be ${verb} by uid ${uid} (${code}): it ${owned(found)}`;
      if (isTheirs(owner)) {
        const other = `or, where nothing else uses ${root}, make the tree belong to uid ${uid}`;
        return {path, message: `${message}; ${asOwner(owner)}; ${other}`};
      }
      const chmod = `chmod -R u+rwX ${quoted(root)}`;
      const chown = `sudo chown -R ${uid}:${gid} ${quoted(root)}`;
      const short =
        (found.mode & 0o600) !== 0o600 || (found.isDirectory() && (found.mode & 0o100) === 0);
      const theirs = short ? `${chown} && sudo ${chmod}` : chown;
      return {path, message, remedy: found.uid === uid ? chmod : theirs};
    }
  }
  return undefined;
}

async function firstEntries(path: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const {name} of await opendir(path)) {
      names.push(join(path, name));
      if (names.length === perDirectory) break;
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
  return names;
}

/** A root that is not there: whether it can be made. */
async function checkMissing(root: string): Promise<Fault | undefined> {
  const {uid, gid} = user();
  const parent = dirname(root);
  let found: Stats;
  try {
    found = await stat(parent);
  } catch (error) {
    const code = codeOrThrow(error);
    return code === 'ENOENT' && parent !== root ? checkMissing(parent) : unreachable(parent, code);
  }
  if (!found.isDirectory()) return notDirectory(parent);
  if ((await tryTo(access(parent, W_OK | X_OK))) === undefined) return undefined;
  return {
    path: root,
    message: `does not exist, and uid ${uid} can't make it: ${parent} ${owned(found)}`,
    remedy: `sudo install -d -o ${uid} -g ${gid} ${quoted(root)}`,
  };
}

const notDirectory = (path: string): Fault => ({
  path,
  message: 'is a file, and a directory is needed: move it away, or name another directory',
});

/** The directory on the way that can't be entered is the one to mend. */
async function unreachable(path: string, code: string): Promise<Fault> {
  const {uid} = user();
  let shut = dirname(path);
  while ((await tryTo(stat(shut))) !== undefined && dirname(shut) !== shut) shut = dirname(shut);
  if (code === 'ENOTDIR') return notDirectory(shut);
  return {
    path,
    message: `can't be reached by uid ${uid} (${code}): ${shut} can't be entered`,
    ...(code === 'EACCES' ? {remedy: `sudo chmod a+x ${quoted(shut)}`} : {}),
  };
}

/** Looks at a tree, and changes nothing. One fault a tree: its remedy mends all of it. */
export async function checkTree(root: string, demand: Demand): Promise<Findings> {
  let seen = 0;
  let owner: Stats | undefined;
  let foreign: Stats | undefined;
  const {uid, gid} = user();
  let level = [root];
  for (let depth = 0; depth <= demand.depth && level.length > 0; depth += 1) {
    const below: string[] = [];
    for (const path of level) {
      if ((seen += 1) > inAll) break;
      let found: Stats;
      try {
        found = await stat(path);
      } catch (error) {
        const code = codeOrThrow(error);
        // What a running server, or the file system, has just removed is no concern.
        if (path !== root && code === 'ENOENT') continue;
        const fault = code === 'ENOENT' ? await checkMissing(root) : await unreachable(path, code);
        return {faults: fault === undefined ? [] : [fault], warnings: []};
      }
      if (path === root && !found.isDirectory())
        return {faults: [notDirectory(root)], warnings: []};
      owner ??= found;
      const fault = await unfit(root, path, {found, owner}, demand);
      if (fault !== undefined) return {faults: [fault], warnings: []};
      if (found.uid !== uid) foreign ??= found;
      if (found.isDirectory() && depth < demand.depth) below.push(...(await firstEntries(path)));
    }
    level = below;
  }
  if (owner === undefined || foreign === undefined || uid === -1) return {faults: [], warnings: []};
  const message = `${owned(foreign)}, and new files would belong to ${uid}:${gid}`;
  // Of root's commands only the server leaves files of root's: all others give them to the owner.
  if (uid === 0 || isTheirs(owner)) {
    return {faults: [], warnings: [{path: root, message: `${message}: ${asOwner(foreign)}`}]};
  }
  const remedy = `sudo chown -R ${uid}:${gid} ${quoted(root)}`;
  return {faults: [], warnings: [{path: root, message, remedy}]};
}
