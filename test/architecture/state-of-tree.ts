/** What the source tree is at this moment, in a few bytes. */
import {createHash} from 'node:crypto';
import {readFile, readlink} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from '../support/command.ts';

/** The packages that are installed, as npm has noted them. */
const packages = 'node_modules/.package-lock.json';

/**
 * Another text for every other content of what git knows or would add, of the installed packages and of Node: all that a tool which looks
 * at the tree can see. `undefined` where git can't tell.
 */
export async function stateOfTree(root: string): Promise<string | undefined> {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const {exitCode, stdout} = await run('git', list, {cwd: root, allowFailure: true}).catch(() => ({
    exitCode: undefined,
    stdout: '',
  }));
  if (exitCode !== 0) return undefined;
  const hash = createHash('sha256').update(process.version);
  const names = new Set(stdout.split('\0').filter((name) => name !== ''));
  for (const name of [...names, packages].sort()) {
    const bytes = await contentOf(join(root, name));
    hash.update(`\0${name}\0${bytes?.length ?? 'not there'}\0`).update(bytes ?? '');
  }
  return hash.digest('hex');
}

/** A link is where it leads; `undefined` for what was deleted and not committed yet. */
async function contentOf(path: string): Promise<Buffer | undefined> {
  return readlink(path)
    .then((target) => Buffer.from(target))
    .catch(async () => readFile(path))
    .catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    });
}
