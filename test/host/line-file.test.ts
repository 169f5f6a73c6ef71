/** A file that lines are added to in the background. */
import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {LineFile} from '../../src/host/line-file.ts';
import {until} from '../support/raw-request.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';

async function opened(t: ExecutionContext, options: {file?: string; maxWaiting?: number} = {}) {
  const file = options.file ?? path.join(await memoryDirectory(t), 'logs/access.log');
  const told = {lost: 0, failures: [] as unknown[], gaps: [] as number[]};
  const lines = new LineFile({
    path: file,
    onLost: () => (told.lost += 1),
    onFailure: (error) => told.failures.push(error),
    onGap: (count) => told.gaps.push(count),
    ...(options.maxWaiting === undefined ? {} : {maxWaiting: options.maxWaiting}),
  });
  t.teardown(async () => lines.close());
  await lines.open();
  return {lines, file, told, text: async () => readFile(file, 'utf8').catch(() => '')};
}

test('lines are there in their order, behind those that were there before', async (t) => {
  const file = path.join(await memoryDirectory(t), 'access.log');
  await writeFile(file, 'before\n');
  const {lines, text} = await opened(t, {file});
  const written = Array.from({length: 1000}, (_, index) => `line ${index}\n`);
  for (const line of written) lines.write(line);
  await lines.close();
  t.is(await text(), `before\n${written.join('')}`);
});

test('a file that was renamed is made anew within a second or two, without a signal', async (t) => {
  const {lines, file, text} = await opened(t);
  lines.write('one\n');
  await until(async () => (await text()) === 'one\n');
  await rename(file, `${file}.1`);
  await until(async () => {
    lines.write('more\n');
    return (await text()).includes('more');
  });
  t.regex(await readFile(`${file}.1`, 'utf8'), /^one\n(?:more\n)*$/);
  t.regex(await text(), /^(?:more\n)+$/);
});

test('a file that was renamed is made anew at once where that is asked for', async (t) => {
  const {lines, file, text} = await opened(t);
  lines.write('one\n');
  await until(async () => (await text()) === 'one\n');
  await rename(file, `${file}.1`);
  lines.reopen();
  lines.write('two\n');
  await lines.close();
  t.is(await readFile(`${file}.1`, 'utf8'), 'one\n');
  t.is(await text(), 'two\n');
});

test('what comes while too much waits is lost, counted, and told once there is room', async (t) => {
  const {lines, told, text} = await opened(t, {maxWaiting: 50});
  for (let index = 0; index < 10; index += 1) lines.write('123456789\n');
  t.is(told.lost, 5);
  await until(async () => (await text()).length === 50);
  lines.write('last\n');
  await lines.close();
  t.true((await text()).endsWith('\nlast\n'));
  t.deepEqual(told.gaps, [5]);
  t.deepEqual(told.failures, []);
});

test('a full disk loses lines and ends nothing', async (t) => {
  const {lines, told} = await opened(t, {file: '/dev/full'});
  lines.write('one\n');
  await until(() => told.lost === 1);
  lines.write('two\n');
  await lines.close();
  t.is(told.lost, 2);
  t.like(told.failures[0], {code: 'ENOSPC'});
});

test('a directory that is away loses lines until it is back', async (t) => {
  const {lines, file, told, text} = await opened(t);
  const directory = path.dirname(file);
  await rm(directory, {recursive: true});
  await writeFile(directory, 'in the way');
  lines.reopen();
  lines.write('one\n');
  await until(() => told.lost === 1);
  await rm(directory);
  await mkdir(directory);
  lines.write('two\n');
  await until(async () => (await text()) === 'two\n');
  t.deepEqual(told.gaps, [1]);
});
