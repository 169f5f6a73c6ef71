import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {findProgram} from '../support/programs.ts';
import {bench} from './administration-workbench.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const script = findProgram('script');
const onTerminal = script === undefined ? test.skip : test;

interface Typing {
  readonly after: RegExp;
  readonly type: string;
}

/** Runs a command on a terminal of its own, and types when it has asked. */
async function typed(
  t: ExecutionContext,
  cwd: string,
  command: string,
  typing: readonly Typing[],
): Promise<{code: unknown; output: string}> {
  const line = `${process.execPath} ${main} ${command}`;
  const child: ChildProcess = spawn(script ?? '', ['-qec', line, '/dev/null'], {
    cwd,
    env: {PATH: process.env['PATH']},
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  let output = '';
  let rest = '';
  const open = [...typing];
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    rest += chunk.toString();
    const [next] = open;
    if (!next?.after.test(rest)) return;
    open.shift();
    rest = '';
    child.stdin?.write(next.type);
  });
  const [code] = (await once(child, 'close')) as [unknown];
  return {code, output};
}

onTerminal('a password is asked for twice, and not shown', async (t) => {
  const {cwd, json} = await bench(t);
  const {code, output} = await typed(t, cwd, 'user create anna', [
    {after: /Password for "anna": /, type: 'pässwörX\u007Fd\r'},
    {after: /Once more: /, type: 'pässwörd\r'},
  ]);
  t.is(code, 0, output);
  t.notRegex(output.replaceAll('Password', ''), /pä|rd/);
  t.like(await json('user show anna'), {isAdmin: true});
});

onTerminal('two passwords that differ make nothing', async (t) => {
  const {cwd, json} = await bench(t);
  const {code, output} = await typed(t, cwd, 'user create anna', [
    {after: /Password for "anna": /, type: 'password one\r'},
    {after: /Once more: /, type: 'password two\r'},
  ]);
  t.is(code, 1);
  t.regex(output, /the two passwords differ/);
  t.deepEqual(await json('user list'), {users: []});
});

onTerminal('what deletes asks on a terminal, and not with --yes', async (t) => {
  const {cwd, run, json} = await bench(t);
  await run('robot create ci --team root --role viewer');
  const no = await typed(t, cwd, 'robot delete ci', [{after: /\[y\/N\] /, type: '\r'}]);
  t.is(no.code, 1);
  t.like(await json('robot list'), {robots: {length: 1}});
  const yes = await typed(t, cwd, 'robot delete ci --yes', []);
  t.is(yes.code, 0);
  t.deepEqual(await json('robot list'), {robots: []});
});
