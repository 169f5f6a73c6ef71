/** Images that need no other registry: of programs of this machine, with the libraries that they load. */
import {copyFile, cp, mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {run} from './command.ts';
import type {Client} from './workbench.ts';

interface Base {
  /** By their paths in the image. */
  readonly programs: Readonly<Record<string, string>>;
  /** What programs load later: machine code of packages. */
  readonly loaded?: readonly string[];
  /** Files and directories of this machine, at the same places in the image. */
  readonly files?: readonly string[];
  /** Texts, by their paths in the image. */
  readonly texts?: Readonly<Record<string, string>>;
  /** For `docker import`: `ENTRYPOINT ["x"]`. */
  readonly changes?: readonly string[];
}

/** As `ldd` tells them; the loader has no arrow. */
async function librariesOf(path: string): Promise<readonly string[]> {
  const {stdout} = await run('ldd', [path]);
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+)/gm)].map(([, file = '']) => file);
}

/** Makes a root file system in the directory, and an image of it. */
export async function importBase(
  docker: Client,
  directory: string,
  name: string,
  {programs, loaded = [], files = [], texts = {}, changes = []}: Base,
): Promise<void> {
  const place = async (path: string): Promise<string> => {
    const target = join(directory, path);
    await mkdir(dirname(target), {recursive: true});
    return target;
  };
  for (const [path, source] of Object.entries(programs)) await copyFile(source, await place(path));
  const needed = await Promise.all([...Object.values(programs), ...loaded].map(librariesOf));
  for (const library of new Set(needed.flat())) await copyFile(library, await place(library));
  for (const path of ['/etc/ssl/certs/ca-certificates.crt', ...files]) {
    await cp(path, await place(path), {recursive: true, dereference: true});
  }
  for (const [path, text] of Object.entries(texts)) await writeFile(await place(path), text);
  for (const path of ['tmp', 'run', 'var']) await mkdir(join(directory, path), {recursive: true});
  const archive = `${directory}.tar`;
  await run('tar', ['-c', '-f', archive, '-C', directory, '.']);
  const words = changes.flatMap((change) => ['--change', change]);
  await docker('import', ...words, archive, name);
}
