/** `holdfast keystone test` against a real Keystone. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {type Keystone, keystonePrograms, startKeystone} from '../support/keystone.ts';
import {freePort} from '../support/ports.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {tlsServer} from '../support/tls-server.ts';
import {holdfast} from './holdfast.ts';

const password = 'correct horse';

async function tried(
  t: ExecutionContext,
  settings: object,
  {
    words = '',
    input,
    cwd: given,
  }: {readonly words?: string; readonly input?: string; readonly cwd?: string} = {},
) {
  const cwd = given ?? (await temporaryDirectory(t));
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify({auth: {keystone: settings}}));
  const args = words === '' ? [] : [...words.split(' ')];
  const stdin = input === undefined ? [] : ['--password-stdin'];
  const around = {cwd, ...(input === undefined ? {} : {input})};
  return holdfast(['keystone', 'test', ...args, ...stdin], around);
}

/** With anna, who is a member of the project web. */
async function withAnna(t: ExecutionContext): Promise<Keystone> {
  const keystone = await startKeystone(t);
  const anna = await keystone.addUser('anna', {password});
  await keystone.grant(anna, await keystone.addProject('web'), 'member');
  return keystone;
}

testWith(keystonePrograms, 'each step is printed, and who it would be', async (t) => {
  const {url} = await withAnna(t);
  const settings = {
    url,
    teams: [{project: 'web', role: 'member', team: 'makers', as: 'contributor'}],
    admins: [{project: 'admin', role: 'admin'}],
  };
  const {code, stdout} = await tried(t, settings, {words: 'anna', input: password});
  t.is(code, 0, stdout);
  for (const line of [
    /^ok {6}settings {3}http:\/\/127\.0\.0\.1:\d+\/v3, domain default/m,
    /^ok {6}connect {4}127\.0\.0\.1 port \d+/m,
    /^ok {6}TLS {8}none: passwords go in the clear/m,
    /^ok {6}version {4}the identity API answers, version 3/m,
    /^ok {6}roles {6}web: member, reader$/m,
    /^ok {6}login {6}the secret of anna is right/m,
    /^user: +anna/m,
    /^admin: +no/m,
    /^teams: +makers \(contributor\)/m,
  ]) {
    t.regex(stdout, line);
  }
});

testWith(
  keystonePrograms,
  'without a user the connection and the service credential are tested, and JSON has all of it',
  async (t) => {
    const {url} = await startKeystone(t);
    const good = await tried(t, {url}, {words: '--json'});
    t.is(good.code, 0, good.stdout);
    t.like(JSON.parse(good.stdout), {isAccepted: true});
    const service = {id: 'nobody', secret: 'wrong secret'};
    const bad = await tried(t, {url, service}, {words: '--json'});
    t.is(bad.code, 1);
    t.notRegex(bad.stdout, /wrong secret/);
    const {isAccepted, steps} = JSON.parse(bad.stdout) as {isAccepted: boolean; steps: object[]};
    t.false(isAccepted);
    t.like(steps.at(-1), {
      step: 'service',
      isDone: false,
      advice: 'check its id and secret',
    });
  },
);

testWith(
  keystonePrograms,
  'a wrong password, an unknown name and one that a local account has end with 1',
  async (t) => {
    const {url} = await withAnna(t);
    for (const [words, input] of [
      ['anna', 'wrong one'],
      ['nobody', password],
    ] as const) {
      const {code, stdout} = await tried(t, {url}, {words, input});
      t.is(code, 1, stdout);
      t.regex(stdout, /^FAILED {2}login {6}.*it is not accepted/m);
      t.regex(stdout, /-> a wrong name or password/);
      t.is(stdout.match(/^FAILED/gm)?.length, 1);
      t.false(stdout.includes(input));
    }
    const cwd = await temporaryDirectory(t);
    const local = 'user create anna --password-stdin --data-dir data'.split(' ');
    t.is((await holdfast(local, {cwd, input: 'another password'})).code, 0);
    const {code, stdout} = await tried(t, {url}, {words: 'anna', input: password, cwd});
    t.is(code, 1, stdout);
    t.regex(stdout, /^FAILED {2}account {4}there is a local account anna: this password/m);
  },
);

test('without auth.keystone.url it ends with 2', async (t) => {
  const {code, stderr} = await tried(t, {});
  t.is(code, 2);
  t.regex(stderr, /auth\.keystone\.url is not set/);
});

test('what is wrong on the way is told by its step, with the setting to change', async (t) => {
  const {url, caFile} = await tlsServer(t, (_request, response) => response.end('<html>'));
  const {port} = new URL(url);
  for (const [settings, step, advice] of [
    [{url: 'https://keystone.invalid/v3'}, /^FAILED {2}name .*not known/m, /auth\.keystone\.url/],
    [
      {url: `https://127.0.0.1:${await freePort(t)}/v3`},
      /^FAILED {2}connect .*nothing listens/m,
      /url/,
    ],
    [{url: `${url}/v3`}, /^FAILED {2}TLS .*not trusted/m, /^set auth\.keystone\.caFile/],
    [{url: `http://127.0.0.1:${port}/v3`}, /^FAILED {2}version .*closed|not HTTP/m, /./],
    [
      {url: `${url}/v3`, caFile},
      /^FAILED {2}version .*not as Keystone does/m,
      /auth\.keystone\.url/,
    ],
  ] as const) {
    const {code, stdout} = await tried(t, settings);
    t.is(code, 1, stdout);
    t.regex(stdout, step);
    t.regex(/-> (.*)/.exec(stdout)?.[1] ?? '', advice);
    t.is(stdout.match(/^FAILED/gm)?.length, 1, stdout);
  }
});
