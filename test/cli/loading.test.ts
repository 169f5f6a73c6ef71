/** What a command loads: each library costs whoever types it some hundredths of a second. */
import test from 'ava';
import {loadedIn, tellLoaded as env} from '../support/loaded-packages.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {holdfast, said, startCommand} from './holdfast.ts';

const settings = ['commander', 'ipaddr.js', 'zod'];

for (const [command, wanted] of [
  ['--version', ['commander']],
  ['--help', ['commander']],
  ['user creat', settings],
  ['user create --help', settings],
  ['config check', settings],
  ['certificate show', settings],
] as const) {
  test(`holdfast ${command} loads no more than it needs`, async (t) => {
    const {stderr} = await holdfast(command.split(' '), {cwd: await temporaryDirectory(t), env});
    t.deepEqual(loadedIn(stderr), wanted, stderr);
  });
}

test('a server loads what its configuration names', async (t) => {
  const cwd = await temporaryDirectory(t);
  const args = ['serve', '--tls', 'off', '--auth', 'none', '--listen', '127.0.0.1:0'];
  const child = startCommand(t, args, {cwd, env});
  await said(child, 'stderr', /docker push/);
  child.kill('SIGTERM');
  const loaded = loadedIn(await said(child, 'stderr', /loaded: .*\n/));
  t.true(loaded.includes('koa'));
  for (const name of ['ldapts', 'openid-client', '@peculiar/x509', 'yaml']) {
    t.false(loaded.includes(name), name);
  }
});
