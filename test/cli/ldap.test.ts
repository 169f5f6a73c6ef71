/** `holdfast ldap test` against a real slapd. */
import {join} from 'node:path';
import {writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {base, type Slapd, startSlapd} from '../support/slapd.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {holdfast} from './holdfast.ts';

const password = 'correct horse';

async function tried(
  t: ExecutionContext,
  {url, caFile}: Slapd,
  {words, input, ldap = {}}: {words: string; input: string; ldap?: object},
) {
  const cwd = await temporaryDirectory(t);
  const settings = {
    urls: [url],
    caFile,
    base: `ou=people,${base}`,
    bindDn: `cn=admin,${base}`,
    bindPassword: 'the password of the directory',
    groups: {base: `ou=groups,${base}`},
    ...ldap,
  };
  await writeFile(join(cwd, 'holdfast.yaml'), JSON.stringify({auth: {ldap: settings}}));
  return holdfast(['ldap', 'test', ...words.split(' '), '--password-stdin'], {cwd, input});
}

testWith(['slapd'], 'each step is printed, and who it would be', async (t) => {
  const slapd = await startSlapd(t);
  const anna = await slapd.addPerson('anna', {password, mail: 'anna@example.org'});
  await slapd.addGroup('builders', [anna]);
  const {code, stdout} = await tried(t, slapd, {words: 'anna', input: password});
  t.is(code, 0);
  for (const line of [
    /^ok {6}connect {4}127\.0\.0\.1 port \d+/m,
    /^ok {6}TLS {8}TLSv1\.3, certificate verified/m,
    /^ok {6}bind {7}as cn=admin/m,
    /^ok {6}search {5}uid=anna,ou=people/m,
    /^ok {6}user bind {2}the password of anna is right/m,
    /^ok {6}groups {5}builders/m,
    /^e-mail: +anna@example\.org/m,
    /^admin: +as it is here/m,
    /^teams: +builders \(viewer\)/m,
  ]) {
    t.regex(stdout, line);
  }
});

testWith(
  ['slapd'],
  'what failed is printed with what to change, and the exit code is 1',
  async (t) => {
    const slapd = await startSlapd(t);
    await slapd.addPerson('anna', {password});
    for (const [ldap, words, input, finding, advice] of [
      [{}, 'anna', 'wrong one', /does not accept this password/, /wrong password/],
      [{}, 'nobody', password, /nobody below .* has the uid "nobody"/, /auth\.ldap\.base/],
      [
        {bindPassword: 'wrong one'},
        'anna',
        password,
        /is not accepted/,
        /auth\.ldap\.bindPassword/,
      ],
      [{caFile: undefined}, 'anna', password, /certificate is not trusted/, /auth\.ldap\.caFile/],
      [{urls: ['ldap://127.0.0.1:9']}, 'anna', password, /nothing listens/, /auth\.ldap\.urls/],
    ] as const) {
      const {code, stdout} = await tried(t, slapd, {words, input, ldap});
      t.is(code, 1, stdout);
      t.regex(stdout, /^FAILED/m);
      t.regex(stdout, finding);
      t.regex(/-> (.*)/.exec(stdout)?.[1] ?? '', advice);
    }
  },
);

testWith(['slapd'], 'scripts get all of it as JSON', async (t) => {
  const slapd = await startSlapd(t);
  await slapd.addPerson('anna', {password});
  const good = await tried(t, slapd, {words: 'anna --json', input: password});
  t.like(JSON.parse(good.stdout), {isAccepted: true, identity: {username: 'anna'}});
  const bad = await tried(t, slapd, {words: 'nobody --json', input: password});
  t.is(bad.code, 1);
  t.like(JSON.parse(bad.stdout), {isAccepted: false});
});

testWith([], 'without a directory there is nothing to test', async (t) => {
  const cwd = await temporaryDirectory(t);
  const {code, stderr} = await holdfast(['ldap', 'test', 'anna', '--password-stdin'], {
    cwd,
    input: 'x',
  });
  t.is(code, 2);
  t.regex(stderr, /auth\.ldap\.urls is not set/);
});
