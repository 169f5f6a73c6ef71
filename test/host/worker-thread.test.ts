/** What every thread of ours has in common. */
import {execFile} from 'node:child_process';
import path from 'node:path';
import {text} from 'node:stream/consumers';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
import {Worker} from 'node:worker_threads';
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {WorkerThread} from '../../src/host/worker-thread.ts';
import type {EchoExchange} from './echo-worker.ts';

const program = pathToFileURL(path.join(import.meta.dirname, 'echo-worker.ts'));

function echo(t: ExecutionContext): WorkerThread<EchoExchange> {
  const ended = (cause: unknown) => new Error('the echo ended', {cause});
  const thread = new WorkerThread<EchoExchange>({program, data: 'echo of ', ended});
  t.teardown(async () => thread.close());
  return thread;
}

test('each question gets its own answer, from one thread', async (t) => {
  const thread = echo(t);
  t.is(thread.running, undefined, 'it starts when it is first asked');
  const answers = await Promise.all(['slow', 'b', 'c'].map(async (word) => thread.ask(word)));
  t.deepEqual(
    answers.map(({reply}) => reply),
    ['echo of slow', 'echo of b', 'echo of c'],
  );
  t.deepEqual(new Set(answers.map((answer) => answer.thread)), new Set([thread.running]));
});

for (const [how, word] of [
  ['ends', 'exit'],
  ['meets a bug', 'throw'],
  ['meets a bug later', 'reject'],
]) {
  test(`where the thread ${how}, all who wait are told, and the next question starts another`, async (t) => {
    const thread = echo(t);
    const first = await thread.ask('a');
    const asked = await Promise.allSettled(
      [word ?? '', 'slow', 'slow'].map(async (each) => thread.ask(each)),
    );
    for (const each of asked) {
      t.like(each, {status: 'rejected', reason: {message: 'the echo ended'}});
    }
    t.is(thread.running, undefined);
    const next = await thread.ask('b');
    t.is(next.reply, 'echo of b');
    t.not(next.thread, first.thread);
  });
}

test('what must go to one thread goes to no other', async (t) => {
  const thread = echo(t);
  const first = await thread.ask('a');
  t.is((await thread.ask('b', {thread: first.thread})).reply, 'echo of b');
  await t.throwsAsync(thread.ask('exit'), {message: 'the echo ended'});
  await t.throwsAsync(thread.ask('c', {thread: first.thread}), {message: 'the echo ended'});
  await thread.ask('d');
  await t.throwsAsync(thread.ask('e', {thread: first.thread}), {message: 'the echo ended'});
});

test('what can not be sent is an error of who asks, and nobody waits for it', async (t) => {
  const thread = echo(t);
  await t.throwsAsync(thread.ask((() => 'a') as unknown as string), {name: 'DataCloneError'});
  t.is((await thread.ask('b')).reply, 'echo of b');
});

for (const [what, script, told] of [
  ['it has its answer', 'ask-twice.ts', 'echo of slow'],
  ['a thread that it ends has ended', 'ask-and-close.ts', 'it has ended'],
] as const) {
  test(`a process lives until ${what}, and no longer`, async (t) => {
    const file = path.join(import.meta.dirname, script);
    const {stdout} = await promisify(execFile)(process.execPath, [file], {timeout: 60_000});
    t.is(stdout, told);
    // Where it is a thread itself, it ends as soon as nothing holds it.
    const thread = new Worker(file, {stdout: true});
    t.is(await text(thread.stdout), told);
  });
}
