/** System calls by which everything looks as if it had changed long ago, so that it may be kept in memory; counted by name. */
import fs from 'fs-extra';
import {realSystem, type System} from '../../storage-drivers/filesystem/system.ts';

export interface SettledSystem extends System {
  readonly calls: Map<string, number>;
}

const age = 10_000;

export function settledSystem(): SettledSystem {
  const calls = new Map<string, number>();
  const count = (name: string): void => {
    calls.set(name, (calls.get(name) ?? 0) + 1);
  };
  return {
    ...realSystem,
    calls,
    open: async (path, flags) => {
      count('open');
      return realSystem.open(path, flags);
    },
    readdir: async (path) => {
      count('readdir');
      return realSystem.readdir(path);
    },
    stat: async (path) => {
      count('stat');
      const stats = await realSystem.stat(path);
      return Object.assign(stats, {ctimeMs: stats.ctimeMs - age});
    },
    fstat: async (fd) => {
      const stats = await realSystem.fstat(fd);
      return Object.assign(stats, {ctimeMs: stats.ctimeMs - age});
    },
  };
}

/** Resolves when the clock of the file system has gone on, so that the next change leaves another time than the last. */
export async function nextFileTime(directory: string): Promise<void> {
  const probe = `${directory}/probe-of-the-clock`;
  const touch = async (): Promise<number> => {
    await fs.writeFile(probe, '');
    return (await fs.stat(probe)).ctimeMs;
  };
  const before = await touch();
  while ((await touch()) === before);
  await fs.remove(probe);
}
