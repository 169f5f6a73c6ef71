/** What is found broken on the disk is told once, with its place, and then treated as absent, so that the next push mends it. */
import {type StorageDriver, StorageError, type StorageKey} from './driver.ts';

export type ReportDamage = (key: StorageKey, finding: string) => void;

/** What is wrong with one object, and not with the storage: whoever goes through many goes on. */
export const isOfOneObject = (error: unknown): boolean =>
  error instanceof StorageError && error.kind !== 'unavailable';

/** The whole of what must be small; `undefined`: not there, or so large that it is something else. */
export async function readSmall(
  driver: StorageDriver,
  key: StorageKey,
  report: ReportDamage,
): Promise<Buffer | undefined> {
  try {
    return await driver.read(key);
  } catch (error) {
    if (!(error instanceof StorageError) || error.kind !== 'too-large') throw error;
    report(key, 'the file is far too large for what it should be');
    return undefined;
  }
}
