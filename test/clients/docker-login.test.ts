/** docker with accounts: a daemon and a server for all, a home with its own config.json for each test. */
import {randomUUID} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {dockerAt, startDockerDaemon, trustForDocker} from '../support/dockerd.ts';
import {shared} from '../support/lifetime.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {passwordOf, startWithPeople, tellOnFailure, type WithPeople} from '../support/people.ts';
import {programPath} from '../support/programs.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {onTerminal} from '../support/terminal.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type ClientWithEnvironment, type Workbench} from '../support/workbench.ts';

const programs = ['docker', 'dockerd', 'containerd', 'runc', 'ip', 'tar', 'script'] as const;

const place = shared(async (life) => {
  const network = await networkNamespace(life);
  const directory = await temporaryDirectory(life);
  const [holdfast, socket] = await Promise.all([
    startWithPeople(life, {address: network.hostAddress}),
    startDockerDaemon(life, directory, network),
  ]);
  await trustForDocker(life, holdfast);
  return {holdfast, socket};
});

testWith(
  programs,
  'docker login with a password of all kinds of characters keeps a refresh token and no password, and pushes and pulls with it',
  async (t) => {
    const {bench, docker, holdfast, login, name} = await setUp(t);
    const asked = (from: number) =>
      holdfast
        .requests()
        .slice(from)
        .filter(({route}) => route === 'token')
        .map(({method, status}) => `${method} ${status}`);
    const first = holdfast.requests().length;
    t.regex(await login('anna'), /Login Succeeded/);
    t.deepEqual([...new Set(asked(first))], ['GET 200']);

    const kept = await readFile(bench.path('home/.docker/config.json'), 'utf8');
    const {auths} = JSON.parse(kept) as {auths: Record<string, Record<string, string>>};
    t.like(auths[holdfast.host], {auth: Buffer.from('anna:').toString('base64')});
    t.regex(auths[holdfast.host]?.['identitytoken'] ?? '', /^hfr_/);
    const second = holdfast.requests().length;
    const image = await makeImage(bench, docker, name('anna/app'));
    await docker('push', image);
    await docker('image', 'rm', image);
    await docker('pull', image);
    t.deepEqual([...new Set(asked(second))], ['POST 200']);
  },
);

testWith(programs, 'skopeo pushes with the login that docker keeps', async (t) => {
  const {bench, docker, holdfast, login, name} = await setUp(t);
  await login('anna');
  const image = await makeImage(bench, docker, name('anna/exported'));
  await docker('save', '--output', bench.path('image.tar'), image);
  const to = ['--dest-cert-dir', holdfast.certDir, `docker://${image}`];
  await bench.skopeo('copy', `docker-archive:${bench.path('image.tar')}`, ...to);
  await docker('image', 'rm', image);
  await t.notThrowsAsync(docker('pull', image));
});

testWith(
  programs,
  'docker login asks on a terminal, for a password of all kinds of characters too',
  async (t) => {
    const {bench, docker, holdfast} = await setUp(t);
    const {code, output} = await onTerminal(
      t,
      `docker login ${holdfast.host}`,
      [
        {after: /Username: /, type: 'anna\r'},
        {after: /Password: /, type: `${passwordOf('anna')}\r`},
      ],
      {cwd: bench.directory, env: {...process.env, ...docker.env, PATH: programPath}},
    );
    t.is(code, 0, output);
    t.regex(output, /Login Succeeded/);
  },
);

testWith(
  programs,
  'docker login says in the same words that a password is wrong, a name unknown, an account disabled',
  async (t) => {
    const {bench, holdfast, login} = await setUp(t);
    await holdfast.person('disabled');
    await holdfast.command('user disable disabled --yes');
    const said = /exited with 1\n[^]*unauthorized: the name or the password is not right/;
    await bench.refuses(login('anna', 'not the password'), said);
    await bench.refuses(login('nobody', 'any password'), said);
    await bench.refuses(login('disabled'), said);
    t.is(await readFile(bench.path('home/.docker/config.json'), 'utf8'), '{}');
  },
);

testWith(programs, 'docker login says that there were too many failed logins', async (t) => {
  const {bench, holdfast, login} = await setUp(t);
  await holdfast.person('locked');
  const wrong = async () => login('locked', 'not the password');
  for (let attempt = 0; attempt < 10; attempt++) await bench.refuses(wrong(), /not right/);
  const said =
    /exited with 1\n[^]*toomanyrequests: too many failed logins for locked from this address: again in/;
  await bench.refuses(login('locked'), said);
});

testWith(
  programs,
  'an application token and that of a robot are passwords for docker login',
  async (t) => {
    const {bench, docker, holdfast, login, name} = await setUp(t);
    const token = await holdfast.command('app-token create --user anna --name docker');
    await login('anna', token);
    await docker('push', await makeImage(bench, docker, name('anna/token')));
    const robot = 'robot create docker-builder --team makers --role contributor';
    await login('docker-builder', await holdfast.command(robot));
    await docker('push', await makeImage(bench, docker, name('tools/robot')));
    await bench.refuses(
      docker('push', await makeImage(bench, docker, name('anna/robot'))),
      /denied: the robot docker-builder may not push to anna\/robot: there is no namespace for it/,
    );
  },
);

