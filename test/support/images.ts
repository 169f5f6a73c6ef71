/** Images made from busybox by the tools that people make images with. */
import {createHash, randomUUID} from 'node:crypto';
import {copyFile, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {findProgram} from './programs.ts';
import type {Workbench} from './workbench.ts';

/** A small root file system: bin/busybox, and etc/greeting with a text that exists once in the world. */
export type RootFilesystem = {
  readonly directory: string;
  readonly greeting: string;
};

export async function rootFilesystem(bench: Workbench, name = 'rootfs'): Promise<RootFilesystem> {
  const directory = bench.path(name);
  const greeting = `hello ${randomUUID()}\n`;
  await mkdir(join(directory, 'bin'), {recursive: true});
  await mkdir(join(directory, 'etc'));
  await copyFile(busybox(), join(directory, 'bin/busybox'));
  await writeFile(join(directory, 'etc/greeting'), greeting);
  return {directory, greeting};
}

/** Says whether a directory that came back from a registry holds what was put in. */
export async function sameContent(directory: string, origin: RootFilesystem): Promise<boolean> {
  const greeting = await readFile(join(directory, 'etc/greeting'), 'utf8');
  const busyboxes = await Promise.all([
    sha256OfFile(join(directory, 'bin/busybox')),
    sha256OfFile(join(origin.directory, 'bin/busybox')),
  ]);
  return greeting === origin.greeting && busyboxes[0] === busyboxes[1];
}

export async function sha256OfFile(path: string): Promise<string> {
  return sha256(await readFile(path));
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** `sha256:...` of a manifest as a client printed it. */
export function digestOf(content: string | Uint8Array): string {
  return `sha256:${sha256(content)}`;
}

/** An OCI image layout made by umoci in the directory `layout`, with the tag `v1`. */
export async function umociImage(
  bench: Workbench,
  origin: RootFilesystem,
  layout: string,
): Promise<void> {
  await bench.umoci('init', '--layout', layout);
  await bench.umoci('new', '--image', `${layout}:v1`);
  await bench.umoci('insert', '--image', `${layout}:v1`, join(origin.directory, 'bin'), '/bin');
  await bench.umoci('insert', '--image', `${layout}:v1`, join(origin.directory, 'etc'), '/etc');
  await bench.umoci('config', '--image', `${layout}:v1`, '--config.cmd', '/bin/busybox');
}

/** Builds an image with buildah from scratch and commits it under `name`. */
export async function buildahImage(
  bench: Workbench,
  origin: RootFilesystem,
  name: string,
  options: {readonly architecture?: string} = {},
): Promise<void> {
  const container = await bench.buildah('from', 'scratch');
  await bench.buildah('add', container, origin.directory, '/');
  const entrypoint = ['--entrypoint', '["/bin/busybox"]'];
  await bench.buildah(
    'config',
    ...entrypoint,
    '--arch',
    options.architecture ?? 'amd64',
    container,
  );
  await bench.buildah('commit', '--rm', container, name);
}

function busybox(): string {
  const path = findProgram('busybox');
  if (path === undefined) throw new Error('busybox is not installed');
  return path;
}
