/** `holdfast serve` on sockets that somebody else has opened, as systemd does. */
import {cp, mkdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {freePort} from '../support/ports.ts';
import {projectRoot} from '../support/project-root.ts';
import {until} from '../support/raw-request.ts';
import {ask} from '../support/registry.ts';
import {withoutSettings} from '../support/serve-process.ts';
import {holdSocket, runOnSocket} from '../support/service-manager.ts';
import {startService} from '../support/service.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const launcher = join(projectRoot, 'bin/holdfast.js');

async function words(t: ExecutionContext, listen: string): Promise<{cwd: string; args: string[]}> {
  const cwd = await temporaryDirectory(t);
  return {cwd, args: ['serve', '--auth', 'none', '--tls', 'off', '--listen', listen]};
}

testWith(
  ['systemd-socket-activate'],
  'the first connection to a socket of systemd starts the registry, which answers it there',
  async (t) => {
    const port = await freePort(t);
    // The other address of localhost is not passed, and opened as always.
    const {cwd, args} = await words(t, `localhost:${port}`);
    const address = `127.0.0.1:${port}`;
    const service = await startService(
      t,
      'systemd-socket-activate',
      ['-l', address, process.execPath, launcher, ...args],
      {cwd, env: withoutSettings, ready: /Listening on/},
    );
    t.is((await ask({url: `http://${address}`}, '/v2/')).status, 200);
    t.regex(service.output(), new RegExp(`listens on http://localhost:${port}`));
    // It has become the registry, and has not started one.
    t.regex(await readFile(`/proc/${service.pid}/cmdline`, 'utf8'), /holdfast\.js\0serve/);
    await service.stop();
    t.regex(service.output(), /"?stopped"?/);
  },
);

testWith(
  ['python3'],
  'a restart on a socket that stays open refuses and cuts no connection',
  async (t) => {
    const port = await freePort(t);
    const {cwd, args} = await words(t, `127.0.0.1:${port}`);
    const held = await holdSocket(t, port, [process.execPath, launcher, ...args], {
      cwd,
      ready: /listens on/,
    });
    const starts = (): number => held.output().split('listens on http').length - 1;
    const goOn = new AbortController();
    let answered = 0;
    const worker = async (): Promise<void> => {
      while (!goOn.signal.aborted) {
        const {status} = await ask({url: `http://127.0.0.1:${port}`}, '/v2/');
        if (status !== 200) throw new Error(`answered ${status}`);
        answered += 1;
      }
    };
    const load = Promise.all(Array.from({length: 8}, worker));
    // Awaited below; what fails before that must not end the test's process.
    load.catch(() => undefined);
    for (const count of [2, 3]) {
      const before = answered;
      await until(() => answered > before + 50);
      await held.restart();
      await until(() => starts() === count);
    }
    const before = answered;
    await until(() => answered > before + 50);
    goOn.abort();
    await t.notThrowsAsync(load);
    t.deepEqual(held.endings(), ['0', '0']);
  },
);

testWith(
  ['python3'],
  'a socket on which nothing is to listen ends the start, and is named',
  async (t) => {
    const [port, other] = [await freePort(t), await freePort(t)];
    const {cwd, args} = await words(t, `127.0.0.1:${other}`);
    const command = [process.execPath, launcher, ...args];
    const {exitCode, stderr} = await runOnSocket(port, command, cwd);
    t.true(stderr.includes(`nothing is to listen on 127.0.0.1:${port}`), stderr);
    t.is(exitCode, 2);
  },
);

const old = `Object.defineProperty(process, 'versions', {value: {node: '20.20.2'}})`;

testWith(['python3'], 'a Node that is too old hands the sockets on to its own', async (t) => {
  const port = await freePort(t);
  const {cwd, args} = await words(t, `127.0.0.1:${port}`);
  const root = await temporaryDirectory(t);
  await cp(launcher, join(root, 'bin/holdfast.js'));
  await writeFile(join(root, 'package.json'), '{"type": "module"}');
  await symlink(join(projectRoot, 'dist'), join(root, 'dist'));
  const own = join(root, 'node_modules/.bin');
  await mkdir(own, {recursive: true});
  // That it runs under this name is how it knows; a shell would not hand it on.
  const script = `#!/bin/bash\nunset NODE_OPTIONS\nexec -a holdfast-relayed '${process.execPath}' "$@"\n`;
  await writeFile(join(own, 'node'), script, {mode: 0o755});
  const held = await holdSocket(
    t,
    port,
    [process.execPath, join(root, 'bin/holdfast.js'), ...args],
    {
      cwd,
      env: {NODE_OPTIONS: `--import=data:text/javascript,${encodeURI(old)}`},
      ready: /listens on/,
    },
  );
  t.is((await ask({url: `http://127.0.0.1:${port}`}, '/v2/')).status, 200);
  await held.stop();
  t.deepEqual(held.endings(), ['0']);
});

test('sockets that were meant for another process are left alone, and the log says so', async (t) => {
  const {cwd, args} = await words(t, '127.0.0.1:0');
  const service = await startService(t, process.execPath, [launcher, ...args], {
    cwd,
    env: {...withoutSettings, LISTEN_FDS: '1', LISTEN_PID: '1'},
    ready: /listens on \S+/,
  });
  t.regex(service.output(), /sockets were passed to another process/);
});
