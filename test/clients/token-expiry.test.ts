/** Pushes that last longer than their tokens. */
import {randomBytes} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import * as inProcess from '../support/accounts.ts';
import {startDockerd, trustForDocker} from '../support/dockerd.ts';
import {networkNamespace} from '../support/network-namespace.ts';
import {passwordOf, startWithPeople} from '../support/people.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

/**
 * A Holdfast on whose clock a token is over as soon as an upload has begun with it: each upload is finished under its lease, and the next
 * one needs a new token.
 */
async function startImpatient(t: ExecutionContext) {
  let log: inProcess.WithAccounts['log'] = [];
  const answersTo = (wanted: string) =>
    log.filter(({route}) => route === wanted).map(({status}) => status);
  const begun = () => answersTo('upload-start').filter((status) => status === 202).length;
  const holdfast = await inProcess.startWithAccounts(t, {
    token: {expiresIn: '2s'},
    now: () => new Date(Date.now() + begun() * 100_000),
  });
  ({log} = holdfast);
  await holdfast.person('anna');
  return {host: new URL(holdfast.url).host, answersTo};
}

type Push = (program: Client, host: string, files: readonly string[]) => Promise<void>;

const pushes: Readonly<Record<'crane' | 'oras', Push>> = {
  crane: async (crane, host, files) => {
    const layers = files.flatMap((file) => ['--new_layer', file]);
    await crane('append', ...layers, '--new_tag', `${host}/anna/app:v1`);
    await crane('validate', '--remote', `${host}/anna/app:v1`);
  },
  oras: async (oras, host, files) => {
    const layers = files.map((file) => `${file}:application/octet-stream`);
    await oras('push', '--plain-http', `${host}/anna/app:v1`, ...layers);
    await oras('pull', '--plain-http', `${host}/anna/app:v1`, '--output', 'pulled');
  },
};

for (const program of ['crane', 'oras'] as const) {
  testWith(
    [program, 'tar'],
    `${program} finishes each upload with the token that is over, and begins the next with a new one`,
    async (t) => {
      const bench = await workbench(t);
      const {host, answersTo} = await startImpatient(t);
      const client = bench.client(program);
      const login = program === 'crane' ? ['auth', 'login'] : ['login', '--plain-http'];
      const credentials = ['--username', 'anna', '--password-stdin'];
      await client.given(inProcess.passwordOf('anna'))(...login, ...credentials, host);

      await pushes[program](client, host, await makeLayers(bench, 8));

      // Clients look for a blob before they begin to upload it.
      t.true(answersTo('blob').includes(401));
      t.true(answersTo('token').length > 2);
      t.is(answersTo('upload-finish').length, 9);
      // Another upload may begin while the token ends: it is asked for again.
      for (const route of ['upload-append', 'upload-finish', 'manifest-put']) {
        t.false(answersTo(route).includes(401), route);
      }
    },
  );
}

/** A server whose clock is so slow that to its clients each token is over when it comes. */
const slowClock = {
  // The loader puts in the place of $LIB where this machine has its libraries.
  LD_PRELOAD: '/usr/$LIB/faketime/libfaketime.so.1',
  FAKETIME: '-61s',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
  NO_FAKE_STAT: '1',
};

testWith(
  ['docker', 'dockerd', 'containerd', 'runc', 'skopeo', 'faketime', 'ip', 'tar'],
  'docker and skopeo push with a token of its own for each request, all of one upload',
  async (t) => {
    const bench = await workbench(t);
    const network = await networkNamespace(t);
    const options = {
      address: network.hostAddress,
      settings: {auth: {mode: 'accounts'}, token: {expiresIn: '2s'}},
      env: slowClock,
    } as const;
    const holdfast = await startWithPeople(t, options);
    await trustForDocker(t, holdfast);
    const docker = await startDockerd(t, bench, network);
    const tokens = () => holdfast.requests().filter(({route}) => route === 'token').length;
    const image = `${holdfast.host}/anna/app:v1`;
    const [layer = ''] = await makeLayers(bench, 1);
    const login = docker.given(passwordOf('anna'));
    await login('login', '-u', 'anna', '--password-stdin', holdfast.host);
    await docker('import', bench.path(layer), image);

    const before = tokens();
    await docker('push', image);
    const between = tokens();
    t.true(between - before > 5, `${between - before} tokens`);
    const trust = ['--src-cert-dir', holdfast.certDir, '--dest-cert-dir', holdfast.certDir];
    await bench.skopeo('copy', ...trust, `docker://${image}`, `dir:${bench.path('copied')}`);
    const again = `docker://${holdfast.host}/anna/again:v1`;
    await bench.skopeo('copy', ...trust, `dir:${bench.path('copied')}`, again);
    t.true(tokens() - between > 5, `${tokens() - between} tokens`);
    await docker('pull', `${holdfast.host}/anna/again:v1`);
  },
);

/** Archives with a file that nobody has seen before. */
async function makeLayers(bench: Workbench, count: number): Promise<readonly string[]> {
  const archives = Array.from({length: count}, (_, index) => `layer-${index}.tar`);
  for (const archive of archives) {
    await writeFile(bench.path('content'), randomBytes(100_000));
    await bench.client('tar')('-c', '-f', archive, 'content');
  }
  return archives;
}
