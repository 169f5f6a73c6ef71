/** `_holdfast/volume.json`: which volume this is, and in which layout our own part of it is written. */
import {StorageError} from '../../src/storage/driver.ts';
import {randomUUID} from 'node:crypto';
import {createFile} from './atomic-file.ts';
import type {Directories} from './directories.ts';
import {lookAt} from './look-at.ts';
import {readFile} from './read-file.ts';
import type {System} from './system.ts';

const layout = 1;

const pathBelow = (root: string): string => `${root}/_holdfast/volume.json`;

/** Reads the record, or writes it where the directory is new. Throws a plain Error that names the file where it can't be used. */
export async function openVolumeRecord(
  system: System,
  directories: Directories,
  root: string,
  exclusiveCreate: 'link' | 'rename',
): Promise<VolumeRecord> {
  const path = pathBelow(root);
  await directories.make(`${root}/_holdfast`);
  let text = await readFile(system, path);
  if (!text) {
    const record = `${JSON.stringify({id: randomUUID(), layout})}\n`;
    await createFile(system, directories, path, record, exclusiveCreate);
    text = await readFile(system, path); // Another process may have been first: the file decides.
  }
  return findVolumeRecord(system, root, idIn(text?.toString() ?? '', path));
}

/** `undefined`: there is none. */
export async function readVolumeId(system: System, root: string): Promise<string | undefined> {
  const path = pathBelow(root);
  const text = await readFile(system, path);
  return text && idIn(text.toString(), path);
}

/** That one of the volume that has to be there: throws as its `require`, and makes nothing. */
export async function findVolumeRecord(
  system: System,
  root: string,
  id: string,
): Promise<VolumeRecord> {
  const record = new VolumeRecord(system, root, id);
  await record.require();
  return record;
}

export class VolumeRecord {
  readonly id: string;
  readonly #system: System;
  readonly #path: string;
  /** Of the file that was found to have the id. */
  #inode: bigint | undefined;

  constructor(system: System, root: string, id: string) {
    this.#system = system;
    this.#path = pathBelow(root);
    this.id = id;
  }

  /**
   * Throws `unavailable` where the volume is away. What is not found is not there only if the volume is: an unmounted directory looks as if
   * nothing had ever been pushed, and clients would believe it. Somebody may even have been started on it, and have made it a volume.
   */
  async require(): Promise<void> {
    const entry = await lookAt(this.#system, this.#path);
    if (entry && entry.ino === this.#inode) return;
    const text = entry && (await readFile(this.#system, this.#path));
    if (!entry || !text)
      throw new StorageError('unavailable', `${this.#path} is gone: is the volume mounted?`);
    if (idIn(text.toString(), this.#path) !== this.id)
      throw new StorageError(
        'unavailable',
        `${this.#path} is of another volume than the one that was opened: is that mounted?`,
      );
    this.#inode = entry.ino;
  }
}

function idIn(text: string, path: string): string {
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
  return value.id;
}

function damaged(path: string, cause?: unknown): StorageError {
  return new StorageError(
    'corrupt',
    `${path} is damaged: restore it from a backup, or write {"id": "<any UUID>", "layout": ${layout}} into it`,
    {cause},
  );
}
