/** What has a path now; a link itself, and not what it leads to. */
import type {BigIntStats} from 'node:fs';
import {hasCode} from './errors.ts';
import type {System} from './system.ts';

/** The entry, or `undefined` where there is none. */
export async function lookAt(system: System, path: string): Promise<BigIntStats | undefined> {
  try {
    return await system.lstat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
