/** The ways of a staged file: out of the epoch's directory to its key, or into nothing. */
import {randomUUID} from 'node:crypto';
import {StorageError} from '../../src/storage/driver.ts';
import {fenced} from './epoch.ts';
import {hasCode, tolerate} from './errors.ts';
import {lookAt} from './look-at.ts';
import {publish} from './publish.ts';
import {StagedFile} from './staged-file.ts';
import type {Volume} from './volume.ts';

export function newStagingPath(volume: Volume): string {
  return `${volume.epoch.directory}/${randomUUID()}`;
}

export async function openStagedFile(volume: Volume): Promise<StagedFile> {
  try {
    return await StagedFile.open(volume.system, newStagingPath(volume));
  } catch (error) {
    throw hasCode(error, 'ENOENT') ? fenced(volume.epoch, error) : error;
  }
}

/** Opens, fills, seals and hands on; whatever fails on the way, nothing is left behind. */
export async function withStagedFile<T>(
  volume: Volume,
  fill: (file: StagedFile) => Promise<void>,
  handOn: (file: StagedFile) => Promise<T>,
): Promise<T> {
  const file = await openStagedFile(volume);
  try {
    await fill(file);
    await file.seal();
    return await handOn(file);
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Publishes a file of the staging area; its name there is gone after either answer. */
export async function publishStaged(
  volume: Volume,
  staged: string,
  path: string,
): Promise<'created' | 'exists'> {
  const published = await publish(volume, staged, path);
  if (published === 'missing') throw fenced(volume.epoch);
  // A name that can't be removed now goes with the staging area: the object is there all the same.
  await tolerate(volume.system.unlink(staged));
  return published;
}

/**
 * Publishes a file that was staged elsewhere, unless the epoch is over. The caller removes `file`, which may be gone already; where this rejects it is
 * as it was, since what is in it may have been promised.
 */
export async function publishFenced(
  volume: Volume,
  file: string,
  path: string,
): Promise<'created' | 'exists'> {
  const {system, epoch} = volume;
  if (volume.exclusiveCreate === 'link') return publishThroughStaging(volume, file, path);
  // By way of the staging area it would be lost with that, should this process die in between. No other writes here.
  if (!(await lookAt(system, epoch.directory))) throw fenced(epoch);
  const published = await publish(volume, file, path);
  if (published === 'missing') throw new StorageError('unavailable', `${file} is gone`);
  return published;
}

/** By another name for it in the staging area, which has moved away with its epoch. */
async function publishThroughStaging(
  volume: Volume,
  file: string,
  path: string,
): Promise<'created' | 'exists'> {
  const staged = newStagingPath(volume);
  const {system} = volume;
  try {
    await system.link(file, staged);
  } catch (error) {
    const isGone = hasCode(error, 'ENOENT') && !(await lookAt(system, volume.epoch.directory));
    throw isGone ? fenced(volume.epoch, error) : error;
  }
  try {
    return await publishStaged(volume, staged, path);
  } catch (error) {
    await tolerate(system.unlink(staged));
    throw error;
  }
}
