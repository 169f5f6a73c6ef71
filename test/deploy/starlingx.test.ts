/** The files of deploy/starlingx, as far as they can be tried without the platform. */
import {chmod, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {run} from '../support/command.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

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

  test(`/etc/init.d/${name} hands over to systemd, and answers as the service manager expects`, async (t) => {
    const directory = await temporaryDirectory(t);
    const asked = join(directory, 'asked');
    const stand = join(directory, 'systemctl');
    const script = join(deployed, 'init.d', name);
    const call = async (verb: string, answer: number) => {
      await writeFile(stand, `#!/bin/sh\necho "$*" >> ${asked}\nexit ${answer}\n`);
      await chmod(stand, 0o755);
      const env = {PATH: `${directory}:/usr/bin:/bin`};
      return (await run('/bin/sh', [script, verb], {env, allowFailure: true})).exitCode;
    };
    t.is(await call('start', 0), 0);
    t.is(await call('stop', 1), 1);
    t.is(await call('restart', 0), 0);
    t.is(await call('status', 0), 0);
    t.is(await call('status', 3), 3);
    t.is(await call('fly', 0), 2);
    const unit = `${name}.service`;
    t.deepEqual((await readFile(asked, 'utf8')).trim().split('\n'), [
      `start ${unit}`,
      `stop ${unit}`,
      `restart ${unit}`,
      `--quiet is-active ${unit}`,
      `--quiet is-active ${unit}`,
    ]);
  });
}
