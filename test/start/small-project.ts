/** A project that installs in a second without a network, around the real bin/prepare.js. */
import {spawn} from 'node:child_process';
import type {ChildProcess} from 'node:child_process';
import {once} from 'node:events';
import {chmod, cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {text} from 'node:stream/consumers';
import type {ExecutionContext} from 'ava';
import {temporaryDirectory} from '../support/temporary-directory.ts';

export const repository = join(import.meta.dirname, '../..');

/** Counts the builds; hangs where the file `hang` says so, fails where `fail` does. */
const build = `
  import {appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync} from 'node:fs';
  appendFileSync('builds', '+');
  rmSync('dist', {recursive: true, force: true});
  if (existsSync('fail')) process.exit(3);
  if (existsSync('hang')) {
    rmSync('hang');
    console.log('hanging');
    setInterval(() => undefined, 1000);
  } else {
    mkdirSync('dist/program', {recursive: true});
    writeFileSync('dist/program/main.js', '');
  }`;

export const lockFile = {
  name: 'small',
  lockfileVersion: 3,
  requires: true,
  packages: {
    '': {name: 'small', devDependencies: {node: 'file:vendor/node'}},
    'node_modules/node': {resolved: 'vendor/node', link: true},
    'vendor/node': {name: 'node', version: '1.0.0', dev: true, bin: {node: 'bin/node'}},
  },
};

export interface SmallProject {
  readonly root: string;
  readonly write: (path: string, content: string) => Promise<void>;
  /** How often it was built. */
  readonly builds: () => Promise<number>;
  /** Starts bin/prepare.js, as the leader of a process group. */
  readonly start: () => ChildProcess;
  readonly prepare: () => Promise<{code: number | null; output: string}>;
}

export async function smallProject(t: ExecutionContext): Promise<SmallProject> {
  const root = join(await temporaryDirectory(t), 'small');
  const write = async (path: string, content: string): Promise<void> => {
    await mkdir(dirname(join(root, path)), {recursive: true});
    await writeFile(join(root, path), content);
  };
  await write(
    'package.json',
    JSON.stringify({
      name: 'small',
      type: 'module',
      scripts: {build: 'node build.js'},
      devDependencies: {node: 'file:vendor/node'},
    }),
  );
  await write('package-lock.json', JSON.stringify(lockFile));
  await write(
    'vendor/node/package.json',
    '{"name":"node","version":"1.0.0","bin":{"node":"bin/node"}}',
  );
  await write('vendor/node/bin/node', `#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
  await chmod(join(root, 'vendor/node/bin/node'), 0o755);
  await write('build.js', build);
  await write('src/main.ts', '');
  await cp(join(repository, 'bin/prepare.js'), join(root, 'bin/prepare.js'));

  const start = (): ChildProcess =>
    spawn(process.execPath, ['bin/prepare.js'], {
      cwd: root,
      env: {PATH: process.env['PATH'], HOME: root, npm_config_offline: 'true'},
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
  return {
    root,
    write,
    start,
    builds: async () => (await readFile(join(root, 'builds'), 'utf8')).length,
    prepare: async () => {
      const child = start();
      if (child.stderr === null) throw new TypeError('no pipe');
      const [output] = await Promise.all([text(child.stderr), once(child, 'close')]);
      return {code: child.exitCode, output};
    },
  };
}
