/** Gives a staged file its key: exclusively, or in place of what is there. Durable when resolved. */
import type {BigIntStats} from 'node:fs';
import {dirname} from 'node:path';
import {StorageError} from '../../src/storage/driver.ts';
import {hasCode} from './errors.ts';
import {lookAt} from './look-at.ts';
import type {System} from './system.ts';
import type {Volume} from './volume.ts';

/**
 * `exists`: another object holds the key, and is durable too. `missing`: there is no `from` (any more). The name `from` may be left
 * (never with `rename`): the caller removes it.
 */
export type Published = 'created' | 'exists' | 'missing';

export async function publish(volume: Volume, from: string, to: string): Promise<Published> {
  const {system, directories, locks} = volume;
  const published = await directories.within(dirname(to), () =>
    volume.exclusiveCreate === 'link'
      ? publishByLink(system, from, to)
      : locks.run(to, () => publishByRename(system, from, to)),
  );
  // Where we lost a race, the winner's sync may still be under way, and our caller will rely on its object.
  if (published !== 'missing') await directories.sync(dirname(to));
  return published;
}

export async function publishInPlace(
  volume: Volume,
  from: string,
  to: string,
): Promise<'created' | 'missing'> {
  const {system, directories} = volume;
  const source = await lookAt(system, from);
  if (!source) return 'missing';
  const published = await directories.within(dirname(to), () => rename(system, from, source, to));
  await directories.sync(dirname(to));
  return published;
}

async function publishByLink(system: System, from: string, to: string): Promise<Published> {
  for (;;) {
    try {
      await system.link(from, to);
      return 'created';
    } catch (error) {
      if (!hasCode(error, 'EEXIST', 'ENOENT')) throw error;
      const source = await lookAt(system, from);
      if (!source) return 'missing';
      if (hasCode(error, 'ENOENT')) throw error; // The parent is missing.
      const holder = await lookAt(system, to);
      // On NFS a LINK that was sent twice answers EEXIST about its own success.
      if (holder && isSame(source, holder)) return 'created';
      if (holder) return objectAt(holder, to);
    }
  }
}

async function publishByRename(system: System, from: string, to: string): Promise<Published> {
  const source = await lookAt(system, from);
  if (!source) return 'missing';
  const holder = await lookAt(system, to);
  return holder ? objectAt(holder, to) : rename(system, from, source, to);
}

async function rename(
  system: System,
  from: string,
  source: BigIntStats,
  to: string,
): Promise<'created' | 'missing'> {
  try {
    await system.rename(from, to);
    return 'created';
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || (await lookAt(system, from))) throw error;
    // On NFS a RENAME that was sent twice answers ENOENT after its own success.
    const holder = await lookAt(system, to);
    return holder && isSame(source, holder) ? 'created' : 'missing';
  }
}

function objectAt(holder: BigIntStats, path: string): 'exists' {
  if (holder.isDirectory()) throw new StorageError('corrupt', `${path} is a directory`);
  return 'exists';
}

function isSame(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}
