/** What systemd is told by `holdfast serve`. */
import {once} from 'node:events';
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {connect, type Socket} from 'node:net';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {until} from '../support/raw-request.ts';
import {ask} from '../support/registry.ts';
import {type Serving, startServe} from '../support/serve-process.ts';
import {hearReports} from '../support/service-manager.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const programs = ['python3', 'systemd-notify'] as const;

async function serve(
  t: ExecutionContext,
  directory: string,
  env: Readonly<Record<string, string>>,
  prefix: readonly string[] = [],
): Promise<Serving> {
  const config = {
    dataDir: join(directory, 'data'),
    auth: {mode: 'none'},
    tls: {mode: 'off'},
    http: {listen: ['127.0.0.1:0']},
  };
  return startServe(t, {configFile: join(directory, 'holdfast.yaml'), config, env, prefix});
}

for (const kind of ['in a directory', 'without a file'] as const) {
  testWith(
    programs,
    `systemd hears on a socket ${kind} that requests are answered, that they go on being answered, and of the stop`,
    async (t) => {
      const directory = await temporaryDirectory(t);
      const path = join(directory, 'notify');
      const socket = kind === 'in a directory' ? path : `@${path}`;
      const {reports} = await hearReports(t, socket);
      const env = {NOTIFY_SOCKET: socket, WATCHDOG_USEC: '400000'};
      const {service, url} = await serve(t, directory, env);
      await until(() => reports().length > 2);
      const [ready, ...signs] = reports();
      t.is(ready, `READY=1\nSTATUS=listens on ${url}`);
      t.deepEqual([...new Set(signs)], ['WATCHDOG=1']);
      t.is((await ask({url}, '/healthz')).status, 200);
      await service.stop();
      t.is(reports().at(-1), 'STOPPING=1\nSTATUS=stopping, 0 requests in flight');
    },
  );
}

testWith(
  programs,
  'a sign of life is only given while requests are answered, and again when they are',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const socket = join(directory, 'notify');
    const {reports} = await hearReports(t, socket);
    const signs = (): number => reports().filter((text) => text === 'WATCHDOG=1').length;
    const env = {NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000000'};
    // Those who connect and say nothing take all descriptors that it may have.
    const {service, url} = await serve(t, directory, env, ['prlimit', '--nofile=100']);
    await until(() => signs() > 0);
    const {hostname, port} = new URL(url);
    const crowd: Socket[] = [];
    t.teardown(() => {
      crowd.forEach((each) => each.destroy());
    });
    await until(async () => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      crowd.push(socket);
      await once(socket, 'connect');
      return service.output().includes('no sign of life');
    });
    const before = signs();
    const failures = (): number => service.output().split('no sign of life').length;
    const first = failures();
    await until(() => failures() > first + 2);
    t.is(signs(), before);
    crowd.forEach((each) => each.destroy());
    await t.notThrowsAsync(until(() => signs() > before));
  },
);

testWith(
  ['python3'],
  'where systemd-notify is missing or fails the log says so once, with what to do, and the registry runs',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const bin = join(directory, 'bin');
    await mkdir(bin);
    const env = {PATH: bin, NOTIFY_SOCKET: join(directory, 'none'), WATCHDOG_USEC: '100000'};
    const {service, url} = await serve(t, directory, env);
    const told = (): readonly string[] =>
      service
        .output()
        .split('\n')
        .filter((line) => line.includes('service manager not told'));
    await until(() => told().length > 0);
    t.regex(
      told()[0] ?? '',
      /systemd-notify is not there: install it .* Type=exec and WatchdogSec=0/,
    );
    // Each sign of life fails as the report of the start did.
    const asked = join(directory, 'asked');
    const notify = join(bin, 'systemd-notify');
    await writeFile(notify, `#!/bin/sh\necho "$@" >>${asked}\n/usr/bin/env >>${asked}\nexit 1\n`);
    await chmod(notify, 0o755);
    const text = async (): Promise<string> => readFile(asked, 'utf8').catch(() => '');
    await until(async () => (await text()).split('WATCHDOG=1').length > 4);
    t.is(told().length, 1);
    t.is((await ask({url}, '/healthz')).status, 200);
    // It knows where to report to, and nothing else.
    const names = [...(await text()).matchAll(/^(\w+)=/gm)].map(([, name]) => name);
    t.deepEqual(new Set(names), new Set(['WATCHDOG', 'NOTIFY_SOCKET', 'PATH', 'PWD']));
  },
);
