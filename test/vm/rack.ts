/** Where machines are put up, and what a scenario does there. */
import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {freePort} from '../support/ports.ts';
import type {Lifetime} from '../support/lifetime.ts';
import {projectRoot} from '../support/project-root.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {makeInitramfs} from './initramfs.ts';
import type {Disk, Rack} from './machine.ts';
import {findKernel} from './needs.ts';

/** Where a scenario takes place. */
export interface Stage {
  readonly rack: Rack;
  readonly say: (line: string) => void;
  readonly rounds: number;
}

/** What became of one: empty findings where all was as it should be. */
export interface Outcome {
  readonly rounds: number;
  /** Contents that a client was told are stored, each looked at afterwards. */
  readonly acknowledged: number;
  readonly findings: readonly string[];
}

export type Scenario = (stage: Stage) => Promise<Outcome>;

export async function makeRack(life: Lifetime): Promise<Rack> {
  const kernel = findKernel();
  if (!kernel) throw new Error('there is no kernel');
  const directory = await temporaryDirectory(life);
  const initramfs = await makeInitramfs(directory, kernel, join(projectRoot, 'test/vm/guest.sh'));
  return {life, directory, kernel, initramfs, cable: await freePort(life)};
}

/** An empty one, which takes of the host's disk what is written to it. */
export async function makeDisk(rack: Rack, name: string, mebibytes: number): Promise<Disk> {
  const file = join(rack.directory, `${name}.disk`);
  await using handle = await open(file, 'w');
  await handle.truncate(mebibytes * 1024 * 1024);
  return {file};
}
