/** Everything below a prefix, depth first. */
import type {StorageDriver, StorageKey} from './driver.ts';
import {below} from './keys.ts';

async function* walk(driver: StorageDriver, prefix: StorageKey): AsyncGenerator<StorageKey> {
  for await (const {name, kind} of driver.list(prefix)) {
    const key = below(prefix, name);
    if (kind === 'object') yield key;
    else yield* walk(driver, key);
  }
}

/** Deletes everything below a prefix. Not atomic; in the order of names. */
export async function deleteTree(driver: StorageDriver, prefix: StorageKey): Promise<void> {
  for await (const key of walk(driver, prefix)) await driver.delete(key);
}
