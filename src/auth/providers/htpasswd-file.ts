/** The htpasswd file on the disk. */
import {constants, open, stat} from 'node:fs/promises';
import type {BigIntStats} from 'node:fs';
import {ConfigError} from '../../config/fault.ts';
import {errorCode} from '../../host/error-code.ts';

/** In bytes; 50,000 names. */
const largest = 4 * 1024 * 1024;
/** In ms: a file that was changed so short a time ago may be changed again without any time or size telling. */
const settling = 2000;

export interface HtpasswdContent {
  readonly text: string;
  /** Another one: the content may be another. */
  readonly stamp: string;
  /** Whether the stamp can be relied on. */
  readonly isSettled: boolean;
}

/** Rejects with the system's error, and where it is too large or no file. */
export async function readHtpasswd(path: string, now: number): Promise<HtpasswdContent> {
  // Without O_NONBLOCK a pipe of that name would be waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat({bigint: true});
    if (stats.isDirectory()) throw new Error(`${path} is a directory: name the file in it`);
    if (!stats.isFile()) throw new Error(`${path} is not a file`);
    if (stats.size > largest) throw new Error(`${path} is larger than ${largest} bytes`);
    const text = await handle.readFile('utf8');
    const changedAt = Math.max(Number(stats.mtimeMs), Number(stats.ctimeMs));
    // A clock that was set back, or is another host's, settles nothing either.
    const age = now - changedAt;
    return {text, stamp: describe(stats), isSettled: age > settling};
  } finally {
    await handle.close();
  }
}

/** For a start; rejects with ConfigError where it is missing or can't be read. */
export async function requireHtpasswd(path: string, now: number): Promise<HtpasswdContent> {
  try {
    return await readHtpasswd(path, now);
  } catch (cause) {
    const message =
      errorCode(cause) === undefined
        ? reasonOf(cause)
        : `${path} can't be read (${reasonOf(cause)}): make it with htpasswd -B -c, or give the user that runs holdfast read access to it`;
    throw new ConfigError([{path: 'auth.htpasswd', message}], {cause});
  }
}

const reasonOf = (error: unknown): string =>
  errorCode(error) ?? (error instanceof Error ? error.message : 'error');

/** Rejects with the system's error. */
export const stampOf = async (path: string): Promise<string> =>
  describe(await stat(path, {bigint: true}));

const describe = ({dev, ino, size, mtimeNs, ctimeNs}: BigIntStats): string =>
  [dev, ino, size, mtimeNs, ctimeNs].join(':');
