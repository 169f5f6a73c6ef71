/** skopeo with accounts: a server and an image for all, a file of logins for each test. */
import {readFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {basic} from '../support/accounts.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {shared} from '../support/lifetime.ts';
import {passwordOf, startWithPeople, tellOnFailure, type WithPeople} from '../support/people.ts';
import {ask} from '../support/registry.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

const programs = ['skopeo', 'umoci', 'busybox'] as const;

const place = shared(startWithPeople);

testWith(
  programs,
  'skopeo logs in with a password of all kinds of characters, pushes, and logs out',
  async (t) => {
    const {bench, push, inspect, holdfast, login} = await setUp(t);
    t.regex(await login('anna'), /Login Succeeded/);
    await push('anna/app');
    await inspect('anna/app');
    await bench.skopeo('logout', holdfast.host);
    await bench.refuses(
      inspect('anna/app'),
      /denied: a caller without an account may not pull from anna\/app: .*so log in/,
    );
  },
);

testWith(
  programs,
  'skopeo login says that name or password are not right, and keeps neither',
  async (t) => {
    const {bench, holdfast, login} = await setUp(t);
    await holdfast.person('disabled');
    await holdfast.command('user disable disabled --yes');
    const said = /exited with 1\n[^]*invalid username\/password/;
    await bench.refuses(login('anna', 'not the password'), said);
    await bench.refuses(login('nobody', 'any password'), said);
    await bench.refuses(login('disabled'), said);
    await t.throwsAsync(readFile(bench.path('run/containers/auth.json')), {code: 'ENOENT'});
  },
);

testWith(
  programs,
  'skopeo login says that there were too many failed logins, and does not wait',
  async (t) => {
    const {bench, holdfast, login} = await setUp(t);
    await holdfast.person('locked');
    const headers = {authorization: basic('locked', 'not the password')};
    for (let attempt = 0; attempt < 10; attempt++) {
      t.is((await ask(holdfast, '/auth/token', {headers})).status, 401);
    }
    await bench.refuses(login('locked'), /exited with 1\n[^]*too many requests to registry/);
  },
);

testWith(
  programs,
  'skopeo copies from one account to another with the credentials of both, and without any where it is public',
  async (t) => {
    const {bench, holdfast, copy, inspect} = await setUp(t);
    const [anna, bert] = ['anna', 'bert'].map((name) => `${name}:${passwordOf(name)}`);
    const at = (repository: string) => `docker://${holdfast.host}/${repository}:v1`;
    await copy('oci:made:v1', at('anna/from'), ['--dest-creds', anna ?? '']);
    const both = ['--src-creds', anna ?? '', '--dest-creds', bert ?? ''];
    await copy(at('anna/from'), at('bert/to'), both);
    await inspect('bert/to', ['--creds', bert ?? '']);
    await copy(at('anna/from'), at('open/app'), [
      ...['--src-username', 'anna', '--src-password', passwordOf('anna')],
      ...['--dest-username', 'anna', '--dest-password', passwordOf('anna')],
    ]);
    await inspect('open/app', ['--no-creds']);
    await bench.refuses(
      inspect('bert/to', ['--creds', anna ?? '']),
      /denied: anna may not pull from bert\/to: there is no namespace for it, or it is private/,
    );
    await bench.refuses(
      inspect('bert/to', ['--creds', 'bert:not the password']),
      /invalid username\/password: unauthorized: the name or the password is not right/,
    );
  },
);

testWith(programs, 'skopeo is told why it may not push', async (t) => {
  const {bench, push, holdfast, login} = await setUp(t);
  await login('bert');
  // It looks first whether the layer is there.
  await bench.refuses(
    push('anna/app'),
    /denied: bert may not pull from anna\/app: there is no namespace for it, or it is private/,
  );
  const words = 'app-token create --user bert --name skopeo-reader --pull-only';
  await login('bert', await holdfast.command(words));
  await bench.refuses(
    push('bert/app'),
    /denied: bert may not push to bert\/app: the application token is limited to pull/,
  );
  const robot = 'robot create skopeo-viewer --team makers --role viewer';
  await login('skopeo-viewer', await holdfast.command(robot));
  await bench.refuses(
    push('tools/app'),
    /denied: the robot skopeo-viewer may not push to tools\/app: .* the role viewer is less than contributor/,
  );
});

testWith(
  programs,
  'skopeo lists the tags of a private repository for its owner alone',
  async (t) => {
    const {bench, push, holdfast, login} = await setUp(t);
    const list: Client = async (...args) =>
      bench.skopeo(
        ...['list-tags', '--cert-dir', holdfast.certDir, ...args],
        `docker://${holdfast.host}/anna/tagged`,
      );
    await login('anna');
    await push('anna/tagged');
    t.like(JSON.parse(await list()), {Tags: ['v1']});
    await bench.refuses(list('--no-creds'), /denied: a caller without an account may not pull/);
    const other = ['--creds', `bert:${passwordOf('bert')}`];
    await bench.refuses(list(...other), /denied: bert may not pull from anna\/tagged/);
  },
);

type Place = {
  readonly bench: Workbench;
  readonly holdfast: WithPeople;
  readonly login: (user: string, password?: string) => Promise<string>;
  readonly copy: (from: string, to: string, options?: readonly string[]) => Promise<string>;
  /** The image `made` to the repository. */
  readonly push: (repository: string) => Promise<string>;
  readonly inspect: (repository: string, options?: readonly string[]) => Promise<string>;
};

async function setUp(t: ExecutionContext): Promise<Place> {
  const bench = await workbench(t);
  const holdfast = await place(t);
  tellOnFailure(t, holdfast);
  await umociImage(bench, await rootFilesystem(bench), 'made');
  const {host, certDir} = holdfast;
  const copy: Place['copy'] = async (from, to, options = []) => {
    const trust = ['--src-cert-dir', certDir, '--dest-cert-dir', certDir];
    return bench.skopeo('copy', ...trust, ...options, from, to);
  };
  return {
    bench,
    holdfast,
    copy,
    login: async (user, password = passwordOf(user)) => {
      const words = ['login', '--cert-dir', certDir, '-u', user, '--password-stdin', host];
      return bench.skopeo.given(password)(...words);
    },
    push: async (repository) => copy('oci:made:v1', `docker://${host}/${repository}:v1`),
    inspect: async (repository, options = []) => {
      const words = ['inspect', '--cert-dir', certDir, ...options];
      return bench.skopeo(...words, `docker://${host}/${repository}:v1`);
    },
  };
}
