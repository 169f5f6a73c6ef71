/** How an entry of the file system tells that it is not what it was. */
import type {Stats} from 'node:fs';
import {absentCodes, hasCode} from './errors.ts';
import type {System} from './system.ts';

/**
 * In milliseconds. Two changes within one tick of the kernel's clock leave the same time, and perhaps the same inode number: what has
 * changed so lately may change once more without showing it.
 */
const unsettled = 2000;

/** The same as long as the entry is as it was; `undefined`: it has changed so lately that it can't be told. */
export function versionOf({ino, size, ctimeMs}: Stats): string | undefined {
  return Date.now() - ctimeMs < unsettled ? undefined : `${ino} ${size} ${ctimeMs}`;
}

/** Of what has this path now; `undefined` also where nothing has. */
export async function currentVersion(system: System, path: string): Promise<string | undefined> {
  try {
    return versionOf(await system.stat(path));
  } catch (error) {
    if (hasCode(error, ...absentCodes)) return undefined;
    throw error;
  }
}
