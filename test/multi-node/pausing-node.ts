/** A node of another host, as far as anybody can see, that stands still at a system call and is woken up. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import supertest from 'supertest';
import {environment} from '../support/command.ts';
import type {InProcess} from '../support/in-process.ts';
import type {Lifetime} from '../support/lifetime.ts';
import {findProgram} from '../support/programs.ts';
import {quickly, withoutSettings} from '../support/serve-process.ts';
import type {Order, Report} from './pausing-orders.ts';

const program = path.join(import.meta.dirname, 'pausing-server.ts');

export type Serving = Pick<InProcess, 'port' | 'dataDir' | 'api'>;

export class PausingNode {
  readonly #child: ChildProcess;

  constructor(life: Lifetime) {
    const words = ['--uts', 'sh', '-c', 'hostname another && exec "$@"', 'sh'];
    this.#child = spawn(
      findProgram('unshare') ?? '',
      [...words, process.execPath, quickly, program],
      {
        env: environment(withoutSettings),
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      },
    );
    life.teardown(() => this.#child.kill('SIGKILL'));
  }

  /** Beside others, where it is given their database. */
  async serve(dataDir: string, database?: string): Promise<Serving> {
    const {url = ''} = await this.#tell({do: 'serve', dataDir, database});
    return {dataDir, port: Number(new URL(url).port), api: supertest(url)};
  }

  /** Right before so many calls of its driver, counted from now. */
  async standStillBefore(call: number): Promise<void> {
    await this.#tell({do: 'stand still', before: call});
  }

  async isStandingStill(): Promise<boolean> {
    const text = await readFile(`/proc/${this.#child.pid ?? 0}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).startsWith('T');
  }

  async goOn(): Promise<void> {
    this.#child.kill('SIGCONT');
    await this.#tell({do: 'go on'});
  }

  async stop(): Promise<void> {
    await this.#tell({do: 'stop'});
  }

  async #tell(order: Order): Promise<Report> {
    const answered = once(this.#child, 'message') as Promise<[Report]>;
    this.#child.send(order);
    const [report] = await answered;
    return report;
  }
}
