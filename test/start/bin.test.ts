import {execFile, spawn} from 'node:child_process';
import {once} from 'node:events';
import {cp, mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {said} from '../cli/holdfast.ts';
import {ask} from '../support/registry.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless} from '../support/test-with.ts';
import {repository} from './small-project.ts';

const run = promisify(execFile);

interface Failed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** bin/holdfast.js in front of a build that is one small program. */
async function around(t: ExecutionContext, program?: string): Promise<string> {
  const root = await temporaryDirectory(t);
  await cp(join(repository, 'bin/holdfast.js'), join(root, 'bin/holdfast.js'));
  await writeFile(join(root, 'package.json'), '{"type": "module"}');
  if (program !== undefined) {
    await mkdir(join(root, 'dist/program'), {recursive: true});
    await writeFile(join(root, 'dist/program/main.js'), program);
  }
  return root;
}

/** Threads of the process before and after it had work for a hundred. */
const countThreads = `
  import {pbkdf2} from 'node:crypto';
  import {readdirSync} from 'node:fs';
  import {promisify} from 'node:util';
  const threads = () => readdirSync('/proc/self/task').length;
  const before = threads();
  const work = () => promisify(pbkdf2)('a', 'b', 1000, 32, 'sha256');
  await Promise.all(Array.from({length: 100}, work));
  console.log(threads() - before);`;

const unlessLinux = process.platform === 'linux' ? [] : ['threads are counted in /proc, of Linux'];

testUnless(
  unlessLinux,
  '16 threads do file work, unless UV_THREADPOOL_SIZE says another number',
  async (t) => {
    const root = await around(t, countThreads);
    const env = {...process.env, UV_THREADPOOL_SIZE: undefined};
    const args = [join(root, 'bin/holdfast.js')];
    t.is((await run(process.execPath, args, {env})).stdout, '16\n');
    const chosen = {...env, UV_THREADPOOL_SIZE: '7'};
    t.is((await run(process.execPath, args, {env: chosen})).stdout, '7\n');
  },
);

test('without a build it says how to build, from wherever it is called', async (t) => {
  const root = await around(t);
  const failure = run(process.execPath, [join(root, 'bin/holdfast.js')], {cwd: '/'});
  const {code, stderr} = await t.throwsAsync<Error & Failed>(failure);
  t.is(code, 1);
  t.true(stderr.includes(`node ${join(root, 'bin/prepare.js')}\n`), stderr);
});

const old = `Object.defineProperty(process, 'versions', {value: {node: '20.20.2'}})`;
const asOldNode = {...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURI(old)}`};

/** Puts a Node of its own beside it, which is new enough: it unsets what makes the other one old. */
async function giveOwnNode(root: string): Promise<void> {
  const file = join(root, 'node_modules/.bin/node');
  await mkdir(join(root, 'node_modules/.bin'), {recursive: true});
  await writeFile(file, `#!/bin/sh\nunset NODE_OPTIONS\nexec '${process.execPath}' "$@"\n`, {
    mode: 0o755,
  });
}

test('a Node that is too old is refused, with the command that installs a newer one', async (t) => {
  const root = await around(t, 'console.log("started")');
  const args = [join(root, 'bin/holdfast.js')];
  const refused = async (): Promise<string> => {
    const failure = run(process.execPath, args, {cwd: '/', env: asOldNode});
    const {code, stderr} = await t.throwsAsync<Error & Failed>(failure);
    t.is(code, 1);
    t.regex(stderr, /this is Node 20\.20\.2, and 22\.20 or newer is needed/);
    return stderr;
  };
  // The package of npm has nothing that installs one.
  t.regex(await refused(), /: put one first in the PATH, then do the same again\n$/);
  await writeFile(join(root, 'bin/prepare.js'), '');
  const stderr = await refused();
  t.true(stderr.includes(`node ${join(root, 'bin/prepare.js')}\n`), stderr);
});

test('under a Node that is too old it goes on with its own, through a symbolic link, with all words and the exit code', async (t) => {
  const root = await around(
    t,
    'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;',
  );
  await giveOwnNode(root);
  const link = join(await temporaryDirectory(t), 'holdfast');
  await symlink(join(root, 'bin/holdfast.js'), link);
  const failure = run(process.execPath, [link, 'user', 'list', '--name=a b'], {
    cwd: '/',
    env: asOldNode,
  });
  const {code, stdout, stderr} = await t.throwsAsync<Error & Failed>(failure);
  t.deepEqual([code, stdout, stderr], [7, '["user","list","--name=a b"]\n', '']);
});

test('a Node that is too old hands SIGTERM on to its own once, and ends as that one does', async (t) => {
  const root = await around(
    t,
    `let count = 0;
    process.on('SIGTERM', () => {
      count += 1;
      console.log('stopped', count);
      process.exit(5);
    });
    setInterval(() => undefined, 1000);
    console.log('ready');`,
  );
  await giveOwnNode(root);
  const child = spawn(process.execPath, [join(root, 'bin/holdfast.js')], {
    env: asOldNode,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  t.teardown(() => child.kill('SIGKILL'));
  await said(child, 'stdout', /ready/);
  const stopped = said(child, 'stdout', /stopped 1/);
  child.kill('SIGTERM');
  t.regex(await stopped, /stopped 1/);
  t.deepEqual(await exited, [5, null]);
});

const createAnna = ['user', 'create', 'anna', '--password-stdin', '--data-dir', 'data'];

test('what npm run build makes has accounts and serves, and is stopped by SIGTERM', async (t) => {
  const root = await temporaryDirectory(t);
  const parts = ['bin', 'src', 'storage-drivers', 'web', 'package.json', 'tsconfig.json'];
  for (const part of parts) await cp(join(repository, part), join(root, part), {recursive: true});
  await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  await run('npm', ['run', 'build'], {cwd: root});
  const made = run(process.execPath, ['bin/holdfast.js', ...createAnna], {cwd: root});
  made.child.stdin?.end('the password of anna');
  t.regex((await made).stdout, /made the admin anna/);
  const args = ['bin/holdfast.js', 'serve', '--listen', '127.0.0.1:0'];
  const child = spawn(process.execPath, args, {cwd: root, stdio: ['ignore', 'ignore', 'pipe']});
  const exited = once(child, 'exit');
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  const [, url = ''] =
    /listens on (\S+)/.exec(await said(child, 'stderr', /listens on \S+\n/)) ?? [];
  const {status} = await ask({url, caFile: join(root, 'data/certs/ca.crt')}, '/v2/', {
    headers: {Authorization: `Basic ${btoa('anna:the password of anna')}`},
  });
  t.is(status, 200);
  child.kill('SIGTERM');
  t.deepEqual(await exited, [0, null]);
});
