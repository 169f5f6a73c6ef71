import {execFile} from 'node:child_process';
import {once} from 'node:events';
import {existsSync} from 'node:fs';
import {readFile, rm, symlink, utimes} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {said} from '../cli/holdfast.ts';
import {lockFile, repository, smallProject} from './small-project.ts';

const nothing = {code: 0, output: ''};

test('a fresh tree is installed and built, and then nothing is left to do', async (t) => {
  const {root, prepare, builds} = await smallProject(t);
  const {code, output} = await prepare();
  t.is(code, 0, output);
  t.regex(output, /^holdfast: installing what package-lock\.json names/);
  t.regex(output, /^holdfast: building dist/m);
  t.true(existsSync(join(root, 'node_modules/.bin/node')));
  t.true(existsSync(join(root, 'dist/program/main.js')));
  t.deepEqual(await prepare(), nothing);
  t.is(await builds(), 1);
});

test('a source that was changed, added or removed is built, and nothing is installed', async (t) => {
  const {root, prepare, builds, write} = await smallProject(t);
  await prepare();
  await utimes(join(root, 'src/main.ts'), 1, 1);
  t.is((await prepare()).output, 'holdfast: building dist (npm run build)\n');
  await write('storage-drivers/new/driver.ts', '');
  t.is((await prepare()).output, 'holdfast: building dist (npm run build)\n');
  await rm(join(root, 'storage-drivers/new'), {recursive: true});
  t.is((await prepare()).output, 'holdfast: building dist (npm run build)\n');
  await rm(join(root, 'dist'), {recursive: true});
  t.is((await prepare()).output, 'holdfast: building dist (npm run build)\n');
  t.deepEqual(await prepare(), nothing);
  t.is(await builds(), 5);
});

test('a package-lock.json that was changed is installed anew', async (t) => {
  const {prepare, write} = await smallProject(t);
  await prepare();
  const node = {...lockFile.packages['vendor/node'], version: '1.0.1'};
  await write('vendor/node/package.json', JSON.stringify(node));
  const packages = {...lockFile.packages, 'vendor/node': node};
  await write('package-lock.json', JSON.stringify({...lockFile, packages}));
  t.regex((await prepare()).output, /installing/);
  t.deepEqual(await prepare(), nothing);
});

test('what npm install itself has made is taken as it is, if it fits', async (t) => {
  const {root, prepare} = await smallProject(t);
  await prepare();
  await rm(join(root, 'node_modules/.holdfast-installed'));
  t.deepEqual(await prepare(), nothing);
  t.true(existsSync(join(root, 'node_modules/.holdfast-installed')));
});

test('an install that was interrupted before it brought Node is done again', async (t) => {
  const {root, prepare} = await smallProject(t);
  await prepare();
  await rm(join(root, 'node_modules/.bin/node'));
  t.regex((await prepare()).output, /installing/);
  t.deepEqual(await prepare(), nothing);
});

test('of processes that start at once one prepares, and the others wait for it', async (t) => {
  const {prepare, builds} = await smallProject(t);
  const ended = await Promise.all([prepare(), prepare(), prepare(), prepare()]);
  t.deepEqual(
    ended.map(({code}) => code),
    [0, 0, 0, 0],
    ended.map(({output}) => output).join('\n'),
  );
  t.is(ended.filter(({output}) => output.includes('installing')).length, 1);
  t.is(await builds(), 1);
});

test('who waits goes on when the other is killed', async (t) => {
  const {root, prepare, start, write} = await smallProject(t);
  await prepare();
  await write('src/new.ts', '');
  await write('hang', '');
  const first = start();
  await said(first, 'stderr', /hanging/);
  const second = start();
  await said(second, 'stderr', /waiting for it/);
  const exited = once(second, 'exit');
  if (first.pid !== undefined) process.kill(-first.pid, 'SIGKILL');
  t.deepEqual(await exited, [0, null]);
  t.true(existsSync(join(root, 'dist/program/main.js')));
});

test('a list of packages that was cut off is installed anew', async (t) => {
  const {root, prepare, write} = await smallProject(t);
  await prepare();
  await rm(join(root, 'node_modules/.holdfast-installed'));
  await write('node_modules/.package-lock.json', '{"packages": {');
  t.regex((await prepare()).output, /installing/);
});

test('a build that fails ends with 1, says so, and is tried again', async (t) => {
  const {root, prepare, write} = await smallProject(t);
  await write('fail', '');
  const {code, output} = await prepare();
  t.is(code, 1);
  t.regex(output, /holdfast: npm run build failed \(exit code 3\)/);
  await rm(join(root, 'fail'));
  t.is((await prepare()).code, 0);
});

test('an install that fails ends with 1 and with what npm said', async (t) => {
  const {prepare, write} = await smallProject(t);
  await write('package-lock.json', JSON.stringify({...lockFile, packages: {'': {name: 'small'}}}));
  const {code, output} = await prepare();
  t.is(code, 1);
  t.regex(output, /npm error/);
  t.regex(output, /holdfast: npm ci failed \(exit code 1\)/);
});

test('a node_modules that is a link is never emptied', async (t) => {
  const other = await smallProject(t);
  await other.prepare();
  const {root, prepare, write} = await smallProject(t);
  await symlink(join(other.root, 'node_modules'), join(root, 'node_modules'));
  t.is((await prepare()).code, 0);
  await write(
    'package-lock.json',
    JSON.stringify({...lockFile, name: 'changed', version: '2.0.0'}),
  );
  await write('node_modules/.package-lock.json', '{"packages": {}}');
  const {code, output} = await prepare();
  t.is(code, 1);
  t.regex(output, /node_modules is a link/);
  t.true(existsSync(join(other.root, 'node_modules/.bin/node')));
});

test('a start that finds all in place is done within a second', async (t) => {
  const {root, prepare} = await smallProject(t);
  await prepare();
  const times: number[] = [];
  for (let run = 0; run < 5; run += 1) {
    const started = performance.now();
    await promisify(execFile)(process.execPath, ['bin/prepare.js'], {cwd: root});
    times.push(performance.now() - started);
  }
  t.true(Math.min(...times) < 1000, String(times));
  t.regex(
    await readFile(join(root, 'node_modules/.holdfast-installed'), 'utf8'),
    /^\w+-\w+ \w+\n$/,
  );
});

test('no package is compiled at the install: neither Python nor a compiler is asked for', async (t) => {
  const text = await readFile(join(repository, 'package-lock.json'), 'utf8');
  const {packages} = JSON.parse(text) as {packages: Record<string, {gypfile?: boolean}>};
  // npm compiles what has a binding.gyp, whatever the package itself says, unless the lock file says so as well: `npm install` drops that.
  const compiled = Object.entries(packages).filter(
    ([place, {gypfile}]) =>
      place !== '' && gypfile !== false && existsSync(join(repository, place, 'binding.gyp')),
  );
  t.deepEqual(compiled, []);
});