testWith(programs, 'docker is told why it may not push, and why not pull', async (t) => {
  const {bench, docker, login, name} = await setUp(t);
  await login('anna');
  const [secret, open] = [name('tools/secret'), name('open/read')];
  for (const each of [secret, open]) {
    await docker('push', await makeImage(bench, docker, each));
    await docker('image', 'rm', each);
  }
  await login('bert');
  const hidden = 'there is no namespace for it, or it is private to a team of others';
  const image = await makeImage(bench, docker, name('tools/other'));
  await bench.refuses(
    docker('push', image),
    new RegExp(`denied: bert may not push to tools/other: ${hidden}`),
  );
  await bench.refuses(
    docker('pull', secret),
    new RegExp(`denied: bert may not pull from tools/secret: ${hidden}`),
  );
  await docker('pull', open);
  await bench.refuses(
    docker('push', open),
    /denied: bert may not push to open\/read: only members of its team may, and the namespace open is public/,
  );
});

testWith(
  programs,
  'docker pulls with a token for pull alone, and is told why it may not push',
  async (t) => {
    const {bench, docker, holdfast, login, name} = await setUp(t);
    await login('anna');
    const image = await makeImage(bench, docker, name('anna/read'));
    await docker('push', image);
    await docker('image', 'rm', image);
    const words = 'app-token create --user anna --name docker-reader --pull-only';
    await login('anna', await holdfast.command(words));
    await docker('pull', image);
    await docker('tag', image, name('anna/written'));
    await bench.refuses(
      docker('push', name('anna/written')),
      /denied: anna may not push to anna\/written: the application token is limited to pull/,
    );
  },
);

testWith(
  programs,
  'docker pulls what is public without a login, and after its logout nothing else',
  async (t) => {
    const {bench, docker, login, name} = await setUp(t);
    await login('anna');
    const [own, open] = [name('anna/mine'), name('open/app')];
    for (const image of [own, open]) {
      await docker('push', await makeImage(bench, docker, image));
      await docker('image', 'rm', image);
    }
    await docker('logout', own.split('/')[0] ?? '');
    await docker('pull', open);
    const said = (what: string) =>
      new RegExp(`denied: a caller without an account may not ${what}: .*so log in`);
    await bench.refuses(docker('pull', own), said('pull from anna/mine'));
    await docker('tag', open, own);
    await bench.refuses(docker('push', own), said('push to anna/mine'));
  },
);

testWith(
  programs,
  'the refresh token of a disabled account ends: log in again, docker says',
  async (t) => {
    const {bench, docker, holdfast, login, name} = await setUp(t);
    await holdfast.person('cora');
    await login('cora');
    const image = await makeImage(bench, docker, name('cora/app'));
    await docker('push', image);
    await holdfast.command('user disable cora --yes');
    const said = /unauthorized: the login counts no more; log in again/;
    await bench.refuses(docker('pull', image), said);
    await bench.refuses(docker('push', image), said);
    await holdfast.command('user enable cora');
    await bench.refuses(docker('pull', image), said);
    await login('cora');
    await docker('pull', image);
  },
);

testWith(
  programs,
  'docker mounts layers from an own repository, and uploads those of a repository that is hidden',
  async (t) => {
    const {bench, docker, login, name} = await setUp(t);
    await login('anna');
    const first = await makeImage(bench, docker, name('anna/first'));
    await docker('push', first);
    await docker('tag', first, name('anna/second'));
    t.regex(await docker('push', name('anna/second')), /: Mounted from anna\/first/);
    // What was pulled is known to come from there, whoever pushes it on.
    await docker('image', 'rm', first, name('anna/second'));
    await docker('pull', first);
    await docker('tag', first, name('bert/third'));
    await login('bert');
    const pushed = await docker('push', name('bert/third'));
    t.regex(pushed, /: Pushed/);
    t.notRegex(pushed, /Mounted from/);
    await docker('image', 'rm', first, name('bert/third'));
    await docker('pull', name('bert/third'));
  },
);

type Place = {
  readonly bench: Workbench;
  readonly docker: ClientWithEnvironment;
  readonly holdfast: WithPeople;
  readonly login: (user: string, password?: string) => Promise<string>;
  /** `anna/app` as an image of this registry. */
  readonly name: (repository: string) => string;
};

async function setUp(t: ExecutionContext): Promise<Place> {
  const bench = await workbench(t);
  const {holdfast, socket} = await place(t);
  tellOnFailure(t, holdfast);
  const docker = dockerAt(bench, socket);
  const login: Place['login'] = async (user, password = passwordOf(user)) =>
    docker.given(`${password}\n`)('login', '-u', user, '--password-stdin', holdfast.host);
  return {bench, docker, holdfast, login, name: (repository) => `${holdfast.host}/${repository}`};
}

/** With a layer that nobody has seen before. */
async function makeImage(
  bench: Workbench,
  docker: ClientWithEnvironment,
  name: string,
): Promise<string> {
  await writeFile(bench.path('content'), randomUUID());
  await bench.client('tar')('-c', '-f', 'layer.tar', 'content');
  await docker('import', bench.path('layer.tar'), name);
  return name;
}
