/** The program for a script that starts it on this host: a wrapper, a configuration of its own, and who runs it. */
import {writeFile} from 'node:fs/promises';
import {userInfo} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from './command.ts';
import {freePort} from './ports.ts';
import {entry} from './serve-process.ts';
import {temporaryDirectory} from './temporary-directory.ts';

export interface HostService {
  readonly directory: string;
  readonly program: string;
  readonly config: string;
  readonly user: string;
  readonly port: number;
  readonly url: string;
  readonly pidFile: string;
  readonly logFile: string;
}

/** What runs at the end of the test is ended. */
export async function hostService(t: ExecutionContext): Promise<HostService> {
  const directory = await temporaryDirectory(t);
  const port = await freePort(t);
  const program = join(directory, 'holdfast');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`, {
    mode: 0o755,
  });
  const config = join(directory, 'holdfast.yaml');
  const settings = {
    dataDir: join(directory, 'data'),
    auth: {mode: 'none'},
    tls: {mode: 'off'},
    http: {listen: [`127.0.0.1:${port}`]},
  };
  await writeFile(config, JSON.stringify(settings));
  const pidFile = join(directory, 'pid');
  t.teardown(async () => {
    // A shell that finds no such file or no such process has nothing to do.
    await run('/bin/sh', ['-c', `kill -KILL "$(cat ${pidFile})" 2>/dev/null || true`]);
  });
  const logFile = join(directory, 'log');
  const url = `http://127.0.0.1:${port}`;
  return {directory, program, config, user: userInfo().username, port, url, pidFile, logFile};
}
