/**
 * Reports to the service manager, by systemd's own program: Node opens no sockets of datagrams in the file system. The program is a process of its own,
 * so the unit has to say `NotifyAccess=all`.
 */
import {execFile} from 'node:child_process';
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
  const options = {env, timeout: patience, killSignal: 'SIGKILL'} as const;
  return new Promise((resolve) => {
    // It answers every failure, be it that there is no descriptor left to start anything.
    execFile(program, words, options, (error, _said, complaint) => {
      if (error === null) resolve(undefined);
      else if (errorCode(error) === 'ENOENT') {
        resolve(
          `${program} is not there: install it (it is part of systemd), or have the unit say Type=exec and WatchdogSec=0`,
        );
      } else {
        const how = error.killed === true ? `took more than ${patience} ms` : error.message;
        resolve(`${program} failed: ${complaint.trim() || how}`);
      }
    });
  });
}
