/** podman with accounts: a server for all, a storage and a file of logins for each test. */
import {randomUUID} from 'node:crypto';
import {readFile, writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {shared} from '../support/lifetime.ts';
import {passwordOf, startWithPeople, tellOnFailure, type WithPeople} from '../support/people.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const programs = ['podman', 'crun', 'tar'] as const;

const place = shared(startWithPeople);

testWith(
  programs,
  'podman logs in with a password of all kinds of characters, pushes, pulls, and logs out',
  async (t) => {
    const {bench, podman, holdfast, login, name} = await setUp(t);
    t.regex(await login('anna'), /Login Succeeded/);
    const image = await makeImage(bench, name('anna/app'));
    await podman('push', image);
    await bench.podman('rmi', image);
    await podman('pull', image);
    await bench.podman('logout', holdfast.host);
    await bench.podman('rmi', image);
    await bench.refuses(
      podman('pull', image),
      /denied: a caller without an account may not pull from anna\/app: .*so log in/,
    );
  },
);

testWith(
  programs,
  'podman login says that name or password are not right, and keeps neither',
  async (t) => {
    const {bench, holdfast, login} = await setUp(t);
    await holdfast.person('disabled');
    await holdfast.command('user disable disabled --yes');
    const said = /exited with 125\n[^]*invalid username\/password/;
    await bench.refuses(login('anna', 'not the password'), said);
    await bench.refuses(login('nobody', 'any password'), said);
    await bench.refuses(login('disabled'), said);
    await t.throwsAsync(readFile(bench.path('run/containers/auth.json')), {code: 'ENOENT'});
  },
);

testWith(programs, 'podman is told why it may not push, and why not pull', async (t) => {
  const {bench, podman, holdfast, login, name} = await setUp(t);
  const secret = await makeImage(bench, name('tools/secret'));
  const open = await makeImage(bench, name('open/read'));
  for (const image of [secret, open]) {
    await podman('push', '--creds', `anna:${passwordOf('anna')}`, image);
    await bench.podman('rmi', image);
  }
  await podman('pull', open);
  await login('bert');
  const hidden = 'there is no namespace for it, or it is private to a team of others';
  await bench.refuses(
    podman('pull', secret),
    new RegExp(`denied: bert may not pull from tools/secret: ${hidden}`),
  );
  await bench.podman('tag', open, name('tools/other'));
  // It looks first whether the layer is there.
  await bench.refuses(
    podman('push', name('tools/other')),
    new RegExp(`denied: bert may not pull from tools/other: ${hidden}`),
  );
  await bench.refuses(
    podman('push', open),
    /denied: bert may not push to open\/read: only members of its team may/,
  );
  const words = 'app-token create --user anna --name podman-reader --pull-only';
  await login('anna', await holdfast.command(words));
  await podman('pull', secret);
  await bench.refuses(
    podman('push', secret),
    /denied: anna may not push to tools\/secret: the application token is limited to pull/,
  );
});

testWith(programs, 'a robot logs in by podman and pushes to its team', async (t) => {
  const {bench, podman, holdfast, login, name} = await setUp(t);
  const robot = 'robot create podman-builder --team makers --role contributor';
  await login('podman-builder', await holdfast.command(robot));
  await t.notThrowsAsync(podman('push', await makeImage(bench, name('tools/robot'))));
});

type Place = {
  readonly bench: Workbench;
  /** push or pull, trusting the registry. */
  readonly podman: (verb: 'push' | 'pull', ...args: string[]) => ReturnType<Client>;
  readonly holdfast: WithPeople;
  readonly login: (user: string, password?: string) => Promise<string>;
  /** `anna/app` as an image of this registry. */
  readonly name: (repository: string) => string;
};

async function setUp(t: ExecutionContext): Promise<Place> {
  const bench = await workbench(t);
  const holdfast = await place(t);
  tellOnFailure(t, holdfast);
  const {host, certDir} = holdfast;
  const trust = ['--cert-dir', certDir];
  return {
    bench,
    podman: async (verb, ...args) => bench.podman(verb, ...trust, ...args),
    holdfast,
    login: async (user, password = passwordOf(user)) =>
      bench.podman.given(password)('login', ...trust, '-u', user, '--password-stdin', host),
    name: (repository) => `${host}/${repository}:v1`,
  };
}

/** With a layer that nobody has seen before. */
async function makeImage(bench: Workbench, name: string): Promise<string> {
  await writeFile(bench.path('content'), randomUUID());
  await bench.client('tar')('-c', '-f', 'layer.tar', 'content');
  await bench.podman('import', 'layer.tar', name);
  return name;
}
