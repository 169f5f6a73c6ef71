/** Accounts, for those clients of which a short story is enough: crane, oras, helm, ctr. */
import {mkdir, writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {hostsDirectory, startContainerd} from '../support/containerd.ts';
import {rootFilesystem, umociImage} from '../support/images.ts';
import {shared} from '../support/lifetime.ts';
import {passwordOf, startWithPeople, tellOnFailure, type WithPeople} from '../support/people.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Workbench} from '../support/workbench.ts';

const place = shared(startWithPeople);
const hidden = 'there is no namespace for it, or it is private to a team of others';

testWith(
  ['crane', 'tar'],
  'crane logs in, pushes to its own, pulls what is public without a login, and is told what it may not',
  async (t) => {
    const {bench, holdfast} = await setUp(t);
    const {host} = holdfast;
    const crane = bench.client('crane', [], {SSL_CERT_FILE: holdfast.caFile});
    await writeFile(bench.path('content'), 'of the layer');
    await bench.client('tar')('-c', '-f', 'layer.tar', 'content');
    const push = async (repository: string) =>
      crane('append', '--new_layer', 'layer.tar', '--new_tag', `${host}/${repository}:v1`);
    const login = async (user: string) =>
      crane.given(passwordOf(user))('auth', 'login', host, '-u', user, '--password-stdin');
    await login('anna');
    await push('anna/crane');
    await push('open/crane');
    await login('bert');
    // It asks by HEAD first, the answer to which has no body.
    await bench.refuses(push('tools/crane'), /unexpected status code 401 Unauthorized/);
    await bench.refuses(
      crane('manifest', `${host}/tools/crane:v1`),
      new RegExp(`UNAUTHORIZED: .*; bert may not pull from tools/crane: ${hidden}`),
    );
    await crane('auth', 'logout', host);
    await crane('manifest', `${host}/open/crane:v1`);
    await bench.refuses(
      crane('manifest', `${host}/anna/crane:v1`),
      /UNAUTHORIZED: .*; a caller without an account may not pull from anna\/crane: .*so log in/,
    );
    t.is(await crane('catalog', host), 'open/crane');
  },
);

testWith(
  ['oras'],
  'oras logs in, pushes to its own, and is told what it may not; a wrong password is not kept',
  async (t) => {
    const {bench, holdfast} = await setUp(t);
    const {host} = holdfast;
    const trust = ['--ca-file', holdfast.caFile];
    const oras = bench.client('oras');
    await writeFile(bench.path('recipe.txt'), 'a recipe for bread\n');
    const push = async (repository: string) =>
      oras('push', ...trust, `${host}/${repository}:v1`, 'recipe.txt:text/plain');
    const login = async (user: string, password = passwordOf(user)) =>
      oras.given(password)('login', ...trust, '-u', user, '--password-stdin', host);
    await bench.refuses(
      login('anna', 'not the password'),
      /exited with 1\n[^]*unauthorized: the name or the password is not right/,
    );
    t.regex(await login('anna'), /Login Succeeded/);
    await push('anna/oras');
    // It asks by HEAD first, the answer to which has no body.
    await bench.refuses(push('bert/oras'), /response status code 401: Unauthorized/);
    await bench.refuses(
      oras('repo', 'tags', ...trust, `${host}/bert/oras`),
      new RegExp(`anna may not pull from bert/oras: ${hidden}`),
    );
    await oras('logout', host);
    await bench.refuses(
      oras('repo', 'tags', ...trust, `${host}/anna/oras`),
      /a caller without an account may not pull from anna\/oras: .*so log in/,
    );
  },
);

testWith(
  ['helm'],
  'helm logs in, pushes to its own, and is told what it may not; a wrong password is not kept',
  async (t) => {
    const {bench, holdfast} = await setUp(t);
    const {host} = holdfast;
    const trust = ['--ca-file', holdfast.caFile];
    const helm = bench.client('helm');
    await helm('create', 'demo');
    await helm('package', 'demo', '--version', '1.2.3');
    const push = async (namespace: string) =>
      helm('push', 'demo-1.2.3.tgz', `oci://${host}/${namespace}`, ...trust);
    const login = async (user: string, password = passwordOf(user)) => {
      const words = ['registry', 'login', ...trust, '-u', user, '--password-stdin', host];
      return helm.given(password)(...words);
    };
    await bench.refuses(
      login('anna', 'not the password'),
      /exited with 1\n[^]*401.*unauthorized: the name or the password is not right/,
    );
    await login('anna');
    await push('anna/charts');
    // It asks by HEAD first, the answer to which has no body.
    await bench.refuses(push('bert/charts'), /response status code 401: Unauthorized/);
    await helm('registry', 'logout', host);
    await mkdir(bench.path('pulled'));
    const chart = `oci://${host}/anna/charts/demo`;
    const pull = helm('pull', chart, '--version', '1.2.3', '--destination', 'pulled', ...trust);
    await bench.refuses(pull, /a caller without an account may not pull from anna\/charts\/demo/);
  },
);

testWith(
  ['containerd', 'ctr', 'skopeo', 'umoci', 'busybox'],
  'ctr pushes and pulls with --user, and is refused with a wrong password',
  async (t) => {
    const {bench, holdfast} = await setUp(t);
    const name = `${holdfast.host}/anna/ctr:v1`;
    await umociImage(bench, await rootFilesystem(bench), 'made');
    await bench.skopeo('copy', 'oci:made:v1', `oci-archive:made.tar:${name}`);
    const ctr = await startContainerd(t, bench);
    await ctr('images', 'import', bench.path('made.tar'));
    const hosts = ['--hosts-dir', await hostsDirectory(bench, holdfast)];
    const as = (user: string, password = passwordOf(user)) => [
      ...hosts,
      '-u',
      `${user}:${password}`,
    ];

    await ctr('images', 'push', ...as('anna'), name);
    await ctr('images', 'rm', '--sync', name);
    await ctr('images', 'pull', ...as('anna'), name);
    await bench.refuses(ctr('images', 'push', ...as('anna', 'not the password'), name), /401/);
    const said = /may require authorization: server message: insufficient_scope/;
    await bench.refuses(ctr('images', 'pull', ...as('bert'), name), said);
    await bench.refuses(ctr('images', 'pull', ...hosts, name), said);
  },
);

async function setUp(t: ExecutionContext): Promise<{bench: Workbench; holdfast: WithPeople}> {
  const bench = await workbench(t);
  const holdfast = await place(t);
  tellOnFailure(t, holdfast);
  return {bench, holdfast};
}
