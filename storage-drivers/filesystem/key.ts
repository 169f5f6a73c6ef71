/** The grammar of keys, checked at the driver's edge: a key that breaks it is a bug above, never a user's fault. */
import type {StorageKey} from '../../src/storage/driver.ts';

const segment = /^[A-Za-z0-9._-]+$/;
/** Both at one look: every call of the driver begins with it. */
const segments = /^[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/;
const dots = /(?:^|\/)\.\.?(?:\/|$)/;
const staged = /\.(?:part|checkpoint|tmp)$/;
const bookkeeping = /^_holdfast\/(?:volume\.json|epochs)(?:\/|$)/;

/** What can be a part of a key. Names that can't (`lost+found`) are nothing of ours and not listed. */
export function isSegment(name: string): boolean {
  return segment.test(name) && name !== '.' && name !== '..';
}

/** Files that are no objects: staged ones, Distribution's `*.tmp`, and what NFS keeps of open files that were removed. */
function isStagedName(name: string): boolean {
  return staged.test(name) || name.startsWith('.nfs');
}

/** The driver's own files: readers don't see them. */
export function isHidden(key: string): boolean {
  return bookkeeping.test(key) || isStagedName(key.slice(key.lastIndexOf('/') + 1));
}

export function assertKey(key: string): void {
  if (!segments.test(key) || dots.test(key))
    throw new TypeError(`not a storage key: ${JSON.stringify(key)}`);
}

/** Prefixes may be called as staged files are. */
export function assertWritablePrefix(prefix: StorageKey): void {
  assertKey(prefix);
  if (bookkeeping.test(prefix))
    throw new TypeError(`the driver keeps this prefix for itself: ${prefix}`);
}

export function assertWritableKey(key: StorageKey): void {
  assertKey(key);
  if (isHidden(key)) throw new TypeError(`the driver keeps this key for itself: ${key}`);
}
