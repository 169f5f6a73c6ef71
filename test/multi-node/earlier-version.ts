/** Holdfast as it was at an earlier commit, with other migrations. */
import {spawnSync} from 'node:child_process';
import {symlink} from 'node:fs/promises';
import path from 'node:path';
import {run} from '../support/command.ts';
import type {Lifetime} from '../support/lifetime.ts';
import {projectRoot} from '../support/project-root.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

/** The last one before migrations 0008 to 0010. */
const commit = 'ea9912b090a300718a54c5b1d0cd51887fb6e1bc';

/** Why it can't be had; empty where it can. */
export function missingHistory(): readonly string[] {
  const words = ['cat-file', '-e', `${commit}^{commit}`];
  if (spawnSync('git', words, {cwd: projectRoot}).status === 0) return [];
  return [`this is no clone of git that goes back to ${commit.slice(0, 7)}`];
}

/** The entry of its command line. */
export async function earlierVersion(life: Lifetime): Promise<string> {
  const directory = await temporaryDirectory(life);
  const archive = path.join(directory, 'tree.tar');
  const words = ['archive', '--output', archive, commit, 'src', 'storage-drivers', 'package.json'];
  await run('git', words, {cwd: projectRoot});
  await run('tar', ['-xf', archive, '-C', directory]);
  await symlink(path.join(projectRoot, 'node_modules'), path.join(directory, 'node_modules'));
  return path.join(directory, 'src/cli/main.ts');
}
