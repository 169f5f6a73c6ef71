import type {ExecutionContext} from 'ava';
import {entry} from '../support/serve-process.ts';
import {onTerminal, type Typing} from '../support/terminal.ts';
import {testWith} from '../support/test-with.ts';
import {bench} from './administration-workbench.ts';

/** `holdfast COMMAND`. */
const typed = async (
  t: ExecutionContext,
  cwd: string,
  command: string,
  typing: readonly Typing[],
): ReturnType<typeof onTerminal> =>
  onTerminal(t, `${process.execPath} ${entry} ${command}`, typing, {
    cwd,
    env: {PATH: process.env['PATH']},
  });

testWith(['script'], 'a password is asked for twice, and not shown', async (t) => {
  const {cwd, json} = await bench(t);
  const {code, output} = await typed(t, cwd, 'user create anna --data-dir data', [
    {after: /Password for "anna": /, type: 'pässwörX\u007Fd\r'},
    {after: /Once more: /, type: 'pässwörd\r'},
  ]);
  t.is(code, 0, output);
  t.notRegex(output.replaceAll('Password', ''), /pä|rd/);
  t.like(await json('user show anna'), {isAdmin: true});
});

testWith(['script'], 'two passwords that differ make nothing', async (t) => {
  const {cwd, run, json} = await bench(t);
  await run('user create root --password-stdin', 'password of root');
  const {code, output} = await typed(t, cwd, 'user create anna', [
    {after: /Password for "anna": /, type: 'password one\r'},
    {after: /Once more: /, type: 'password two\r'},
  ]);
  t.is(code, 1);
  t.regex(output, /the two passwords differ/);
  t.like(await json('user list'), {users: [{name: 'root'}]});
  t.is(((await json('user list')) as {users: unknown[]}).users.length, 1);
});

testWith(['script'], 'what deletes asks on a terminal, and not with --yes', async (t) => {
  const {cwd, run, json} = await bench(t);
  await run('user create root --password-stdin', 'password of root');
  await run('robot create ci --team root --role viewer');
  const no = await typed(t, cwd, 'robot delete ci', [{after: /\[y\/N\] /, type: '\r'}]);
  t.is(no.code, 1);
  t.like(await json('robot list'), {robots: {length: 1}});
  const yes = await typed(t, cwd, 'robot delete ci --yes', []);
  t.is(yes.code, 0);
  t.deepEqual(await json('robot list'), {robots: []});
});
