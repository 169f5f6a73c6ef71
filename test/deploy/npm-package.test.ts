/** The package of npm, as it is packed, in an empty folder. */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdir, readdir, symlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import test from 'ava';
import {said} from '../cli/holdfast.ts';
import {run} from '../support/command.ts';
import {projectRoot} from '../support/project-root.ts';
import {ask} from '../support/registry.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

test('what npm packs installs into an empty folder, and npx starts it there', async (t) => {
  t.timeout(180_000);
  const directory = await temporaryDirectory(t);
  // Who runs the tests has built it, and npm would look once more whether that is so.
  const words = ['pack', '--ignore-scripts', '--pack-destination', directory];
  await run('npm', words, {cwd: projectRoot});
  const [file = ''] = (await readdir(directory)).filter((name) => name.endsWith('.tgz'));
  const folder = join(directory, 'folder');
  await mkdir(folder);
  // The Node of these tests is new enough, and may not be the first in the PATH.
  const bin = join(directory, 'bin');
  await mkdir(bin);
  await symlink(process.execPath, join(bin, 'node'));
  const env = {PATH: `${bin}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`};
  const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join('..', file)];
  await run('npm', install, {cwd: folder, env, timeout: 150_000});
  const {stdout} = await run('npx', ['holdfast', '--version'], {cwd: folder, env});
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/);

  const args = ['holdfast', 'serve', '--listen', '127.0.0.1:0', '--auth', 'none', '--tls', 'off'];
  const child = spawn('npx', args, {
    cwd: folder,
    env: {...process.env, ...env},
    stdio: ['ignore', 'ignore', 'pipe'],
    // npx and what it starts end together.
    detached: true,
  });
  const ended = once(child, 'exit');
  const end = (): boolean => process.kill(-(child.pid ?? 0), 'SIGTERM');
  t.teardown(() => (child.exitCode === null && child.signalCode === null ? end() : false));
  const welcome = await said(child, 'stderr', /curl .*\n/);
  const url = /listens on (\S+)/.exec(welcome)?.[1] ?? '';
  t.is((await ask({url}, '/v2/')).status, 200);
  const headers = {Accept: 'text/html'};
  t.regex((await ask({url}, '/', {headers})).body.toString(), /<!doctype html>/i);
  end();
  await ended;
  t.deepEqual(await readdir(folder).then((names) => names.sort()), [
    'data',
    'node_modules',
    'package-lock.json',
    'package.json',
  ]);
});
