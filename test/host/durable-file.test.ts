/** What lies on this host's disk for every part that keeps small files there. */
import {mkdir, readFile, readdir, stat, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {
  makeDirectory,
  prepareReplacement,
  publish,
  removeStaged,
  secretMode,
} from '../../src/host/durable-file.ts';
import {codeOrThrow, errorCode} from '../../src/host/error-code.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

test('of many that publish one name at once, the content of one is there, whole and secret', async (t) => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'secret');
  const contents = Array.from({length: 20}, (_, each) => String(each).padStart(9_999, '-'));
  await Promise.all(contents.map(async (content) => publish(path, content, secretMode)));
  t.true(contents.includes(await readFile(path, 'utf8')));
  t.is((await stat(path)).mode & 0o777, 0o600);
  t.deepEqual(await readdir(directory), ['secret'], 'nothing else stays');
});

test('what was published is not published over', async (t) => {
  const path = join(await temporaryDirectory(t), 'secret');
  await publish(path, 'first', secretMode);
  await publish(path, Buffer.from('second'), secretMode);
  t.is(await readFile(path, 'utf8'), 'first');
});

test('a replacement shows when it is committed, and leaves nothing when it is discarded', async (t) => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'secret');
  await publish(path, 'old', secretMode);
  await (await prepareReplacement(path, 'never', secretMode)).discard();
  const replacement = await prepareReplacement(path, 'new', secretMode);
  t.is(await readFile(path, 'utf8'), 'old');
  await replacement.commit();
  t.is(await readFile(path, 'utf8'), 'new');
  t.deepEqual(await readdir(directory), ['secret']);
});

test('a directory is made with its parents, in its mode', async (t) => {
  const directory = join(await temporaryDirectory(t), 'a', 'b');
  await makeDirectory(directory, {mode: 0o700});
  await makeDirectory(directory, {mode: 0o755});
  t.is((await stat(directory)).mode & 0o777, 0o700, 'one that is there stays as it is');
});

test('leftovers of dead writers go by their age, and nothing else does', async (t) => {
  const directory = await temporaryDirectory(t);
  const old = new Date('2020-01-01');
  for (const name of ['.staged-old', '.staged-young', 'old']) {
    await writeFile(join(directory, name), '');
    if (name !== '.staged-young') await utimes(join(directory, name), old, old);
  }
  await removeStaged(directory, new Date('2020-01-02'));
  t.deepEqual((await readdir(directory)).toSorted(), ['.staged-young', 'old']);
});

test('an error of the system has a code, and another is thrown on', async (t) => {
  const directory = await temporaryDirectory(t);
  const there = await t.throwsAsync(mkdir(directory));
  t.is(errorCode(there), 'EEXIST');
  t.is(codeOrThrow(there), 'EEXIST');
  const bug = new TypeError('a bug');
  t.is(errorCode(bug), undefined);
  t.is(errorCode('EEXIST'), undefined);
  t.is(
    t.throws(() => codeOrThrow(bug)),
    bug,
  );
});
