/** Publishes what dead writers have left beside a key: the longest that was durable, cut to its last checkpoint. */
import type {Dirent} from 'node:fs';
import {dirname} from 'node:path';
import {StorageError} from '../../src/storage/driver.ts';
import {readCheckpoint} from './checkpoint.ts';
import {absentCodes, hasCode, tolerate} from './errors.ts';
import {keyNameOf, parsePartName, type PartName} from './part-name.ts';
import {publishStaged, publishFenced, withStagedFile} from './staging.ts';
import type {Volume} from './volume.ts';

const copyBytes = 1024 * 1024;

interface Promised extends PartName {
  /** Bytes of the last checkpoint. */
  readonly size: number;
}

export async function adopt(volume: Volume, path: string): Promise<number | undefined> {
  return volume.locks.run(`adopt ${path}`, () => adoptAlone(volume, path));
}

async function adoptAlone(volume: Volume, path: string): Promise<number | undefined> {
  const dead = await deadParts(volume, path);
  if (dead.length === 0) return undefined;
  const promised = await Promise.all(dead.map((part) => measure(volume, part)));
  const longest = promised.reduce((a, b) => (b.size > a.size ? b : a));
  const isPublished = longest.size > 0 && (await publishPart(volume, longest, path)) === 'created';
  for (const {base} of dead) {
    await tolerate(volume.system.unlink(`${base}.part`));
    await tolerate(volume.system.unlink(`${base}.checkpoint`));
  }
  if (isPublished) return longest.size;
  await volume.directories.prune(dirname(path));
  return undefined;
}

/** Parts of later epochs are their holder's business, as ours is over then; but where all go on, whose client has come here. */
async function deadParts(volume: Volume, path: string): Promise<PartName[]> {
  const parts = new Map<string, PartName>();
  const entries = await entriesOf(volume, dirname(path));
  for (const {name} of entries) {
    const part = parsePartName(path, name);
    if (part && isDead(volume, part)) parts.set(part.base, part);
  }
  await removePublished(volume, dirname(path), new Set(entries.map(({name}) => name)));
  return [...parts.values()];
}

const isDead = ({epoch, liveParts}: Volume, part: PartName): boolean =>
  (epoch.isBeside || part.epoch <= epoch.number) && !liveParts.has(part.base);

/** Parts whose writer published them and could not remove them: nobody else would, since nobody adopts a key that is taken. */
async function removePublished(
  volume: Volume,
  directory: string,
  names: ReadonlySet<string>,
): Promise<void> {
  for (const name of names) {
    const keyName = keyNameOf(name);
    if (keyName === undefined || !names.has(keyName)) continue;
    const part = parsePartName(`${directory}/${keyName}`, name);
    if (part && isDead(volume, part)) await tolerate(volume.system.unlink(`${directory}/${name}`));
  }
}

async function entriesOf({system}: Volume, directory: string): Promise<readonly Dirent[]> {
  try {
    return await system.readdir(directory);
  } catch (error) {
    if (hasCode(error, ...absentCodes)) return [];
    throw error;
  }
}

async function measure(volume: Volume, part: PartName): Promise<Promised> {
  const {system} = volume;
  const promised = await readCheckpoint(system, `${part.base}.checkpoint`);
  if (promised === 0) return {...part, size: 0};
  try {
    const {size} = await system.stat(`${part.base}.part`);
    return {...part, size: size < promised ? 0 : promised};
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return {...part, size: 0};
    throw error;
  }
}

async function publishPart(
  volume: Volume,
  part: Promised,
  path: string,
): Promise<'created' | 'exists'> {
  const file = `${part.base}.part`;
  if (volume.epoch.dead.has(part.epoch)) {
    await truncate(volume, file, part.size);
    return publishFenced(volume, file, path);
  }
  // A writer on another host may only be paused, and would go on writing to the very file that we published. And where one of this process
  // gave up, a sync may have failed: that file can't be made durable any more.
  return withStagedFile(
    volume,
    (copy) => copyInto(volume, file, part.size, (batch) => copy.write(batch)),
    (copy) => publishStaged(volume, copy.path, path),
  );
}

async function truncate({system}: Volume, path: string, size: number): Promise<void> {
  const fd = await system.open(path, 'r+');
  try {
    await system.truncate(fd, size);
    await system.fsync(fd);
  } finally {
    await system.close(fd);
  }
}

async function copyInto(
  {system}: Volume,
  path: string,
  size: number,
  write: (batch: readonly Uint8Array[]) => Promise<void>,
): Promise<void> {
  const fd = await system.open(path, 'r');
  try {
    for (let at = 0; at < size;) {
      const buffer = Buffer.allocUnsafeSlow(Math.min(copyBytes, size - at));
      const count = await system.read(fd, buffer, at);
      if (count === 0) throw new StorageError('corrupt', `${path} is shorter than its checkpoint`);
      await write([buffer.subarray(0, count)]);
      at += count;
    }
  } finally {
    await system.close(fd);
  }
}
