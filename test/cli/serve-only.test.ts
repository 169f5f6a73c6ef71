import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import {freePort} from '../support/ports.ts';
import {bench, type Bench, login} from './administration-workbench.ts';
import {holdfast, said, startCommand} from './holdfast.ts';

/** One part of a Holdfast of which the realm is on that port. */
async function startPart(t: ExecutionContext, {cwd}: Bench, part: string, realmPort: number) {
  const args = ['serve', '--only', part, '--listen', '127.0.0.1:0', '--tls', 'off'];
  const env = {HOLDFAST_TOKEN_LISTEN: `127.0.0.1:${realmPort}`};
  const child = startCommand(t, args, {cwd, env});
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const welcome = await said(child, 'stderr', /Everything lies in .*\n/);
  return {welcome, url: /listens on (\S+)/.exec(welcome)?.[1] ?? '', stop};
}

const challengeOf = async (url: string): Promise<string> => {
  const {status, headers} = await fetch(`${url}/v2/`);
  return `${status} ${headers.get('www-authenticate') ?? ''}`;
};

test('the realm in a process of its own gives out tokens that the registry in another one takes', async (t) => {
  const made = await bench(t);
  const port = await freePort(t);
  const realm = await startPart(t, made, 'token', port);
  t.regex(realm.welcome, /^\nThe token realm of Holdfast \S+ listens on /);
  t.is(realm.url, `http://127.0.0.1:${port}`);
  t.false(realm.welcome.includes('docker push'));
  const registry = await startPart(t, made, 'registry', port);

  t.is((await fetch(`${realm.url}/v2/`)).status, 404);
  t.is((await fetch(`${realm.url}/readyz`)).status, 200);
  t.is((await fetch(`${registry.url}/auth/token`)).status, 404);
  t.regex(
    await challengeOf(registry.url),
    new RegExp(`^401 Bearer realm="http://127\\.0\\.0\\.1:${port}/auth/token"`),
  );

  await made.run('user create anna --password-stdin', 'password of anna');
  t.is(await login(realm.url, 'anna', 'password of anna'), 200);
  const authorization = `Basic ${Buffer.from('anna:password of anna').toString('base64')}`;
  const scope = 'repository:anna/image:push,pull';
  const answer = await fetch(`${realm.url}/auth/token?service=holdfast&scope=${scope}`, {
    headers: {authorization},
  });
  const {token} = (await answer.json()) as {token: string};
  const upload = await fetch(`${registry.url}/v2/anna/image/blobs/uploads/`, {
    method: 'POST',
    headers: {authorization: `Bearer ${token}`},
  });
  t.is(upload.status, 202);
});

test('commands work whichever of two processes is stopped', async (t) => {
  const made = await bench(t);
  const port = await freePort(t);
  const realm = await startPart(t, made, 'token', port);
  const registry = await startPart(t, made, 'registry', port);
  t.regex((await made.run('user list --verbose')).stderr, /the running server was asked/);
  await realm.stop();
  await made.run('user create anna --password-stdin', 'password of anna');
  const again = await startPart(t, made, 'token', port);
  await registry.stop();
  const [anna] = ((await made.json('user list')) as {users: {name: string}[]}).users;
  t.is(anna?.name, 'anna');
  t.is(await login(again.url, 'anna', 'password of anna'), 200);
});

for (const [what, env, wanted] of [
  ['without an address of the realm', {}, /token\.listen: must name addresses with a port/],
  [
    'with a port that only the other process would know',
    {HOLDFAST_TOKEN_LISTEN: '127.0.0.1:0'},
    /token\.listen: must name addresses with a port/,
  ],
  ['without accounts', {HOLDFAST_AUTH_MODE: 'none'}, /auth\.mode: is none: there are no tokens/],
] as const) {
  test(`--only ${what} is a fault of the configuration`, async (t) => {
    const {cwd} = await bench(t);
    const {code, stderr} = await holdfast(['serve', '--only', 'registry'], {cwd, env});
    t.is(code, 2, stderr);
    t.regex(stderr, wanted);
  });
}

test('--only of something else is refused with the choices', async (t) => {
  const {cwd} = await bench(t);
  const {code, stderr} = await holdfast(['serve', '--only', 'web'], {cwd});
  t.is(code, 2);
  t.regex(stderr, /token, registry/);
});
