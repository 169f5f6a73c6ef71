/** The client as the harness holds it: a process of its own, so that its processor time is its own too. */
import {type ChildProcess, fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import type {Done, Job, Reply} from './jobs.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));

export class Client {
  readonly #process: ChildProcess = fork(main, {stdio: ['ignore', 'inherit', 'inherit', 'ipc']});

  /** Does one job. Throws what the client met. */
  async do(job: Job): Promise<Done> {
    const ended = new AbortController();
    const {signal} = ended;
    this.#process.send(job);
    const reply = await Promise.race([
      once(this.#process, 'message', {signal}).then(([message]) => message as Reply),
      once(this.#process, 'exit', {signal}).then((): Reply => ({failure: 'the client ended'})),
    ]).finally(() => {
      ended.abort();
    });
    if ('failure' in reply) throw new Error(reply.failure);
    return reply;
  }

  async close(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
