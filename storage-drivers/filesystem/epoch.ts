/**
 * An epoch is the right to publish: its holder stages everything in `_holdfast/epochs/<n>/`, and who claims the next one renames
 * that directory away, so that the former holder fails in the file system, at its next link or rename.
 */
import {randomUUID} from 'node:crypto';
import {StorageError} from '../../src/storage/driver.ts';
import {replaceFile} from './atomic-file.ts';
import type {Directories} from './directories.ts';
import {hasCode, tolerate} from './errors.ts';
import {ownIdentity, parseIdentity, stateOf, type ProcessIdentity} from './process-identity.ts';
import {readFile} from './read-file.ts';
import {removeTree} from './remove-tree.ts';
import {StagedFile} from './staged-file.ts';
import type {System} from './system.ts';

export interface Epoch {
  /** Grows with each claim on the volume, never comes back. */
  readonly number: number;
  /** The staging area: everything that is published leaves from here. */
  readonly directory: string;
  /** Epochs whose holders are known to be gone: nobody writes to their files any more. */
  readonly dead: ReadonlySet<number>;
}

export async function claimEpoch(
  system: System,
  directories: Directories,
  root: string,
  takeOver: boolean,
): Promise<Epoch> {
  const parent = `${root}/_holdfast/epochs`;
  await directories.make(parent);
  const own = await ownIdentity();
  const number = await claimNumber(system, parent, own, takeOver);
  const directory = `${parent}/${number}`;
  try {
    await directories.sync(parent);
    const owner = await StagedFile.open(system, `${directory}/owner.json`);
    await owner.write([Buffer.from(JSON.stringify(own))]);
    await owner.seal();
    // Directories come and go; the highest number ever claimed stays, so that none is claimed twice.
    await replaceFile(system, directories, `${parent}/highest`, `${number}\n`, directory);
    const dead = await fenceOlder(system, parent, number, own);
    await directories.sync(parent);
    return {number, directory, dead};
  } catch (error) {
    await tolerate(removeEpoch(system, directory));
    if (!hasCode(error, 'ENOENT')) throw error;
    throw new StorageError(
      'unavailable',
      `another Holdfast took over ${root} while this one started`,
      {cause: error},
    );
  }
}

/** Of who may not write: nothing can be staged in a directory that is never there. */
export const noEpoch = (root: string): Epoch => ({
  number: 0,
  directory: `${root}/_holdfast/epochs/none`,
  dead: new Set(),
});

/** Away first, then emptied: its holder fails at once and can't stage anything new meanwhile. */
export async function removeEpoch(system: System, directory: string): Promise<void> {
  const away = `${directory}.${randomUUID()}.fenced`;
  try {
    await system.rename(directory, away);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  await removeFenced(system, away);
}

/** ENOENT in the staging area: it was renamed away, alone or with the whole volume. */
export function fenced(epoch: Epoch, cause?: unknown): StorageError {
  return new StorageError(
    'unavailable',
    `${epoch.directory} is gone: another Holdfast has taken over this storage, and this process must stop, or the volume is away`,
    {cause},
  );
}

async function claimNumber(
  system: System,
  parent: string,
  own: ProcessIdentity,
  takeOver: boolean,
): Promise<number> {
  for (;;) {
    const newest = Math.max(0, ...(await epochNumbers(system, parent)));
    if (newest > 0 && !takeOver) await refuseIfServed(system, `${parent}/${newest}`, own);
    const number = Math.max(newest, await readHighest(system, `${parent}/highest`)) + 1;
    try {
      await system.mkdir(`${parent}/${number}`);
      return number;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
}

async function refuseIfServed(
  system: System,
  directory: string,
  own: ProcessIdentity,
): Promise<void> {
  const owner = await readOwner(system, directory);
  const state = await stateOf(owner, own);
  if (state !== 'alive' && state !== 'self') return;
  const who =
    state === 'self' ? 'this process itself' : `another Holdfast (pid ${owner?.pid ?? 0})`;
  throw new StorageError(
    'unavailable',
    `${who} serves this directory; stop it first, or give this one another --data-dir`,
  );
}

async function fenceOlder(
  system: System,
  parent: string,
  number: number,
  own: ProcessIdentity,
): Promise<ReadonlySet<number>> {
  const dead = new Set<number>();
  for (const older of await epochNumbers(system, parent)) {
    if (older >= number) continue;
    const directory = `${parent}/${older}`;
    if ((await stateOf(await readOwner(system, directory), own)) === 'dead') dead.add(older);
    await removeEpoch(system, directory);
  }
  // What a process that died while it fenced has left.
  for (const {name} of await system.readdir(parent))
    if (name.endsWith('.fenced')) await removeFenced(system, `${parent}/${name}`);
  return dead;
}

async function removeFenced(system: System, directory: string): Promise<void> {
  try {
    for (const {name} of await system.readdir(directory))
      await tolerate(removeTree(system, `${directory}/${name}`));
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error; // Another that claims is at it, too.
  }
  await tolerate(system.rmdir(directory));
}

async function epochNumbers(system: System, parent: string): Promise<number[]> {
  const entries = await system.readdir(parent);
  return entries.filter(({name}) => /^[1-9]\d*$/.test(name)).map(({name}) => Number(name));
}

async function readOwner(system: System, directory: string): Promise<ProcessIdentity | undefined> {
  const text = await readFile(system, `${directory}/owner.json`);
  return text && parseIdentity(text.toString());
}

async function readHighest(system: System, path: string): Promise<number> {
  const text = (await readFile(system, path))?.toString() ?? '0\n';
  const number = Number(text);
  // An empty file would be taken for 0, and numbers would come back.
  if (!/^\d+\n$/.test(text) || !Number.isSafeInteger(number))
    throw new StorageError(
      'corrupt',
      `${path} is damaged: remove it once no other Holdfast uses this directory`,
    );
  return number;
}
