import {execFile} from 'node:child_process';
import {mkdir, rename, rm, stat, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import test from 'ava';
import {BcryptThread} from '../../../src/auth/bcrypt-thread.ts';
import type {PasswordProvider} from '../../../src/auth/ports.ts';
import {openHtpasswd} from '../../../src/auth/providers/htpasswd.ts';
import {ConfigError} from '../../../src/config/fault.ts';
import {temporaryDirectory} from '../../support/temporary-directory.ts';
import {testWith} from '../../support/test-with.ts';
import {keptLog, never} from '../workbench.ts';
import {htpasswd, line} from './htpasswd-file.ts';

const run = promisify(execFile);

const outcome = async (
  provider: PasswordProvider,
  username: string,
  password: string,
): Promise<string> => (await provider.login({username, password}, never)).outcome;

test('a name added, changed or taken out counts from the next login on', async (t) => {
  const {provider, write} = await htpasswd(t, [await line('anna', 'one')]);
  t.is(await outcome(provider, 'bert', 'two'), 'not-accepted');
  await write(await line('anna', 'one'), await line('bert', 'two'));
  t.is(await outcome(provider, 'bert', 'two'), 'accepted');
  await write(await line('anna', 'six'), await line('bert', 'two'));
  t.is(await outcome(provider, 'anna', 'one'), 'rejected');
  t.is(await outcome(provider, 'anna', 'six'), 'accepted');
  await write(await line('anna', 'six'));
  t.is(await outcome(provider, 'bert', 'two'), 'not-accepted');
});

test('a change that keeps size and time is seen, also in a file that had settled', async (t) => {
  const {provider, path, write} = await htpasswd(t, [await line('anna', 'one')], {
    now: () => Date.now() + 3_600_000,
  });
  t.is(await outcome(provider, 'anna', 'one'), 'accepted');
  const {atime, mtime} = await stat(path);
  await write(await line('anna', 'two'));
  await utimes(path, atime, mtime);
  t.is(await outcome(provider, 'anna', 'one'), 'rejected');
  t.is(await outcome(provider, 'anna', 'two'), 'accepted');
});

test('another file put in its place counts', async (t) => {
  const {provider, path} = await htpasswd(t, [await line('anna', 'one')]);
  await writeFile(`${path}.new`, await line('anna', 'two'));
  await rename(`${path}.new`, path);
  t.is(await outcome(provider, 'anna', 'one'), 'rejected');
  t.is(await outcome(provider, 'anna', 'two'), 'accepted');
});

test('a change is told without a login', async (t) => {
  const {provider, write, changed, path} = await htpasswd(t, [await line('anna', 'one')], {
    pollInterval: 20,
  });
  const first = changed();
  await write(await line('anna', 'two'));
  await first;
  const vanished = changed();
  await rm(path);
  await vanished;
  await t.throwsAsync(provider.check(never), {message: /can't be read/});
});

test('a file that vanished lets nobody in, fails the check, is told once, and serves again when it is back', async (t) => {
  const {provider, path, write, lines} = await htpasswd(t, [await line('anna', 'one')]);
  await rm(path);
  for (const username of ['anna', 'nobody']) {
    await t.throwsAsync(provider.login({username, password: 'one'}, never), {
      message: /htpasswd file .* can't be read/,
    });
  }
  await t.throwsAsync(provider.check(never));
  t.is(lines.filter(({level}) => level === 'error').length, 1);
  await write(await line('anna', 'one'));
  await provider.check(never);
  t.is(await outcome(provider, 'anna', 'one'), 'accepted');
});

test('a missing file, a directory and a pipe are faults of the configuration', async (t) => {
  const directory = await temporaryDirectory(t);
  const pipe = join(directory, 'pipe');
  const bcrypt = new BcryptThread();
  await run('mkfifo', [pipe]);
  await mkdir(join(directory, 'directory'));
  for (const path of [join(directory, 'missing'), join(directory, 'directory'), pipe]) {
    const error = await t.throwsAsync(openHtpasswd({path, bcrypt, log: keptLog().log}), {
      instanceOf: ConfigError,
    });
    t.is(error.faults[0]?.path, 'auth.htpasswd');
    t.true(error.message.includes(path), error.message);
  }
});

test('lines of other kinds are told once, by number, and their names never log in', async (t) => {
  const good = await line('good', 'password');
  const written = [
    '# a comment',
    '',
    'md5:$apr1$9Cv/OMGj$ZomWQzuQL.3TRCS81A1g/.',
    'sha:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
    'crypt:rqXexS6ZhobKA',
    'plain:password',
    'no colon in secretive line',
    good.slice(0, -3).replace('good', 'short'),
    good.replace('good', 'Capital'),
    good.replace('good', 'a/b'),
    good.replace('good:$2y$05', 'costly:$2y$15'),
    good,
    good.replace('good', 'md5'),
    good.replace('good', 'windows') + '\r',
  ];
  const {provider, write, lines} = await htpasswd(t, written);
  const told = (): unknown[] =>
    lines.filter(({level}) => level === 'warn').map(({fields}) => fields['line']);
  const bad = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13];
  t.deepEqual(told(), bad);
  for (const name of ['md5', 'sha', 'crypt', 'plain', 'short', 'costly']) {
    t.is(await outcome(provider, name, 'password'), 'rejected', name);
  }
  for (const name of ['Capital', 'a/b', '# a comment', 'no colon in secretive line']) {
    t.is(await outcome(provider, name, 'password'), 'not-accepted', name);
  }
  for (const name of ['good', 'windows']) {
    t.is(await outcome(provider, name, 'password'), 'accepted', name);
  }
  await write(...written, 'plain2:password');
  t.is(await outcome(provider, 'good', 'password'), 'accepted');
  t.deepEqual(told(), [...bad, 15]);
  t.notRegex(JSON.stringify(lines), /apr1|SHA|rqX|secretive|:password|\$2y/);
});

test('a file without a usable line lets nobody in', async (t) => {
  const {provider} = await htpasswd(t, ['plain:password']);
  t.is(await outcome(provider, 'plain', 'password'), 'rejected');
  t.is(await outcome(provider, 'plain', 'plain'), 'rejected');
  t.is(await outcome(provider, 'other', 'password'), 'not-accepted');
});

test('hundreds of bad lines make some twenty of the log', async (t) => {
  const {lines} = await htpasswd(
    t,
    Array.from({length: 500}, (_, index) => `user${index}:plain`),
  );
  t.is(lines.length, 21);
  t.is(lines.at(-1)?.fields['lines'], 480);
});

testWith(['htpasswd'], 'what htpasswd -B writes lets its names in', async (t) => {
  const {provider, path} = await htpasswd(t, []);
  await run('htpasswd', ['-bB', path, 'anna', 'pässwörd: 100%']);
  await run('htpasswd', ['-bB', '-C', '8', path, 'bert', 'two']);
  await run('htpasswd', ['-bm', path, 'carl', 'three']);
  t.is(await outcome(provider, 'anna', 'pässwörd: 100%'), 'accepted');
  t.is(await outcome(provider, 'bert', 'two'), 'accepted');
  t.is(await outcome(provider, 'carl', 'three'), 'rejected');
  await run('htpasswd', ['-D', path, 'bert']);
  t.is(await outcome(provider, 'bert', 'two'), 'not-accepted');
});
