/** deploy/lsb/holdfast, as a manager that calls scripts calls it. */
import {readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {type HostService, hostService} from '../support/host-service.ts';
import {projectRoot} from '../support/project-root.ts';
import {until} from '../support/raw-request.ts';
import {ask} from '../support/registry.ts';
import {testWith} from '../support/test-with.ts';

const script = join(projectRoot, 'deploy/lsb/holdfast');

interface Wrapped extends HostService {
  /** Answers with the exit code and what was said. */
  readonly call: (word: string) => Promise<{exitCode: number | undefined; said: string}>;
}

async function wrapped(t: ExecutionContext): Promise<Wrapped> {
  const service = await hostService(t);
  const defaults = join(service.directory, 'defaults');
  const lines = {
    DAEMON: service.program,
    CONFIG: service.config,
    DAEMON_USER: service.user,
    PIDFILE: service.pidFile,
    LOGFILE: service.logFile,
  };
  const text = Object.entries(lines).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(defaults, text.join(''));
  return {
    ...service,
    call: async (word) => {
      const env = {LSB_DEFAULTS: defaults};
      const {exitCode, stdout, stderr} = await run(script, [word], {env, allowFailure: true});
      return {exitCode, said: stdout + stderr};
    },
  };
}

testWith(
  ['ps', 'setpriv'],
  'start, status, restart and stop answer as the LSB says, and ps shows the process of the pid file by its name',
  async (t) => {
    const {call, url, pidFile} = await wrapped(t);
    const code = async (word: string): Promise<number | undefined> => (await call(word)).exitCode;
    const pid = async (): Promise<string> => (await readFile(pidFile, 'utf8')).trim();
    t.is(await code('status'), 3);
    t.is(await code('try-restart'), 0);
    t.is(await code('start'), 0);
    t.is((await ask({url}, '/v2/')).status, 200);
    t.is(await code('status'), 0);
    t.regex((await run('ps', ['-e'])).stdout, new RegExp(`^ *${await pid()} .* holdfast$`, 'm'));
    const first = await pid();
    t.is(await code('start'), 0);
    t.is(await pid(), first);
    t.is(await code('restart'), 0);
    t.not(await pid(), first);
    await run('kill', ['-KILL', await pid()]);
    await until(async () => (await code('status')) !== 0);
    t.is(await code('status'), 1);
    t.is(await code('start'), 0);
    t.is(await code('stop'), 0);
    t.is(await code('status'), 3);
    t.is(await code('stop'), 0);
    t.is(await code('reload'), 3);
    t.is(await code('fly'), 2);
  },
);

testWith(
  ['ps', 'setpriv'],
  'a start that can not be says why: a fault in the configuration, none at all, no program',
  async (t) => {
    const {call, config, program, pidFile} = await wrapped(t);
    await writeFile(config, '{"dataDirectory": "x"}');
    const wrong = await call('start');
    t.is(wrong.exitCode, 6);
    t.regex(wrong.said, /dataDirectory/);
    await t.throwsAsync(readFile(pidFile), {code: 'ENOENT'});
    await rm(config);
    t.is((await call('start')).exitCode, 6);
    await rm(program);
    t.is((await call('start')).exitCode, 5);
  },
);
