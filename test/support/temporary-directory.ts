import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {run} from './command.ts';
import type {Lifetime} from './lifetime.ts';

/** A fresh directory, gone at the end together with whatever was mounted below it. */
export async function temporaryDirectory(life: Lifetime): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'holdfast-test-'));
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
