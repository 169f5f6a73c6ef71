/** deploy/ocf/holdfast, as Pacemaker calls it. */
import {readFile, rename, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {run} from '../support/command.ts';
import {type HostService, hostService} from '../support/host-service.ts';
import {projectRoot} from '../support/project-root.ts';
import {rawRequest, sendPart, until} from '../support/raw-request.ts';
import {testWith} from '../support/test-with.ts';

const agent = join(projectRoot, 'deploy/ocf/holdfast');
const programs = ['ocf-tester', 'curl', 'setpriv', 'xmllint'] as const;
const codes = {success: 0, generic: 1, installed: 5, notRunning: 7} as const;

type Call = (
  action: string,
  env?: Readonly<Record<string, string>>,
) => Promise<{exitCode: number | undefined; said: string}>;

function parametersOf(service: HostService): Readonly<Record<string, string>> {
  const {program, config, user, url, logFile, pidFile} = service;
  return {binary: program, config, user, url, log_file: logFile, pid_file: pidFile};
}

async function underPacemaker(t: ExecutionContext): Promise<HostService & {readonly call: Call}> {
  const service = await hostService(t);
  const parameters = Object.entries(parametersOf(service));
  const own = {
    OCF_ROOT: '/usr/lib/ocf',
    OCF_RESOURCE_INSTANCE: 'registry',
    OCF_RA_VERSION_MAJOR: '1',
    HA_LOGFACILITY: 'none',
    HA_RSCTMP: service.directory,
    ...Object.fromEntries(parameters.map(([name, value]) => [`OCF_RESKEY_${name}`, value])),
  };
  const call: Call = async (action, env = {}) => {
    const options = {env: {...own, ...env}, allowFailure: true};
    const {exitCode, stdout, stderr} = await run(agent, [action], options);
    return {exitCode, said: stdout + stderr};
  };
  return {...service, call};
}

testWith(programs, 'ocf-tester finds nothing to say against the resource agent', async (t) => {
  const service = await hostService(t);
  const words = Object.entries(parametersOf(service)).flatMap(([name, value]) => [
    '-o',
    `${name}=${value}`,
  ]);
  const {stdout} = await run('ocf-tester', ['-n', 'registry', ...words, agent]);
  t.regex(stdout, /passed all tests/);
});

testWith(
  programs,
  'monitor tells a process that is gone, one that does not answer, and one that is not ready',
  async (t) => {
    const {call, directory, pidFile} = await underPacemaker(t);
    const monitor = async (level: string): ReturnType<Call> =>
      call('monitor', {OCF_CHECK_LEVEL: level, OCF_RESKEY_CRM_meta_interval: '10000'});
    t.is((await monitor('0')).exitCode, codes.notRunning);
    t.is((await call('start')).exitCode, codes.success);
    for (const level of ['0', '10', '20']) t.is((await monitor(level)).exitCode, codes.success);

    const registry = join(directory, 'data/registry');
    await rename(registry, `${registry}.away`);
    // What was found a moment ago is told again.
    await until(async () => (await monitor('20')).exitCode === codes.generic);
    t.regex((await monitor('20')).said, /not ready: .*storage/);
    t.is((await monitor('10')).exitCode, codes.success);
    await rename(`${registry}.away`, registry);

    const pid = (await readFile(pidFile, 'utf8')).trim();
    await run('kill', ['-STOP', pid]);
    t.is((await monitor('0')).exitCode, codes.success);
    const silent = await monitor('10');
    t.is(silent.exitCode, codes.generic);
    t.regex(silent.said, /no answer to \/healthz/);
    await run('kill', ['-KILL', pid]);
    await until(async () => (await monitor('0')).exitCode === codes.notRunning);
    t.regex((await monitor('0')).said, /the process of .* is gone/);
    // What is left of it is no obstacle.
    t.is((await call('start')).exitCode, codes.success);
    t.is((await call('stop')).exitCode, codes.success);
  },
);

testWith(
  programs,
  'a stop lets requests in flight end, and kills shortly before the time of the action is over',
  async (t) => {
    const {call, port} = await underPacemaker(t);
    t.is((await call('start')).exitCode, codes.success);
    const opened = await rawRequest({port}, {method: 'POST', path: '/v2/a/blobs/uploads/'});
    const {pathname, search} = new URL(opened.headers.location ?? '', 'http://test');
    const upload = {path: pathname + search, length: 2, part: Buffer.from('a')};
    const {answer, socket} = await sendPart(t, {port}, upload);
    const stopping = call('stop');
    const state = async (): Promise<string> =>
      rawRequest({port}, {path: '/healthz'}).then(
        () => 'open',
        () => 'refused',
      );
    await until(async () => (await state()) === 'refused');
    socket.write('b');
    t.regex(await answer, /^HTTP\/1\.1 202 /);
    t.is((await stopping).exitCode, codes.success);

    t.is((await call('start')).exitCode, codes.success);
    const again = await rawRequest({port}, {method: 'POST', path: '/v2/a/blobs/uploads/'});
    const place = new URL(again.headers.location ?? '', 'http://test');
    await sendPart(t, {port}, {...upload, path: place.pathname + place.search});
    const killed = await call('stop', {OCF_RESKEY_CRM_meta_timeout: '7000'});
    t.is(killed.exitCode, codes.success);
    t.regex(killed.said, /did not end within 2 s: killed/);
    t.is((await call('monitor')).exitCode, codes.notRunning);
  },
);

testWith(
  programs,
  'a fault in the configuration and a missing mount are told by validate-all and by the start, and keep it from this node only',
  async (t) => {
    const {call, config, directory} = await underPacemaker(t);
    t.is((await call('validate-all')).exitCode, codes.success);
    const right = JSON.parse(await readFile(config, 'utf8')) as {storage?: object};
    const unmounted = {...right, storage: {...right.storage, requireMount: directory}};
    for (const [wrong, told] of [
      [{dataDirectory: 'x'}, /dataDirectory/],
      [unmounted, /is no mount point/],
    ] as const) {
      await writeFile(config, JSON.stringify(wrong));
      for (const action of ['validate-all', 'start']) {
        const {exitCode, said} = await call(action);
        t.is(exitCode, codes.installed);
        t.regex(said, told);
      }
    }
    t.is((await call('start', {OCF_RESKEY_user: 'nobody-at-all'})).exitCode, codes.installed);
  },
);
