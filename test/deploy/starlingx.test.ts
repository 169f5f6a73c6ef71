/** The files of deploy/starlingx, as far as they can be tried without the platform. */
import {cp, mkdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {run} from '../support/command.ts';
import {shared} from '../support/lifetime.ts';
import {missingPrograms} from '../support/programs.ts';
import {entry} from '../support/serve-process.ts';
import {writePlatform} from '../support/starlingx.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {startMachine, withoutMachine} from '../support/systemd-machine.ts';
import {testUnless, testWith} from '../support/test-with.ts';

const deployed = fileURLToPath(new URL('../../deploy/starlingx/', import.meta.url));
const units = ['docker-distribution', 'registry-token-server'];

for (const name of units) {
  testWith(
    ['systemd-analyze'],
    `systemd finds nothing to say against ${name}.service`,
    async (t) => {
      const text = await readFile(join(deployed, `${name}.service`), 'utf8');
      const file = join(await temporaryDirectory(t), `${name}.service`);
      await writeFile(file, text.replace('/usr/bin/holdfast', '/bin/true'));
      const {stderr} = await run('systemd-analyze', ['verify', '--man=no', file], {
        allowFailure: true,
      });
      t.deepEqual(
        stderr.split('\n').filter((line) => line.includes(name)),
        [],
      );
      await writeFile(file, text.replace('TimeoutStopSec', 'TimeoutStopSek'));
      const wrong = await run('systemd-analyze', ['verify', '--man=no', file], {
        allowFailure: true,
      });
      t.regex(wrong.stderr, /TimeoutStopSek/);
    },
  );
}

const machine = shared(async (life) => {
  const started = await startMachine(life);
  const {shared: place} = started;
  const root = join(place, 'root');
  await mkdir(root);
  // Nobody logs in here: Keystone is asked by other tests.
  const keystoneUrl = 'http://127.0.0.1:1/v3';
  await writePlatform(root, {address: '127.0.0.1', keystoneUrl, seenAs: '/'});
  await cp(deployed, join(place, 'deployed'), {recursive: true});
  const wrapper = `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`;
  await writeFile(join(place, 'holdfast'), wrapper, {mode: 0o755});
  await started.sh(`cp -r ${root}/. /
    install -m 755 ${place}/holdfast /usr/bin/holdfast
    install -m 755 ${place}/deployed/init.d/* /etc/init.d/
    install -m 644 ${place}/deployed/*.service /etc/systemd/system/
    mkdir -m 700 /var/lib/docker-distribution/holdfast
    systemctl daemon-reload`);
  return started;
});

for (const [name, port, path] of [
  ['docker-distribution', 9001, '/v2/'],
  ['registry-token-server', 9002, '/token/'],
] as const) {
  testUnless(
    [...withoutMachine, ...missingPrograms(['curl'])],
    `/etc/init.d/${name} has systemd run it, and answers as the service manager expects`,
    async (t) => {
      const there = await machine(t);
      const call = async (verb: string) => {
        const options = {allowFailure: true};
        return (await there.run(`/etc/init.d/${name}`, [verb], options)).exitCode;
      };
      t.is(await call('status'), 3);
      t.is(await call('start'), 0);
      t.is(await call('status'), 0);
      const status = async () =>
        there.sh(`curl --insecure --silent --output /dev/null --retry 30 --retry-connrefused --retry-delay 1 \
          --write-out '%{http_code}' https://127.0.0.1:${port}${path}`);
      t.is(await status(), '401');
      const pid = async () => there.sh(`cat /run/${name}.pid`);
      const first = await pid();
      t.is(await there.sh(`ps -o comm= -p ${first}`), 'holdfast');
      t.is(await call('restart'), 0);
      t.not(await pid(), first);
      t.is(await status(), '401');
      t.is(await call('stop'), 0);
      t.is(await call('status'), 3);
      t.is(await there.sh(`test -e /run/${name}.pid && echo there || echo gone`), 'gone');
      t.is(await call('fly'), 2);
      // What systemd can't start the script does not say to have started.
      await there.sh(
        `ln -sf /dev/null /etc/systemd/system/${name}.service; systemctl daemon-reload`,
      );
      t.not(await call('start'), 0);
    },
  );
}
