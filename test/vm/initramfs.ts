/** What a kernel finds in memory when it begins: busybox, and the modules that lead to the host's files. */
import {copyFile, mkdir, readFile, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {run} from '../support/command.ts';
import {findProgram} from '../support/programs.ts';
import type {Kernel} from './needs.ts';

/** The others are loaded by the machine itself, once it sees them. */
const first = ['virtio_pci', '9pnet_virtio', '9p', 'overlay', 'virtio_blk', 'virtio-rng'];

/** Answers where it lies; `next` is the script that goes on from there. */
export async function makeInitramfs(
  directory: string,
  {root, version}: Kernel,
  next: string,
): Promise<string> {
  const tree = join(directory, 'initramfs');
  for (const name of ['bin', 'modules', 'proc', 'sys', 'dev', 'host', 'memory', 'root'])
    await mkdir(join(tree, name), {recursive: true});
  await copyFile(findProgram('busybox') ?? '', join(tree, 'bin/busybox'));
  await copyFile(join(import.meta.dirname, 'init.sh'), join(tree, 'init'));
  await run('chmod', ['755', join(tree, 'init')]);
  await writeFile(join(tree, 'next'), next);
  const modules = await withDependencies(root, version);
  for (const module of modules)
    await copyFile(
      join(root, 'lib/modules', version, module),
      join(tree, 'modules', basename(module)),
    );
  await writeFile(join(tree, 'modules/order'), `${modules.map((at) => basename(at)).join('\n')}\n`);
  const file = join(directory, 'initramfs.gz');
  await run('sh', ['-c', `find . | cpio -o -H newc --quiet | gzip -1 > ${file}`], {cwd: tree});
  return file;
}

/** In the order in which they can be loaded. */
async function withDependencies(root: string, version: string): Promise<readonly string[]> {
  const list = join(root, 'lib/modules', version, 'modules.dep');
  await run('sh', [
    '-c',
    `test -s ${list} || ${findProgram('busybox') ?? 'busybox'} depmod -b ${root} ${version}`,
  ]);
  const lines = (await readFile(list, 'utf8')).split('\n').map((line) => line.split(': '));
  const needs = new Map(
    lines.map(([module = '', needed = '']) => [
      module.replace(/:$/, ''),
      needed.split(' ').filter(Boolean),
    ]),
  );
  const found = new Set<string>();
  for (const name of first) {
    const module = [...needs.keys()].find((at) => basename(at).split('.')[0] === name);
    if (module === undefined) throw new Error(`the kernel ${version} has no module ${name}`);
    // The first that a line names stands on the others.
    for (const each of [...(needs.get(module) ?? [])].reverse()) found.add(each);
    found.add(module);
  }
  return [...found];
}
