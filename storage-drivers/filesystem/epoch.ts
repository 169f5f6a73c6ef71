/**
 * An epoch is the right to publish: its holder stages everything in `_holdfast/epochs/<n>/`, and who claims the next one renames
 * that directory away, so that the former holder fails in the file system, at its next link or rename.
 */
import {randomUUID} from 'node:crypto';
import type {Dirent} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {StorageError} from '../../src/storage/driver.ts';
import {replaceFile} from './atomic-file.ts';
import {firstBeat} from './beat.ts';
import type {Directories} from './directories.ts';
import {absentCodes, hasCode, tolerate} from './errors.ts';
import {type Holder, type NodeWords, readHolder} from './owner.ts';
import {ownIdentity, type ProcessIdentity} from './process-identity.ts';
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
  /** Holders of other epochs go on beside this one. */
  readonly isBeside: boolean;
}

const epochsOf = (root: string): string => `${root}/_holdfast/epochs`;

export const epochDirectory = (root: string, number: number): string =>
  `${epochsOf(root)}/${number}`;

/** How an epoch is claimed; what is absent is what a process does that is alone. */
export interface Claim {
  /** Is told to the others, who wait for a beat of it. */
  readonly node?: NodeWords | undefined;
  /** Claims the directory although its holder lives: that one can't write any more. */
  readonly takeOver?: boolean;
  /** Only if this is the newest epoch still (0: there is none): of several that wait one takes over. */
  readonly after?: number;
  /** Those who live go on beside it. */
  readonly isBeside?: boolean;
  /** In milliseconds: one of another host whose beat stands still for so long is held to be gone. */
  readonly patience?: number;
}

export async function claimEpoch(
  system: System,
  directories: Directories,
  root: string,
  claim: Claim,
): Promise<Epoch> {
  const parent = epochsOf(root);
  await directories.make(parent);
  const own = await ownIdentity();
  const number = await claimNumber(system, parent, own, claim);
  const directory = epochDirectory(root, number);
  try {
    await directories.sync(parent);
    // Before anybody can know whose it is: who has said nothing is held to be gone.
    if (claim.node) await firstBeat(system, directory);
    const owner = await StagedFile.open(system, `${directory}/owner.json`);
    await owner.write([Buffer.from(JSON.stringify({...own, node: claim.node}))]);
    await owner.seal();
    // Directories come and go; the highest number ever claimed stays, so that none is claimed twice.
    await replaceFile(system, directories, `${parent}/highest`, `${number}\n`, directory);
    const dead = await fenceOlder(system, parent, number, own, claim);
    await directories.sync(parent);
    return {number, directory, dead, isBeside: claim.isBeside === true};
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

/** All who hold an epoch, the newest first; whoever goes away meanwhile is left out. */
export async function readHolders(system: System, root: string): Promise<readonly Holder[]> {
  const parent = epochsOf(root);
  const own = await ownIdentity();
  const numbers = (await epochNumbers(system, parent)).sort((a, b) => b - a);
  return Promise.all(
    numbers.map(async (epoch) => ({
      epoch,
      ...(await readHolder(system, `${parent}/${epoch}`, own)),
    })),
  );
}

/** Ends an epoch, whoever holds it. */
export const fenceEpoch = async (system: System, root: string, number: number): Promise<void> =>
  removeEpoch(system, epochDirectory(root, number));

/** Of who may not write: nothing can be staged in a directory that is never there. */
export const noEpoch = (root: string): Epoch => ({
  number: 0,
  directory: `${epochsOf(root)}/none`,
  dead: new Set(),
  isBeside: false,
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
  claim: Claim,
): Promise<number> {
  for (;;) {
    const newest = Math.max(0, ...(await epochNumbers(system, parent)));
    if (claim.after !== undefined && newest !== claim.after) throw tooLate(parent);
    if (newest > 0 && claim.takeOver !== true && claim.isBeside !== true)
      await refuseIfServed(system, `${parent}/${newest}`, own, claim);
    const number = Math.max(newest, await readHighest(system, `${parent}/highest`)) + 1;
    try {
      await system.mkdir(`${parent}/${number}`);
      return number;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
      if (claim.after !== undefined) throw tooLate(parent);
    }
  }
}

const tooLate = (parent: string): StorageError =>
  new StorageError('unavailable', `another Holdfast was first to take over ${parent}`);

async function refuseIfServed(
  system: System,
  directory: string,
  own: ProcessIdentity,
  claim: Claim,
): Promise<void> {
  const holder = await readHolder(system, directory, own);
  if (!(await lives(system, directory, own, holder, claim))) return;
  const {state, pid = 0, hostname = '?', node} = holder;
  const who =
    state === 'self'
      ? 'this process itself'
      : state === 'alive'
        ? `another Holdfast (pid ${pid})`
        : `another Holdfast (${node?.name ?? hostname})`;
  throw new StorageError(
    'unavailable',
    `${who} serves this directory; stop it first, or give this one another --data-dir`,
  );
}

/** In milliseconds. */
const usualPatience = 3000;
const betweenLooks = 100;

/** Of one of another host its beat alone tells; one that never beats is held to be gone, as its directory was mounted here. */
async function lives(
  system: System,
  directory: string,
  own: ProcessIdentity,
  {state, beat}: Pick<Holder, 'state' | 'beat'>,
  {patience = usualPatience}: Claim,
): Promise<boolean> {
  if (state !== 'unknown') return state !== 'dead';
  if (beat === undefined) return false;
  const end = performance.now() + patience;
  while (performance.now() < end) {
    await setTimeout(betweenLooks);
    const later = await readHolder(system, directory, own);
    if (later.beat !== beat) return later.beat !== undefined;
  }
  return false;
}

async function fenceOlder(
  system: System,
  parent: string,
  number: number,
  own: ProcessIdentity,
  claim: Claim,
): Promise<ReadonlySet<number>> {
  const dead = new Set<number>();
  for (const older of await epochNumbers(system, parent)) {
    if (older >= number) continue;
    const directory = `${parent}/${older}`;
    const holder = await readHolder(system, directory, own);
    if (holder.state === 'dead') dead.add(older);
    if (claim.isBeside === true && (await lives(system, directory, own, holder, claim))) continue;
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
  const entries = await entriesOf(system, parent);
  return entries.filter(({name}) => /^[1-9]\d*$/.test(name)).map(({name}) => Number(name));
}

/** None where nobody has ever written. */
async function entriesOf(system: System, parent: string): Promise<readonly Dirent[]> {
  try {
    return await system.readdir(parent);
  } catch (error) {
    if (hasCode(error, ...absentCodes)) return [];
    throw error;
  }
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
