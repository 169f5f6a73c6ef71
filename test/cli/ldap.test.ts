/** `holdfast ldap test` against a real slapd. */
import {join} from 'node:path';
import {mkdir, writeFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {base, type Slapd, startSlapd} from '../support/slapd.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {holdfast} from './holdfast.ts';

const password = 'correct horse';

async function tried(
  t: ExecutionContext,
  {url, caFile}: Slapd,
  {
    words,
    input,
    ldap = {},
    cwd: given,
  }: {words: string; input: string; ldap?: object; cwd?: string},
) {
  const cwd = given ?? (await temporaryDirectory(t));
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
  const anna = await slapd.addPerson('anna', {
    password,
    mail: 'anna@example.org',
    attributes: {displayName: 'Anna\u001B[2J\u009B31m\u202E'},
  });
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
    /^name: +Anna\uFFFD\[2J\uFFFD31m\uFFFD$/m,
    /^e-mail: +anna@example\.org/m,
    /^admin: +as it is here/m,
    /^teams: +builders \(viewer\)/m,
  ]) {
    t.regex(stdout, line);
  }
});

testWith(
  ['slapd'],
  'an account that has the name already is told, and the account that another name comes to',
  async (t) => {
    const slapd = await startSlapd(t);
    await slapd.addPerson('anna', {password});
    await slapd.addPerson('Max.M', {password});
    const cwd = await temporaryDirectory(t);
    const local = 'user create anna --password-stdin --data-dir data'.split(' ');
    t.is((await holdfast(local, {cwd, input: 'another password'})).code, 0);
    const anna = await tried(t, slapd, {words: 'anna', input: password, cwd});
    t.is(anna.code, 1, anna.stdout);
    t.regex(anna.stdout, /^FAILED {2}account {4}there is a local account anna: this password/m);
    const max = await tried(t, slapd, {words: 'Max.M', input: password, cwd});
    t.is(max.code, 0, max.stdout);
    t.regex(max.stdout, /^account: +max\.m$/m);
  },
);

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
      [
        {groups: {base: `ou=none,${base}`}},
        'anna',
        password,
        /groups.*there is nothing below "ou=none,dc=ex,dc=org": the directory answers "no such object"/,
        /^check auth\.ldap\.groups\.base$/,
      ],
      [
        {base: `ou=none,${base}`},
        'anna',
        password,
        /search.*there is nothing below "ou=none,dc=ex,dc=org"/,
        /^check auth\.ldap\.base$/,
      ],
      [
        {subject: 'description'},
        'anna',
        password,
        /^FAILED {2}subject {4}the entry has no description$/m,
        /^set auth\.ldap\.subject to an attribute that never changes$/,
      ],
      [{urls: ['ldap://127.0.0.1:9']}, 'anna', password, /nothing listens/, /auth\.ldap\.urls/],
    ] as const) {
      const {code, stdout} = await tried(t, slapd, {words, input, ldap});
      t.is(code, 1, stdout);
      t.notRegex(stdout, /0x|--use-system-ca/);
      t.is(stdout.match(/^FAILED/gm)?.length, 1, stdout);
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

testWith(
  ['slapd'],
  'an admin group that does not exist is told, and teams that do not exist here',
  async (t) => {
    const slapd = await startSlapd(t);
    const anna = await slapd.addPerson('anna', {password});
    const dn = await slapd.addGroup('builders', [anna]);
    for (const [adminGroup, finding] of [
      ['nobodies', /^FAILED {2}admins {5}there is no group "nobodies" below ou=groups,/m],
      [`cn=x,ou=groups,${base}`, /^FAILED {2}admins {5}there is no group cn=x,ou=groups,/m],
      ['builders', undefined],
      [dn, undefined],
    ] as const) {
      const {code, stdout} = await tried(t, slapd, {
        words: 'anna',
        input: password,
        ldap: {adminGroup},
      });
      t.is(code, 0, stdout);
      if (finding) t.regex(stdout, finding);
      else t.notRegex(stdout, /FAILED/);
    }
    const cwd = await temporaryDirectory(t);
    await mkdir(join(cwd, 'data'));
    await holdfast(['migrate'], {cwd});
    const {stdout} = await tried(t, slapd, {words: 'anna', input: password, cwd});
    t.true(
      stdout.includes(
        'builders (viewer; there is no such team here yet: holdfast team create builders --owner NAME)',
      ),
      stdout,
    );
  },
);

testWith([], 'without a directory there is nothing to test', async (t) => {
  const cwd = await temporaryDirectory(t);
  const {code, stderr} = await holdfast(['ldap', 'test', 'anna', '--password-stdin'], {
    cwd,
    input: 'x',
  });
  t.is(code, 2);
  t.regex(stderr, /auth\.ldap\.urls is not set/);
});
