/** Between two rounds: nobody shall pay for what another has left behind. */
import {execFile} from 'node:child_process';
import {readdir, stat, unlink} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';

const execute = promisify(execFile);
/** Manifests, links and small layers may stay. */
const large = 2 ** 20;

/** Waits until the file system has written all it holds; resolves with the seconds that took. */
export async function syncFileSystem(directory: string): Promise<number> {
  const started = performance.now();
  await execute('sync', ['-f', directory]);
  return (performance.now() - started) / 1000;
}

/** Removes large files below a directory and waits until the file system is at rest. */
export async function sweep(root: string): Promise<void> {
  for (const entry of await readdir(root, {recursive: true, withFileTypes: true})) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await stat(path)).size >= large) await unlink(path);
  }
  await syncFileSystem(root);
}
