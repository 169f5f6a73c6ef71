/** `holdfast import portus` as an operator runs it. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {shared} from '../support/lifetime.ts';
import {startMariadb, urlOf} from '../support/database-server.ts';
import {fillPortus, makePortus, portusPassword, portusToken} from '../support/portus.ts';
import {testWith} from '../support/test-with.ts';
import {type Bench, bench, login, runningBench} from './administration-workbench.ts';

const programs = ['mariadbd', 'mariadb-install-db', 'setpriv'] as const;
const server = shared(startMariadb);

interface Report {
  readonly isDry: boolean;
  readonly tallies: readonly {readonly what: string; readonly taken: number}[];
}

const takenIn = (answer: unknown, what: string): number | undefined =>
  (answer as Report).tallies.find((each) => each.what === what)?.taken;

/** A filled Portus, and the words that import it; the password lies in a file. */
async function portusFor(t: ExecutionContext, {cwd}: Pick<Bench, 'cwd'>) {
  const portus = await makePortus(await server(t));
  await fillPortus(portus);
  const {password = '', ...address} = portus.server;
  const file = join(cwd, 'portus-password');
  await writeFile(file, `${password}\n`, {mode: 0o600});
  const url = urlOf({...address, password: undefined});
  const words = ['import', 'portus', '--database', url, '--password-file', file];
  return {portus, url, words};
}

testWith(programs, 'everyone of a Portus logs in at the running server as before', async (t) => {
  const place = await runningBench(t);
  const {words} = await portusFor(t, place);
  t.is(await login(place.url, 'anna', portusPassword('anna')), 401);
  const rehearsed = await place.json([...words, '--dry-run']);
  t.is(takenIn(rehearsed, 'users'), 8);
  t.is(await login(place.url, 'anna', portusPassword('anna')), 401);
  t.is(takenIn(await place.json(words), 'users'), 8);
  // Twice: the first one makes its hash ours.
  for (const time of ['first', 'second']) {
    t.log(time);
    t.is(await login(place.url, 'anna', portusPassword('anna')), 200);
    t.is(await login(place.url, 'bert', portusPassword('bert')), 200);
    t.is(await login(place.url, 'anna', portusToken('anna')), 200);
    t.is(await login(place.url, 'lena', portusToken('lena')), 200);
  }
  t.is(await login(place.url, 'bert', portusToken('anna')), 401);
  t.is(await login(place.url, 'dora', portusPassword('dora')), 401);
  t.is(await login(place.url, 'gaby', 'md5:garbage'), 401);
  const {code, stdout} = await place.run(words);
  t.is(code, 0);
  t.regex(
    stdout,
    /^mariadb:\/\/\S+ was taken over\n\nWHAT +TAKEN +HERE ALREADY +LEFT OUT\nusers +0 +8 +2\n/,
  );
  t.regex(stdout, /1 accounts that nothing here can be named after: [^\n]+\n {2}!!!\n/);
});

testWith(
  programs,
  'a stopped server takes a Portus over, and has its people when it starts',
  async (t) => {
    const stopped = await bench(t);
    const {words} = await portusFor(t, stopped);
    t.is(takenIn(await stopped.json(words), 'users'), 8);
    const {url} = await runningBench(t, {}, stopped.cwd);
    t.is(await login(url, 'bert', portusPassword('bert')), 200);
  },
);

testWith(programs, 'the next account is no first admin where Portus had one', async (t) => {
  const place = await runningBench(t);
  const {words} = await portusFor(t, place);
  await place.json(words);
  t.is((await place.run('user create zoe --password-stdin', 'a password of zoe')).code, 0);
  t.like(await place.json('user show zoe'), {isAdmin: false});
  t.like(await place.json('user show anna'), {isAdmin: true});
});

testWith(
  programs,
  'what keeps an import from its database is told, and nothing is changed',
  async (t) => {
    const place = await runningBench(t);
    const {words, url, portus} = await portusFor(t, place);
    const refused = async (args: readonly string[], said: RegExp, input?: string) => {
      const {code, stderr} = await place.run(args, input);
      t.not(code, 0);
      t.regex(stderr, said);
    };
    const command = ['import', 'portus', '--database'];
    await refused(
      [...command, url, '--password-stdin'],
      /Access denied|ACCESS_DENIED/,
      'not the password',
    );
    await refused([...command, 'mysql://a@127.0.0.1:1/x'], /can't be reached|ECONNREFUSED/);
    await refused([...command, 'sqlite://x'], /--database must be mariadb:/);
    await refused([...command, urlOf(portus.server)], /--database must have no password in it/);
    await refused([...words, '--database-tls', 'verify'], /self-signed|SELF_SIGNED|certificate/);
    await refused(
      [...words, '--provider', 'github=nowhere'],
      /nowhere, which is no id of auth\.oidc/,
    );
    await refused([...words, '--provider', 'github'], /--provider is written PORTUS=ID/);
    await refused(
      [...command, url, '--password-file', join(place.cwd, 'none')],
      /none does not exist/,
    );
    t.deepEqual(await place.json('user list'), {users: []});
  },
);

testWith(programs, 'a Portus is taken over through TLS, with the CA that is named', async (t) => {
  const place = await bench(t);
  const {words} = await portusFor(t, place);
  const {caFile} = await server(t);
  const secured = [...words, '--database-tls', 'verify', '--database-ca-file', caFile];
  t.is(takenIn(await place.json(secured), 'users'), 8);
});
