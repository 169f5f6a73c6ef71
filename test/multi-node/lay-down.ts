/** A tree as a disk shows it after the power was cut, laid down for a server to be started on. */
import {link, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {FoundTree} from './power-cut.ts';

export async function layDown(directory: string, {directories, files}: FoundTree): Promise<void> {
  await mkdir(directory, {recursive: true});
  for (const [path, {mode}] of directories) await mkdir(join(directory, path), {mode});
  for (const [path, {bytes, mode, alsoAt}] of files) {
    if (alsoAt === undefined) await writeFile(join(directory, path), bytes, {mode});
    else await link(join(directory, alsoAt), join(directory, path));
  }
}
