/** Holdfast as a process of its own on plain HTTP, watched from outside: its memory, its descriptors, its log. */
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import type {Readable} from 'node:stream';
import {findSecrets} from '../support/secrets.ts';
import {entry} from '../support/serve-process.ts';
import type {Probe, ProbeRequest} from './probe.ts';

const probe = new URL('probe.ts', import.meta.url).href;

export interface Measure extends Probe {
  readonly descriptors: number;
}

export class ServerProcess {
  readonly port: number;
  readonly storageRoot: string;
  /** Lines of the log that are errors, whatever was written beside the log, and secrets anywhere. */
  readonly complaints: string[];
  readonly #child: ChildProcess;
  readonly #directory: string;
  #isStopping = false;

  private constructor(
    child: ChildProcess,
    {port, directory, complaints}: Pick<ServerProcess, 'port' | 'complaints'> & {directory: string},
  ) {
    this.#child = child;
    this.#directory = directory;
    this.port = port;
    this.complaints = complaints;
    this.storageRoot = join(directory, 'data/registry');
    child.once('exit', (code, signal) => {
      if (!this.#isStopping) complaints.push(`the server ended with ${code ?? signal ?? ''}`);
    });
  }

  /** With time-outs of seconds, so that whatever hangs is over soon. With the password of an admin it has accounts. */
  static async start(adminPassword?: string): Promise<ServerProcess> {
    const directory = await mkdtemp(join(tmpdir(), 'holdfast-load-'));
    const configFile = join(directory, 'holdfast.yaml');
    const config = {
      dataDir: join(directory, 'data'),
      http: {
        listen: ['127.0.0.1:0'],
        bodyIdleTimeout: '2s',
        headersTimeout: '2s',
        keepAliveTimeout: '2s',
      },
      tls: {mode: 'off'},
      // As many wrong passwords as there may be: they are not to be turned away at the door.
      auth:
        adminPassword === undefined
          ? {mode: 'none'}
          : {mode: 'accounts', failures: 1000, attemptsPerMinute: 100_000},
      log: {format: 'json'},
    };
    await writeFile(configFile, JSON.stringify(config));
    const words = ['--expose-gc', '--import', probe, entry, 'serve', '--config', configFile];
    const child = spawn(process.execPath, words, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      cwd: directory,
      env: {
        ...process.env,
        ...(adminPassword === undefined ? {} : {HOLDFAST_ADMIN_PASSWORD: adminPassword}),
      },
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const complaints: string[] = [];
    const {promise, resolve, reject} = Promise.withResolvers<number>();
    child.once('exit', () => {
      reject(new Error(`the server did not start\n${complaints.join('\n')}`));
    });
    readLines(child.stderr, (line) => {
      const port = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
      if (/error|warning|exception/i.test(line)) complaints.push(line);
      complaints.push(...findSecrets(line));
    });
    readLines(child.stdout, (line) => {
      if (/^\{"level":"(?:error|fatal)"|^[^{]/.test(line)) complaints.push(line);
      complaints.push(...findSecrets(line));
    });
    return new ServerProcess(child, {port: await promise, directory, complaints});
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async measure(request: ProbeRequest = 'collect'): Promise<Measure> {
    if (!this.isRunning) throw new Error(`the server is gone\n${this.complaints.join('\n')}`);
    const gone = new AbortController();
    const end = (): void => {
      gone.abort(new Error('the server is gone'));
    };
    this.#child.once('exit', end);
    const answered = once(this.#child, 'message', {signal: gone.signal});
    this.#child.send(request);
    const [answer] = (await answered.finally(() => this.#child.off('exit', end))) as [Probe];
    const descriptors = (await readdir(`/proc/${this.#child.pid ?? 0}/fd`)).length;
    return {...answer, descriptors};
  }

  /** Every file below the storage root. */
  async files(): Promise<readonly string[]> {
    const entries = await readdir(this.storageRoot, {recursive: true, withFileTypes: true});
    return entries
      .filter((each) => each.isFile())
      .map(({parentPath, name}) => join(parentPath, name).slice(this.storageRoot.length + 1));
  }

  /** Its directory goes too. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    if (this.isRunning) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 40_000);
      await gone;
      clearTimeout(timer);
    }
    await rm(this.#directory, {recursive: true, force: true, maxRetries: 5});
  }
}

function readLines(stream: Readable | null, take: (line: string) => void): void {
  if (stream) createInterface(stream).on('line', take);
}
