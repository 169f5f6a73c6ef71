/** Commands without a server, where there is no data directory, or one that another user shall have. */
import {chown, mkdir, readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {bench} from './administration-workbench.ts';
import {holdfast, nobody} from './holdfast.ts';

const password = 'correct horse';

for (const command of [
  'user list',
  'user show anna',
  'user disable anna --yes',
  'team create makers --owner anna',
  'namespace list',
  'auth explain - alpine pull',
  'app-token list --user anna',
  'keys show',
  'keys rotate',
  'migrate',
]) {
  test(`"${command}" without a data directory ends with 2, tells where it looked, and makes nothing`, async (t) => {
    const made = await bench(t);
    t.deepEqual(await made.run(command), {
      code: 2,
      stdout: '',
      stderr: `holdfast: there is no data directory in ${made.cwd}/data; name it with --data-dir or --config (a server makes it at its first start)\n`,
    });
    t.deepEqual(await readdir(made.cwd), []);
  });
}

for (const [command, input] of [
  ['user create admin --password-stdin', password],
  ['database restore kept.db --yes', ''],
] as const) {
  test(`"${command}" makes no new data directory that nobody has named, and tells how to name it`, async (t) => {
    const {cwd} = await bench(t);
    const plain = await holdfast(command.split(' '), {cwd, input});
    t.is(plain.code, 2);
    t.regex(plain.stderr, new RegExp(`there is no data directory in ${cwd}/data; name`));
    t.true(plain.stderr.includes(`--data-dir ${cwd}/data`));
    t.deepEqual(await readdir(cwd), []);
  });
}

test('in a directory without a database nothing is made, and it is told', async (t) => {
  const made = await bench(t);
  await mkdir(join(made.cwd, 'data/photos'), {recursive: true});
  const {code, stderr} = await made.run('user list');
  t.is(code, 2);
  t.true(stderr.includes(`the data directory ${made.cwd}/data has no database yet`));
  t.deepEqual(await readdir(join(made.cwd, 'data')), ['photos']);
});

test('the first user may be made before the first start, and it is told where', async (t) => {
  const made = await bench(t);
  const {code, stdout} = await made.run('user create admin --password-stdin', password);
  t.is(code, 0);
  t.is(
    stdout,
    `made the admin admin, with the namespace admin/ (no server runs; in ${made.cwd}/data)\n`,
  );
  t.like(await made.json('user list'), {users: {length: 1}});
  // Where the storage lies the server may be told otherwise.
  t.false((await readdir(join(made.cwd, 'data'))).includes('registry'));
});

for (const [what, input] of [
  ['a short password', 'short'],
  ['a password with a control character', 'correct\u0007horse'],
  ['no password', ''],
] as const) {
  test(`a first user with ${what} leaves nothing behind`, async (t) => {
    const made = await bench(t);
    const {code, stderr} = await made.run('user create anna --password-stdin', input);
    t.is(code, 2, stderr);
    t.deepEqual(await readdir(made.cwd), []);
  });
}

test('keys show makes no key', async (t) => {
  const made = await bench(t);
  await made.run('user create admin --password-stdin', password);
  const {code, stderr} = await made.run('keys show');
  t.is(code, 1);
  t.true(stderr.includes(`there is no key in ${made.cwd}/data/keys yet`));
  t.deepEqual(await readdir(join(made.cwd, 'data/keys')), []);
  t.is((await made.run('keys rotate')).code, 0);
  t.is((await made.run('keys show')).code, 0);
});

testUnless(
  unlessRoot,
  'what root makes before the first start belongs to the owner of the data directory',
  async (t) => {
    const made = await bench(t, await temporaryDirectory(t));
    const data = join(made.cwd, 'data');
    await mkdir(data);
    await chown(data, nobody, nobody);
    t.is((await made.run('user create admin --password-stdin', password)).code, 0);
    t.is((await made.run('keys rotate')).code, 0);
    const below = await readdir(data, {recursive: true});
    t.true(['certs', 'database', 'keys', 'run'].every((name) => below.includes(name)));
    for (const path of below) {
      const {uid, gid} = await stat(join(data, path));
      t.deepEqual([uid, gid], [nobody, nobody], path);
    }
  },
);
