/** `_holdfast/volume.json`: which volume this is, and in which layout our own part of it is written. */
import {StorageError} from '../../src/storage/driver.ts';
import {randomUUID} from 'node:crypto';
import {createFile} from './atomic-file.ts';
import type {Directories} from './directories.ts';
import {lookAt} from './publish.ts';
import {readFile} from './read-file.ts';
import type {System} from './system.ts';

const layout = 1;

/** Reads the record, or writes it where the directory is new. Throws a plain Error that names the file where it can't be used. */
export async function openVolumeRecord(
  system: System,
  directories: Directories,
  root: string,
  exclusiveCreate: 'link' | 'rename',
): Promise<void> {
  const path = `${root}/_holdfast/volume.json`;
  await directories.make(`${root}/_holdfast`);
  let text = await readFile(system, path);
  if (!text) {
    const record = `${JSON.stringify({id: randomUUID(), layout})}\n`;
    await createFile(system, directories, path, record, exclusiveCreate);
    text = await readFile(system, path); // Another process may have been first: the file decides.
  }
  check(text?.toString() ?? '', path);
}

/**
 * Throws `unavailable` where the volume is away. What is not found is not there only if the volume is: an unmounted directory looks as if
 * nothing had ever been pushed, and clients would believe it.
 */
export async function requireVolume(system: System, root: string): Promise<void> {
  const path = `${root}/_holdfast/volume.json`;
  if (await lookAt(system, path)) return;
  throw new StorageError('unavailable', `${path} is gone: is the volume mounted?`);
}

function check(text: string, path: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(path, error);
  }
  if (typeof value !== 'object' || value === null || !('id' in value && 'layout' in value))
    throw damaged(path);
  if (typeof value.id !== 'string' || value.id === '' || typeof value.layout !== 'number')
    throw damaged(path);
  if (value.layout > layout)
    throw new StorageError(
      'corrupt',
      `${path} says layout ${value.layout}, and this Holdfast knows layouts up to ${layout}: the directory was used by a newer version, use that`,
    );
}

function damaged(path: string, cause?: unknown): StorageError {
  return new StorageError(
    'corrupt',
    `${path} is damaged: restore it from a backup, or write {"id": "<any UUID>", "layout": ${layout}} into it`,
    {cause},
  );
}
