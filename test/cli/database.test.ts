import {once} from 'node:events';
import {watch} from 'node:fs';
import {chmod, chown, mkdir, readdir, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {tryHostLock} from '../../src/host/host-lock.ts';
import {onEachServer} from '../contract/engines.ts';
import {urlOf} from '../support/database-server.ts';
import {until} from '../support/raw-request.ts';
import {secret} from '../support/secrets.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {bench, login, runningBench} from './administration-workbench.ts';
import {holdfast, nobody, openDirectory, said, startCommand} from './holdfast.ts';

interface Counted {
  readonly tables: readonly {readonly table: string; readonly rows: number}[];
}

const usersIn = (answer: unknown): number | undefined =>
  (answer as Counted).tables.find(({table}) => table === 'users')?.rows;

const word = 'a password of anna';

test('a backup is made and put back while the server runs, and counts at once', async (t) => {
  const {cwd, run, json, url} = await runningBench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  const made = await json('database backup first.db');
  t.is(usersIn(made), 1);
  t.is((await stat(join(cwd, 'first.db'))).mode & 0o777, 0o600);
  t.is((await run('user create bert --password-stdin', word)).code, 0);
  t.is(await login(url, 'bert', word), 200);
  const again = await run('database backup first.db');
  t.is(again.code, 1);
  t.regex(again.stderr, /first\.db is there already: name another file/);
  t.is(usersIn(await json('database restore first.db --yes')), 1);
  t.is(await login(url, 'bert', word), 401);
  t.is(await login(url, 'anna', word), 200);
  const status = await json('database status');
  t.like(status, {engine: 'sqlite', place: join(cwd, 'data/database/holdfast.db')});
  t.deepEqual(
    (await readdir(join(cwd, 'data/run'))).filter((name) => name.startsWith('restore')),
    [],
  );
});

test('what a backup has left that was killed goes with the next one, and that of one that lives stays', async (t) => {
  const {cwd, run} = await runningBench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  const directory = join(cwd, 'data/run');
  const passed = async () =>
    (await readdir(directory)).filter((name) => name.startsWith('backup-')).toSorted();
  const killed = startCommand(t, ['database', 'backup', 'first.db', '--data-dir', 'data'], {cwd});
  const changes = watch(directory);
  t.teardown(() => {
    changes.close();
  });
  // The server writes it, and the command waits for that.
  changes.on('change', (_, name) => {
    if (String(name).startsWith('backup-')) killed.kill('SIGKILL');
  });
  await once(killed, 'exit');
  changes.close();
  await until(async () => (await passed()).some((name) => name.endsWith('.db')));
  const living = 'backup-0123456789abcdef';
  const release = await tryHostLock(directory, living);
  await writeFile(join(directory, `${living}.db`), '');
  await writeFile(join(directory, `${living}.db.partial`), '');
  t.is((await run('database backup second.db')).code, 0);
  t.deepEqual(await passed(), [`${living}.db`, `${living}.db.partial`]);
  release?.();
  t.is((await run('database backup third.db')).code, 0);
  t.deepEqual(await passed(), []);
});

test('the copy that a restore has left that was killed goes with the next one, and that of one that lives stays', async (t) => {
  const {cwd, run} = await runningBench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  t.is((await run('database backup kept.db')).code, 0);
  const directory = join(cwd, 'data/run');
  const [dead, living] = ['restore-0123456789abcdef', 'restore-fedcba9876543210'];
  for (const name of [dead, living]) {
    await mkdir(join(directory, name));
    await writeFile(join(directory, name, 'copy.db'), '');
  }
  const release = await tryHostLock(directory, living);
  t.is((await run('database restore kept.db --yes')).code, 0);
  const left = async () => (await readdir(directory)).filter((name) => name.startsWith('restore'));
  t.deepEqual(await left(), [living]);
  release?.();
  t.is((await run('database restore kept.db --yes')).code, 0);
  t.deepEqual(await left(), []);
});

testUnless(
  unlessRoot,
  'a backup goes where its command may write, and comes from where it may read, whoever runs the server',
  async (t) => {
    const cwd = await openDirectory(t);
    const data = join(cwd, 'data');
    await mkdir(data);
    await chown(data, nobody, nobody);
    await mkdir(join(cwd, 'shut'));
    await chmod(join(cwd, 'shut'), 0o700);
    const args = ['serve', '--listen', '127.0.0.1:0', '--tls', 'off'];
    const server = startCommand(t, args, {cwd, nobody: true});
    await said(server, 'stderr', /docker push .*\n/);
    const {run, json} = await bench(t, cwd);
    t.is((await run('user create anna --password-stdin', word)).code, 0);
    const kept = join(cwd, 'shut/kept.db');
    t.like(await json('database backup shut/kept.db'), {file: kept});
    t.like(await stat(kept), {uid: 0, mode: 0o100600});
    t.regex((await run('database backup shut/kept.db')).stderr, /kept\.db is there already/);
    const restored = await json('database restore shut/kept.db --yes');
    t.like(restored, {file: kept});
    t.is(usersIn(restored), 1);
    const left = await readdir(join(data, 'run'));
    t.deepEqual(left.sort(), ['admin.sock', 'setup-code']);
  },
);

test('what is no backup is refused with its name', async (t) => {
  const {run} = await runningBench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  const {code, stderr} = await run(['database', 'restore', process.execPath, '--yes']);
  t.is(code, 1);
  t.regex(stderr, /is no backup, and no database of SQLite's/);
});

test('a copy to what a running server uses is refused, whatever it is called', async (t) => {
  const {cwd, run} = await runningBench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  const copied = await run('database copy current other.db');
  t.is(copied.code, 0);
  t.regex(
    copied.stderr,
    /^holdfast: a server uses .*: what it changes after this is not in the copy\n/,
  );
  await symlink('data/database/holdfast.db', join(cwd, 'link.db'));
  for (const target of ['current', 'link.db', './data/database/holdfast.db']) {
    const {code, stderr} = await run(`database copy other.db ${target} --replace --yes`);
    t.is(code, 1);
    t.regex(stderr, /a server uses .*: stop it first/);
  }
});

test('what is one database is no source and target, and no password is a word of the command line', async (t) => {
  const {cwd, run} = await bench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  await symlink('data/database/holdfast.db', join(cwd, 'link.db'));
  const aliases = [
    ['current', 'link.db'],
    ['mysql://a@127.0.0.1/x', 'mariadb://b@LOCALHOST:3306/x'],
    ['postgres://a@localhost/x?socket=/run/postgresql', 'postgres://a@[::1]/x'],
    ['postgres://a@db.invalid/x', 'postgresql://a@DB.invalid./x'],
  ];
  for (const [from = '', to = ''] of aliases) {
    const {code, stderr} = await run(['database', 'copy', from, to, '--replace', '--yes']);
    t.is(code, 1);
    t.regex(stderr, /are one database/, `${from} ${to}`);
  }
  const {code, stderr} = await run(
    `database copy current postgres://a:${secret('hunter33')}@b.invalid/x`,
  );
  t.is(code, 2);
  t.regex(stderr, /a URL of the command line has no password: --password-stdin/);
});

test('a lost system is made anew of a backup', async (t) => {
  const first = await bench(t);
  t.is((await first.run('user create anna --password-stdin', word)).code, 0);
  t.is((await first.run('database backup kept.db')).code, 0);
  const second = await bench(t);
  const {code, stderr} = await second.run([
    'database',
    'restore',
    join(first.cwd, 'kept.db'),
    '--yes',
  ]);
  t.is(code, 0, stderr);
  t.is(usersIn(await second.json('database status')), 1);
});

onEachServer('accounts move to a server, and back into a file', async (t, engine) => {
  const server = await (await engine.server(t)).fresh();
  const {cwd, run, json} = await bench(t);
  t.is((await run('user create anna --password-stdin', word)).code, 0);
  const {password = '', ...address} = server;
  const bare = urlOf({...address, password: undefined});
  const moved = await run(['database', 'copy', 'current', bare, '--password-stdin'], password);
  t.is(moved.code, 0, moved.stderr);
  t.regex(moved.stdout, /users +1/);
  const held = await run(['database', 'copy', 'current', bare, '--password-stdin'], password);
  t.regex(held.stderr, /holds accounts: --replace deletes them/);
  const wrong = await run(
    ['database', 'copy', 'current', bare, '--password-stdin'],
    'not this one',
  );
  t.is(wrong.code, 1);
  t.regex(wrong.stderr, /the user or the password is not what the server has/);

  const env = {HOLDFAST_METADATA_URL: bare, HOLDFAST_METADATA_PASSWORD: password};
  const on = async (command: string) => holdfast(command.split(' '), {cwd, env});
  t.regex((await on('migrate')).stdout, /is as this version needs it/);
  const status = await on('database status');
  t.is(status.code, 0, status.stderr);
  t.regex(status.stdout, new RegExp(`engine: +${engine.name} \\d`));
  t.regex((await on('user list')).stdout, /anna/);
  t.regex((await on('config print')).stdout, /password: '\*{8}'/);
  t.is((await on('database copy current back.db')).code, 0);
  t.is((await on('database backup backup.db')).code, 0);
  t.is(usersIn(await json('database copy backup.db again.db')), 1);
});
