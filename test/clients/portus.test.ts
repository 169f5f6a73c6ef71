/** Clients of a Portus that was taken over: the same names, passwords and tokens, and the same images. */
import type {ExecutionContext} from 'ava';
import {startMariadb, urlOf} from '../support/database-server.ts';
import {startHoldfast} from '../support/holdfast.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {shared} from '../support/lifetime.ts';
import {fillPortus, makePortus, portusPassword, portusToken} from '../support/portus.ts';
import {secret} from '../support/secrets.ts';
import {testWith} from '../support/test-with.ts';
import {workbench} from '../support/workbench.ts';

const programs = [
  ...(['skopeo', 'umoci', 'busybox'] as const),
  ...(['mariadbd', 'mariadb-install-db', 'setpriv'] as const),
];

const place = shared(async (life) => {
  const portus = await makePortus(await startMariadb(life));
  await fillPortus(portus);
  const holdfast = await startHoldfast(life, {
    settings: {auth: {mode: 'accounts'}},
    env: {HOLDFAST_ADMIN_PASSWORD: secret('password of the admin')},
  });
  const {password = '', ...address} = portus.server;
  const url = urlOf({...address, password: undefined});
  await holdfast.command(`import portus --database ${url} --password-stdin`, password);
  return holdfast;
});

async function setUp(t: ExecutionContext) {
  const bench = await workbench(t);
  const holdfast = await place(t);
  const {host, certDir} = holdfast;
  await umociImage(bench, await rootFilesystem(bench), 'made');
  return {
    bench,
    login: async (user: string, password: string) =>
      bench.skopeo.given(password)(
        'login',
        '--cert-dir',
        certDir,
        '-u',
        user,
        '--password-stdin',
        host,
      ),
    push: async (repository: string) =>
      bench.skopeo(
        'copy',
        '--dest-cert-dir',
        certDir,
        'oci:made:v1',
        `docker://${host}/${repository}:v1`,
      ),
    inspect: async (repository: string) =>
      bench.skopeo('inspect', '--cert-dir', certDir, `docker://${host}/${repository}:v1`),
  };
}

testWith(
  programs,
  "somebody of a Portus pushes to his team's namespace with his old password",
  async (t) => {
    const {bench, login, push, inspect} = await setUp(t);
    t.regex(await login('bert', portusPassword('bert')), /Login Succeeded/);
    await push('makers/tool');
    await push('bert_x/own');
    await inspect('makers/tool');
    await bench.refuses(push('anna/private'), /denied: bert may not/);
  },
);

testWith(programs, 'a token of a Portus pushes, and so does it the second time', async (t) => {
  const {bench, login, push, inspect} = await setUp(t);
  for (const name of ['makers/first', 'makers/second']) {
    t.regex(await login('anna', portusToken('anna')), /Login Succeeded/);
    await push(name);
  }
  t.regex(await login('lena', portusToken('lena')), /Login Succeeded/);
  await inspect('makers/first');
  await bench.refuses(push('makers/third'), /the role viewer is less than contributor/);
});
