import {mkdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import type {Command} from 'commander';
import {wholeProgram} from '../../src/cli/program.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {bench, login, runningBench, type Bench} from './administration-workbench.ts';
import {holdfast, openDirectory} from './holdfast.ts';

const secret = 'a:b%c"d ü €';

/** Every verb of the administration, in an order in which each has what it needs; with what it reads. */
const commands: readonly (readonly [string, string?])[] = [
  ['user create anna --password-stdin', `${secret}\n`],
  ['user create bert --password-stdin --email b@example.org', 'password of bert'],
  ['user create cora --admin --password-stdin', 'password of cora\r\n'],
  ['user list'],
  ['user show anna'],
  ['user disable bert --yes'],
  ['user enable bert'],
  ['user unlock bert'],
  ['user password bert --password-stdin', 'another password'],
  ['user admin bert'],
  ['user admin bert --off'],
  ['team create makers --owner anna'],
  ['team create others --owner anna'],
  ['team list'],
  ['team add-member makers bert --role viewer'],
  ['team set-role makers bert --role contributor'],
  ['team set-sync makers off'],
  ['team show makers'],
  ['namespace create tools --team makers --visibility public'],
  ['namespace list'],
  ['namespace set-visibility tools private'],
  ['namespace show tools'],
  ['auth explain bert tools/x push'],
  ['team remove-member makers bert'],
  ['namespace set-team tools others'],
  ['namespace delete tools'],
  ['app-token create --user anna --name ci --expires-in 90d --namespace anna --pull-only'],
  ['app-token list --user anna'],
  ['app-token delete --user anna --name ci'],
  ['robot create builder --team makers --role contributor'],
  ['robot list --team makers'],
  ['robot change builder --role viewer --disable'],
  ['robot delete builder'],
  ['team delete others'],
  ['user delete bert'],
  ['keys rotate'],
  ['keys show'],
  ['activity list --key team'],
  ['activity verify'],
  ['activity rotate-key'],
  ['index status'],
  ['reindex'],
  ['database status'],
  ['database backup kept.db'],
  ['database restore kept.db --yes'],
  ['migrate'],
];

/** Those that have their tests elsewhere. */
const others: ReadonlySet<string> = new Set([
  'serve',
  'config',
  'certificate',
  'ldap',
  'keystone',
  'oidc',
  'nginx',
  'import',
  'version',
  'repository',
  'tag',
  'webhook',
  'events',
  'backup',
  'restore',
  'node',
]);

/** `user create`, for each verb that the command line has. */
function verbsOf(command: Command, words: readonly string[] = []): readonly string[] {
  if (command.commands.length === 0) return [words.join(' ')];
  return command.commands.flatMap((below) => verbsOf(below, [...words, below.name()]));
}

async function everyVerb(t: ExecutionContext, made: Bench, json: '' | ' --json'): Promise<void> {
  t.timeout(120_000, 'a command takes a second, and many at once take more');
  for (const [command, input] of commands) {
    const {code, stdout, stderr} = await made.run(command + json, input);
    t.is(code, 0, `${command}${json}: ${stderr}`);
    t.not(stdout, '');
    if (json !== '') t.is(typeof JSON.parse(stdout), 'object', command);
    t.false((stdout + stderr).includes(secret), command);
  }
}

const verbOf = (command: string): string => command.split(' ', 2).join(' ');

test('the tests know every verb of the command line', async (t) => {
  // A copy is between two databases: it has tests of its own.
  const verbs = verbsOf(await wholeProgram()).filter(
    (verb) => !others.has(verb.split(' ')[0] ?? '') && verb !== 'database copy',
  );
  t.deepEqual([...new Set(commands.map(([command]) => verbOf(command)))].sort(), [...verbs].sort());
});

test('every command works without a server', async (t) => {
  await everyVerb(t, await bench(t), '');
});

test('every command works through the running server, whose log has no password and no token', async (t) => {
  const made = await runningBench(t);
  await everyVerb(t, made, ' --json');
  const token = (await made.run('app-token create --user anna --name x')).stdout.trim();
  t.regex(token, /^hfa_/);
  await made.kill('SIGTERM');
  const log = made.said();
  for (const text of [secret, 'password of bert', 'another password', token]) {
    t.false(log.includes(text));
    t.false(log.includes(JSON.stringify(text).slice(1, -1)));
  }
});

test('--verbose tells whether the server was asked or the database opened', async (t) => {
  const made = await runningBench(t);
  t.regex(
    (await made.run('user list --verbose')).stderr,
    /the running server was asked: .*admin\.sock/,
  );
  await made.kill('SIGTERM');
  t.regex((await made.run('user list --verbose')).stderr, /no server runs, the database is opened/);
});

test('an empty user list tells how the first user comes to be, and where a provider names admins, that one', async (t) => {
  const made = await bench(t);
  await mkdir(join(made.cwd, 'data'));
  await made.run('migrate');
  t.is((await made.run('user list')).stdout, 'there is no user yet: holdfast user create NAME\n');
  const admins = [{project: 'admin', role: 'admin'}];
  const keystone = {url: 'https://keystone.example.org/v3', admins};
  await writeFile(join(made.cwd, 'holdfast.yaml'), JSON.stringify({auth: {keystone}}));
  t.is(
    (await made.run('user list')).stdout,
    'there is no user yet: people get their accounts with their first login, and admins come from Keystone (auth.keystone.admins)\n',
  );
});

test('without a server nobody is made who is in the htpasswd file', async (t) => {
  const made = await bench(t);
  await writeFile(join(made.cwd, 'htpasswd'), 'carl:$2y$05$notahash\n');
  await writeFile(join(made.cwd, 'holdfast.yaml'), JSON.stringify({auth: {htpasswd: 'htpasswd'}}));
  t.is((await made.run('user create anna --password-stdin', secret)).code, 0);
  const {code, stderr} = await made.run('user create carl --password-stdin', secret);
  t.is(code, 1);
  t.regex(stderr, /carl is somebody in htpasswd file already/);
});

test('the first user is the admin, the second is not', async (t) => {
  const made = await bench(t);
  t.like(await made.json('user create anna --password-stdin', secret), {isAdmin: true});
  t.like(await made.json('user create bert --password-stdin', secret), {isAdmin: false});
});

test('of three first users that are made at once exactly one is the admin', async (t) => {
  const made = await bench(t);
  await mkdir(join(made.cwd, 'data'));
  await made.run('migrate');
  const users = await Promise.all(
    ['anna', 'bert', 'cora'].map(async (name) =>
      made.json(`user create ${name} --password-stdin`, secret),
    ),
  );
  t.is(users.filter((user) => JSON.stringify(user).includes('"isAdmin":true')).length, 1);
});

test('a password with a colon, a percent sign, quotes and letters beyond ASCII logs in', async (t) => {
  const made = await runningBench(t);
  await made.run('user create anna --password-stdin', `${secret}\n`);
  t.is(await login(made.url, 'anna', secret), 200);
  t.is(await login(made.url, 'anna', `${secret} `), 401);
});

for (const [what, input] of [
  ['several lines', 'one password\nanother password\n'],
  ['nothing', ''],
  ['what is no UTF-8', new Uint8Array([0xff, ...Buffer.from('password')])],
  ['a short password', 'short'],
  ['129 characters', 'x'.repeat(129)],
  ['much', 'x'.repeat(100_000)],
] as const) {
  test(`--password-stdin with ${what} ends with 2, and makes nothing`, async (t) => {
    const made = await bench(t);
    await mkdir(join(made.cwd, 'data'));
    await made.run('migrate');
    const {code, stderr} = await made.run('user create anna --password-stdin', input);
    t.is(code, 2, stderr);
    t.regex(stderr, /^holdfast: .+\n$/);
    t.deepEqual(await made.json('user list'), {users: []});
  });
}

test('without a terminal a password is asked for with --password-stdin alone', async (t) => {
  const made = await bench(t);
  const {code, stderr} = await made.run('user create anna');
  t.is(code, 2);
  t.regex(stderr, /--password-stdin/);
});

for (const name of ['Anna', '../x', 'a b', 'a\nb', '-', '\u001B[31m', 'ä', 'a'.repeat(129), '']) {
  test(`a user with the name ${JSON.stringify(name.slice(0, 20))} is refused with 2`, async (t) => {
    const made = await bench(t);
    const {code, stderr} = await made.run(
      ['user', 'create', '--password-stdin', '--', name],
      secret,
    );
    t.is(code, 2);
    t.false(stderr.includes('\u001B'));
  });
}

test('a name that is not there ends with 1, and tells which was meant', async (t) => {
  const made = await runningBench(t);
  await made.run('user create anna --password-stdin', secret);
  const {code, stderr} = await made.run('user show ana');
  t.is(code, 1);
  t.is(stderr, 'holdfast: there is no user ana; did you mean anna?\n');
});

test('what is misspelt, or differs in capitals alone, is refused with what was meant', async (t) => {
  const made = await runningBench(t);
  await made.run('user create anna --password-stdin', secret);
  await made.run('team create makers --owner anna');
  await made.run('namespace create tools --team makers');
  for (const [command, code, told] of [
    [
      'app-token create --user anna --name x --namespace toolz',
      1,
      'there is no namespace toolz; did you mean tools?',
    ],
    [
      'team create Makers --owner anna',
      1,
      'there is a team makers already, whose name differs in capitals alone: take another name',
    ],
    [
      'user create Bert --password-stdin',
      2,
      'name must be in lower case, as it is part of names of images: bert would do',
    ],
    [
      'app-token create --user anna --name x --expires-in soon',
      2,
      '--expires-in must be a time such as 12h or 90d',
    ],
    [
      'app-token create --user anna --name x --namespace Tools',
      2,
      '--namespace must be the name of a namespace, or / for that of names without a slash',
    ],
  ] as const) {
    const {stderr, ...ended} = await made.run(command, secret);
    t.deepEqual([ended.code, stderr], [code, `holdfast: ${told}\n`]);
  }
  const within = 'app-token create --user anna --name x --namespace tools/build --namespace /';
  t.is((await made.run(within)).code, 0);
});

test('the last admin and the last owner stay', async (t) => {
  const made = await bench(t);
  await made.run('user create anna --password-stdin', secret);
  await made.run('user create bert --password-stdin', secret);
  await made.run('team create makers --owner bert');
  for (const command of ['user disable anna', 'user delete anna', 'user admin anna --off']) {
    const {code, stderr} = await made.run(command);
    t.is(code, 1);
    t.regex(stderr, /anna is the last admin/);
  }
  t.regex((await made.run('user delete bert')).stderr, /bert alone owns the teams makers/);
  t.regex((await made.run('team remove-member makers bert')).stderr, /last owner of makers/);
});

test('auth explain ends with 3 where it is not allowed', async (t) => {
  const made = await bench(t);
  await made.run('user create anna --password-stdin', secret);
  await made.run('user create bert --password-stdin', secret);
  t.is((await made.run('auth explain bert bert/x push')).code, 0);
  const {code, stdout} = await made.run('auth explain bert anna/x pull');
  t.is(code, 3);
  t.regex(stdout, /bert may not pull from anna\/x: the namespace anna is private/);
  t.true(
    stdout.endsWith(
      '\nmake bert a member: holdfast team add-member user:anna bert --role viewer\n',
    ),
    stdout,
  );
  t.regex(
    (await made.run('auth explain bert elsewhere/x push')).stdout,
    /\nmake it: holdfast namespace create elsewhere --team TEAM\n$/,
  );
  const anonymous = await made.run('auth explain - anna/x pull');
  t.is(anonymous.code, 3);
  t.regex(anonymous.stdout, /: holdfast namespace set-visibility anna public\n$/);
  t.is((await made.run('auth explain bert bert/x fly')).code, 2);
});

test('auth explain says that there are no accounts where auth.mode is none', async (t) => {
  const {cwd} = await bench(t);
  const env = {HOLDFAST_AUTH_MODE: 'none'};
  const {code, stdout} = await holdfast('auth explain anna x/y push'.split(' '), {cwd, env});
  t.is(code, 0);
  t.regex(stdout, /^auth\.mode is none: everybody may do everything/);
});

test('who is deleted leaves his namespace to a team, which is told with how to free the name', async (t) => {
  const made = await bench(t);
  for (const name of ['anna', 'bert', 'cora']) {
    await made.run(`user create ${name} --password-stdin`, secret);
  }
  t.is(
    (await made.run('user delete bert --yes')).stdout,
    'deleted bert; the namespace bert/ belongs to the team root now: holdfast namespace delete bert frees the name\n',
  );
  t.is((await made.run('namespace delete bert --yes')).code, 0);
  t.is((await made.run('user create bert --password-stdin', secret)).code, 0);
  await made.run('namespace delete cora --yes');
  t.is((await made.run('user delete cora --yes')).stdout, 'deleted cora\n');
});

test('the socket and its directory are open to their user alone', async (t) => {
  const made = await runningBench(t);
  t.is((await stat(made.socket)).mode & 0o777, 0o600);
  t.is((await stat(join(made.cwd, 'data/run'))).mode & 0o777, 0o700);
});

test('what a killed server left of its socket is no obstacle, to commands and to the next server', async (t) => {
  const made = await runningBench(t);
  await made.run('user create anna --password-stdin', secret);
  await made.kill('SIGKILL');
  t.true((await stat(made.socket)).isSocket());
  t.regex((await made.run('user list --verbose')).stderr, /no server runs/);
  const next = await runningBench(t, {}, made.cwd);
  t.regex((await next.run('user list --verbose')).stderr, /running server was asked/);
  await next.kill('SIGTERM');
  await t.throwsAsync(stat(made.socket), {code: 'ENOENT'});
});

test('a data directory of a long path has a socket too', async (t) => {
  const made = await runningBench(t, {HOLDFAST_DATA_DIR: `${'long-'.repeat(30)}/data`});
  const args = ['user', 'list', '--verbose', '--data-dir', `${'long-'.repeat(30)}/data`];
  t.regex((await made.run(args)).stderr, /running server was asked/);
});

test('a damaged database is told in a sentence, and left as it is', async (t) => {
  const made = await bench(t);
  await mkdir(join(made.cwd, 'data'));
  await made.run('migrate');
  await writeFile(join(made.cwd, 'data/database/holdfast.db'), 'x'.repeat(8192), {mode: 0o600});
  const {code, stderr} = await made.run('user list');
  t.is(code, 1);
  t.regex(stderr, /^holdfast: .*holdfast\.db is damaged, or no database.*\n$/);
});

testUnless(
  unlessRoot,
  'a server of another user is told, and what to do; the database is not touched',
  async (t) => {
    const made = await runningBench(t, {}, await openDirectory(t));
    for (const command of ['user list', 'user create anna --password-stdin']) {
      const around = {cwd: made.cwd, nobody: true, input: secret};
      const {code, stdout, stderr} = await holdfast(command.split(' '), around);
      t.is(code, 1);
      t.is(stdout, '');
      t.is(
        stderr,
        `holdfast: ${made.socket} belongs to another user: run this command as the user that runs holdfast, or as root\n`,
      );
    }
    t.deepEqual(await made.json('user list'), {users: []});
  },
);
