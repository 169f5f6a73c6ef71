/** Whether a directory is the root of a mounted file system: one that is not mounted looks like an empty one. */
import {readFile, realpath, stat} from 'node:fs/promises';
import {dirname, resolve} from 'node:path';
import {codeOrThrow} from '../host/error-code.ts';
import type {Fault} from './fault.ts';
import type {Config} from './schema.ts';

/** `undefined`: it is mounted, or nobody asked for it. */
export async function checkMount({
  dataDir,
  storage: {requireMount},
}: Pick<Config, 'dataDir' | 'storage'>): Promise<Fault | undefined> {
  if (requireMount === false) return undefined;
  const path = resolve(requireMount === true ? dataDir : requireMount);
  if (await isMountPoint(path)) return undefined;
  return {
    path,
    message:
      'is no mount point, and storage.requireMount says that it must be one: nothing was made or changed there; mount it, then start again',
  };
}

async function isMountPoint(path: string): Promise<boolean> {
  try {
    const real = await realpath(path);
    if (real === '/') return true;
    if ((await stat(real)).dev !== (await stat(dirname(real))).dev) return true;
    // A directory that is bound to another place of the same file system.
    return (await mountPoints()).has(real);
  } catch (error) {
    codeOrThrow(error);
    return false;
  }
}

async function mountPoints(): Promise<ReadonlySet<string>> {
  const text = await readFile('/proc/self/mountinfo', 'utf8');
  const paths = text.split('\n').map((line) => line.split(' ')[4] ?? '');
  return new Set(
    paths.map((path) =>
      path.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8))),
    ),
  );
}
