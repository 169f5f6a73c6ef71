/**
 * Reports to the service manager, by systemd's own program: Node opens no sockets of datagrams in the file system. The program is a process of its own,
 * so the unit has to say `NotifyAccess=all`.
 */
import {spawn} from 'node:child_process';
import {errorCode} from './error-code.ts';

const program = 'systemd-notify';
/** In milliseconds; it waits up to 5 s itself until the report was read. */
const patience = 10_000;

export interface ServiceNotifyOptions {
  readonly socket: string;
  /** Where programs are looked for. */
  readonly path: string | undefined;
  /** A sentence for whoever runs the service; told once, and again after a report that went through. */
  readonly onFailure: (sentence: string) => void;
}

export class ServiceNotify {
  readonly #options: ServiceNotifyOptions;
  #last = Promise.resolve();
  #isFailing = false;

  constructor(options: ServiceNotifyOptions) {
    this.#options = options;
  }

  /** Words such as `READY=1`. Resolves when they were read or could not be told; what was said first arrives first. */
  async tell(...words: readonly string[]): Promise<void> {
    this.#last = this.#last.then(async () => {
      const failure = await report(words, this.#options);
      if (failure !== undefined && !this.#isFailing) this.#options.onFailure(failure);
      this.#isFailing = failure !== undefined;
    });
    return this.#last;
  }
}

async function report(
  words: readonly string[],
  {socket, path}: Pick<ServiceNotifyOptions, 'socket' | 'path'>,
): Promise<string | undefined> {
  const env = {NOTIFY_SOCKET: socket, ...(path === undefined ? {} : {PATH: path})};
  const child = spawn(program, words, {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: patience,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const isMissing = errorCode(error) === 'ENOENT';
      resolve(
        isMissing
          ? `${program} is not there: install it (it is part of systemd), or have the unit say Type=exec and WatchdogSec=0`
          : `${program} can not be started: ${error.message}`,
      );
    });
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with ${code ?? '?'}` : `was ended by ${signal}`;
      resolve(code === 0 ? undefined : `${program} ${how}: ${said.trim()}`);
    });
  });
}
