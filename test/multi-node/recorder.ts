/** The recorder, compiled, and how a server is told to run on it. */
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {run} from '../support/command.ts';
import type {Lifetime} from '../support/lifetime.ts';
import type {Service} from '../support/service.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

/** In microseconds: a sync takes up to so long, so that much is under way at any moment. */
const longestSync = 3000;

export interface Recorder {
  /** The record so far; grows with each call. */
  readonly log: string;
  /** What a server needs in its environment, so that all that it does below the directory is recorded. */
  readonly environment: Readonly<Record<string, string>>;
  /** The server dies before its next call, and the next server does not. */
  readonly kill: (service: Service) => Promise<void>;
}

/** For one server at a time on the directory, which is absolute and there. */
export async function makeRecorder(life: Lifetime, directory: string): Promise<Recorder> {
  const own = await temporaryDirectory(life);
  const library = join(own, 'recorder.so');
  const source = join(import.meta.dirname, 'recorder.c');
  await run('gcc', ['-O1', '-Wall', '-Werror', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  const log = join(own, 'record');
  const environment = {
    LD_PRELOAD: library,
    RECORDER_ROOT: directory,
    RECORDER_LOG: log,
    RECORDER_SYNC_MICROSECONDS: String(longestSync),
    // Calls that go past the C library are not seen.
    UV_USE_IO_URING: '0',
  };
  const kill = async (service: Service): Promise<void> => {
    await writeFile(`${log}.stop`, '');
    // Which it does not notice: it is waited for.
    await service.stop('SIGCONT');
    await rm(`${log}.stop`);
  };
  return {log, environment, kill};
}
