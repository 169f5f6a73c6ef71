import {mkdtemp, readFile, rm, statfs} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';

/** A fresh directory, gone at the end together with whatever was mounted below it. */
export async function temporaryDirectory(life: Lifetime): Promise<string> {
  return directoryIn(tmpdir(), life);
}

/** The same in memory, where there is enough of it: for what is not about the disk, which has better to do than to sync it. */
export async function memoryDirectory(life: Lifetime): Promise<string> {
  return directoryIn((await inMemory) ?? tmpdir(), life);
}

const memory = '/dev/shm';
/** In bytes; containers often have 64 MiB of it. */
const enough = 2 * 1024 ** 3;

const inMemory: Promise<string | undefined> = statfs(memory).then(
  ({bavail, bsize}) => (bavail * bsize >= enough ? memory : undefined),
  () => undefined,
);

async function directoryIn(place: string, life: Lifetime): Promise<string> {
  const directory = await mkdtemp(join(place, 'holdfast-test-'));
  life.teardown(async () => {
    await unmountBelow(directory);
    await rm(directory, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
  });
  return directory;
}

async function unmountBelow(directory: string): Promise<void> {
  const mounts = await readFile('/proc/self/mounts', 'utf8');
  const points = mounts
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => point.startsWith(`${directory}/`));
  for (const point of points.reverse()) await run('umount', ['-l', point], {allowFailure: true});
}
