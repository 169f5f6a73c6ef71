/** What the file system's error codes mean to the port. */
import {StorageError, type StorageErrorKind} from '../../src/storage/driver.ts';

/** Codes that are not named here are `unavailable`: trying again may help, and nothing was promised. */
const kinds: Readonly<Record<string, StorageErrorKind>> = {
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  // An object where a prefix must be, or a prefix where an object must be: the tree is not what the caller believes.
  ENOTDIR: 'corrupt',
  EISDIR: 'corrupt',
  ENOTEMPTY: 'corrupt',
  EEXIST: 'corrupt',
  ELOOP: 'corrupt',
  ENAMETOOLONG: 'corrupt',
};

/** No object can be read under this name, and that is all there is to say. */
export const absentCodes = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO'] as const;

/** The errno name (`ENOENT`) of a system call's error; Node's own `ERR_...` codes are not such. */
function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const {code} = error;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  const code = systemCode(error);
  return code !== undefined && codes.includes(code);
}

/** A system call's error becomes a StorageError; every other (a bug of ours, a StorageError already) stays what it is. */
export function toStorageError(error: unknown, verb: string, key: string): Error {
  const code = systemCode(error);
  if (!(error instanceof Error)) return new Error(`${verb} ${key} failed`, {cause: error});
  if (code === undefined) return error;
  return new StorageError(kinds[code] ?? 'unavailable', `${verb} ${key}: ${error.message}`, {
    cause: error,
  });
}

/** Awaits a system call whose failure changes nothing: it tidies up, and what it leaves is tidied by a later start. */
export async function tolerate(tidying: Promise<unknown>): Promise<void> {
  try {
    await tidying;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}
