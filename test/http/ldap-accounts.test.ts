/** People of a directory as accounts: from the login of a client to what they may, and what they lose. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {findTeamByName, updateTeam} from '../../src/metadata/teams.ts';
import {findUserByName} from '../../src/metadata/users.ts';
import {LdapProvider} from '../../src/auth/providers/ldap.ts';
import {departures} from '../../src/jobs/departures.ts';
import {keptLog, never} from '../auth/workbench.ts';
import {
  basic,
  lastRefused,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';
import type {Settings} from '../support/in-process.ts';
import {findValue, metrics} from '../support/metrics.ts';
import {secret} from '../support/secrets.ts';
import {shared} from '../support/lifetime.ts';
import {base, type Slapd, startSlapd} from '../support/slapd.ts';
import {testWith} from '../support/test-with.ts';

const password = 'correct horse';
const programs = ['slapd'] as const;
const directory = shared(async (life) => startSlapd(life));

type Place = WithAccounts & {readonly slapd: Slapd};

async function start(
  t: ExecutionContext,
  more: Readonly<Record<string, unknown>> = {},
  {slapd, auth, ...others}: {slapd?: Slapd; jobInterval?: number} & Settings = {},
): Promise<Place> {
  const own = slapd ?? (await directory(t));
  const settings = {
    urls: [own.url],
    caFile: own.caFile,
    base,
    bindDn: `cn=admin,${base}`,
    bindPassword: 'the password of the directory',
    ...more,
  };
  return {
    ...(await startWithAccounts(t, {...others, auth: {...auth, ldap: settings}})),
    slapd: own,
  };
}

const tokenOf = async (holdfast: WithAccounts, name: string): Promise<string> => {
  const answer = await holdfast.as(basic(name, password)).get('/auth/token').expect(200);
  return secret((answer.body as {token: string}).token);
};

const tokenStatus = async (
  holdfast: WithAccounts,
  name: string,
  given = password,
): Promise<number> => (await holdfast.as(basic(name, given)).get('/auth/token')).status;

const catalog = async (holdfast: WithAccounts, name: string): Promise<number> =>
  (await holdfast.as(basic(name, password)).get('/v2/_catalog')).status;

testWith(programs, 'the first login makes an account with a namespace of its own', async (t) => {
  const holdfast = await start(t);
  await holdfast.slapd.addPerson('Greta.M', {password, mail: 'greta@example.org'});
  t.is(await tokenStatus(holdfast, 'Greta.M', 'wrong'), 401);
  t.is(await findUserByName(holdfast.db, 'greta.m'), undefined);
  t.is(await tokenStatus(holdfast, 'Greta.M'), 200);
  t.like(await findUserByName(holdfast.db, 'greta.m'), {
    provider: 'ldap',
    email: 'greta@example.org',
    displayName: 'Greta.M of Example',
    isAdmin: false,
  });
  const start202 = '/v2/greta.m/app/blobs/uploads/';
  await holdfast.as(basic('Greta.M', password)).post(start202).expect(202);
});

testWith(programs, 'who is an admin is looked at with each login, and taken with it', async (t) => {
  const holdfast = await start(t, {adminGroup: 'operators'});
  await holdfast.person('root', {admin: 'yes'});
  const hans = await holdfast.slapd.addPerson('hans', {password});
  const group = await holdfast.slapd.addGroup('operators', [hans]);
  const scope = '/auth/token?scope=registry:catalog:*';
  const granted = async (): Promise<string> => {
    const answer = await holdfast.as(basic('hans', password)).get(scope).expect(200);
    return (answer.body as {token: string}).token;
  };
  const token = await granted();
  const read = async () => (await holdfast.as(`Bearer ${token}`).get('/v2/_catalog')).status;
  t.is(await read(), 200);
  t.is((await findUserByName(holdfast.db, 'hans'))?.isAdmin, true);
  await holdfast.slapd.setMembers(group, []);
  // The cache of credentials is a few seconds old at most; another password is none of its.
  await holdfast.slapd.setPassword(hans, 'battery staple');
  t.is(await tokenStatus(holdfast, 'hans', 'battery staple'), 200);
  t.is((await findUserByName(holdfast.db, 'hans'))?.isAdmin, false);
  t.true((await lastRefused(async () => (await read()) === 401)) < soon);
});

testWith(
  programs,
  'groups put people into the teams of their name, and take them out again',
  async (t) => {
    const holdfast = await start(t);
    const {slapd, db} = holdfast;
    await holdfast.person('owner');
    await holdfast.team('builders', {owner: 'owner'});
    await holdfast.team('elsewhere', {owner: 'owner'});
    await holdfast.namespace('web', 'builders');
    const ida = await slapd.addPerson('ida', {password});
    const group = await slapd.addGroup('Builders', [ida]);
    const pull = '/v2/web/app/tags/list';
    const status = async (given: string): Promise<number> =>
      (await holdfast.as(basic('ida', given)).get(pull)).status;
    t.is(await status(password), 404);
    const teams = async () =>
      await db
        .selectFrom('memberships')
        .innerJoin('teams', 'teams.id', 'memberships.team_id')
        .innerJoin('users', 'users.id', 'memberships.user_id')
        .select(['teams.name', 'role', 'source'])
        .where('users.name', '=', 'ida')
        .where('is_personal', '=', 0)
        .execute();
    t.deepEqual(await teams(), [{name: 'builders', role: 'viewer', source: 'ldap'}]);
    await slapd.setMembers(group, []);
    const id = (await findTeamByName(db, 'builders'))?.id ?? '';
    await updateTeam(db, {id, isSynced: false});
    await slapd.setPassword(ida, 'a third password');
    t.is(await status('a third password'), 404);
    await updateTeam(db, {id, isSynced: true});
    await slapd.setPassword(ida, 'battery staple');
    t.is(await status('battery staple'), 403);
    t.deepEqual(await teams(), []);
  },
);

testWith(programs, 'what was given by hand is not taken by a directory', async (t) => {
  const holdfast = await start(t);
  const {slapd} = holdfast;
  await slapd.addPerson('jan', {password});
  t.is(await tokenStatus(holdfast, 'jan'), 200);
  await holdfast.person('owner');
  await holdfast.team('crew', {owner: 'owner', jan: 'contributor'});
  await holdfast.namespace('crew', 'crew');
  const upload = '/v2/crew/app/blobs/uploads/';
  for (const given of [password, 'battery staple']) {
    await slapd.setPassword(`uid=jan,ou=people,${base}`, given);
    await holdfast.as(basic('jan', given)).post(upload).expect(202);
  }
});

testWith(programs, 'a name that is local is local, whatever the directory says', async (t) => {
  const holdfast = await start(t);
  await holdfast.person('karl');
  await holdfast.slapd.addPerson('karl', {password});
  t.is(await tokenStatus(holdfast, 'karl'), 401);
  await holdfast.as(basic('karl')).get('/auth/token').expect(200);
});

testWith(programs, 'whoever is renamed in the directory keeps his account', async (t) => {
  const holdfast = await start(t);
  const dn = await holdfast.slapd.addPerson('lena', {password});
  t.is(await tokenStatus(holdfast, 'lena'), 200);
  await holdfast.slapd.rename(dn, `uid=lena-b,ou=people,${base}`);
  const upload = '/v2/lena/app/blobs/uploads/';
  await holdfast.as(basic('lena-b', password)).post(upload).expect(202);
  t.is(await findUserByName(holdfast.db, 'lena-b'), undefined);
});

testWith(
  programs,
  'a directory that is down is a 503 for its people, and nothing for all others',
  async (t) => {
    const slapd = await startSlapd(t);
    const holdfast = await start(t, {timeout: '1s'}, {slapd});
    await slapd.addPerson('mona', {password});
    await holdfast.person('nils', {admin: 'yes'});
    await holdfast.team('crew', {nils: 'owner'});
    const robot = await holdfast.robot('crew-ci', 'crew', 'contributor');
    t.is(await tokenStatus(holdfast, 'mona'), 200);
    const own = await holdfast.applicationToken('mona');
    await slapd.stop();
    const answer = await holdfast.as(basic('mona', 'another one')).get('/auth/token').expect(503);
    t.regex(answer.text, /logins can not be checked at present: LDAP can not be asked; try again/);
    t.truthy(answer.get('Retry-After'));
    await holdfast.as(basic('nils')).get('/auth/token').expect(200);
    await holdfast.as(basic('nils', 'wrong password')).get('/auth/token').expect(401);
    await holdfast.as(basic('crew-ci', robot)).get('/auth/token').expect(200);
    await holdfast.as(basic('mona', own)).get('/auth/token').expect(200);
    t.is(await catalog(holdfast, 'nobody-there'), 503);
    await slapd.start();
    t.is(await tokenStatus(holdfast, 'mona'), 200);
  },
);

testWith(
  programs,
  'a directory that is down is told by readyz and the metrics, and takes nothing out of use',
  async (t) => {
    const slapd = await startSlapd(t);
    const holdfast = await start(t, {timeout: '1s'}, {slapd, metrics});
    const ready = async (): Promise<unknown> => {
      const answer = await holdfast.api.get('/readyz').expect(200);
      return (answer.body as {checks: {name: string}[]}).checks.find(
        ({name}) => name === 'provider ldap',
      );
    };
    t.like(await ready(), {status: 'ok', message: 'LDAP answers'});
    t.is(await findValue(holdfast, 'holdfast_login_provider_up{provider="ldap"}'), 1);
    await slapd.stop();
    const deadline = performance.now() + 20_000;
    // Checks are asked once a second at most.
    while (((await ready()) as {status: string}).status === 'ok' && performance.now() < deadline);
    t.deepEqual(await ready(), {
      name: 'provider ldap',
      status: 'degraded',
      message: 'LDAP can not be asked; the log says why',
    });
    t.is(await findValue(holdfast, 'holdfast_login_provider_up{provider="ldap"}'), 0);
  },
);

testWith(programs, 'nobody can be made here who is somebody in the directory', async (t) => {
  const holdfast = await start(t, {}, {auth: {signUp: true}});
  await holdfast.slapd.addPerson('otto', {password});
  const post = (username: string) =>
    holdfast.api.post('/api/v1/users').send({username, password: 'a long password'});
  t.is((await post('otto')).status, 409);
  t.is((await post('paula')).status, 201);
});

testWith(
  programs,
  'the running server takes the tokens of whoever is removed from the directory, and leaves those of others',
  async (t) => {
    const slapd = await directory(t);
    const unit = 'departing';
    const unitDn = await slapd.addUnit(unit);
    const gone = await slapd.addPerson('goes', {password, unit});
    await slapd.addPerson('stays', {password, unit});
    const holdfast = await start(t, {base: unitDn}, {slapd, jobInterval: 100});
    const proofs: Record<string, readonly string[]> = {};
    for (const name of ['goes', 'stays']) {
      const token = await tokenOf(holdfast, name);
      const application = await holdfast.applicationToken(name);
      proofs[name] = [`Bearer ${token}`, basic(name, application)];
    }
    const statuses = async (name: string) =>
      Promise.all(
        (proofs[name] ?? []).map(async (proof) => (await holdfast.as(proof).get('/v2/')).status),
      );
    t.deepEqual(
      [await statuses('goes'), await statuses('stays')],
      [
        [200, 200],
        [200, 200],
      ],
    );
    await slapd.remove(gone);
    await lastRefused(async () => (await statuses('goes')).every((status) => status === 401));
    t.deepEqual(await statuses('stays'), [200, 200]);
    const told = holdfast.log.filter(({msg}) =>
      String(msg).startsWith('account left its provider'),
    );
    t.is(told.length, 1);
    t.like(told[0], {provider: 'ldap', username: 'goes'});
  },
);

testWith(
  programs,
  'whoever has left the directory is disabled, unless most have left at once',
  async (t) => {
    const holdfast = await start(t);
    const {slapd, db} = holdfast;
    const unit = 'leaving';
    const unitDn = await slapd.addUnit(unit);
    const settings = slapd.settings({base: unitDn});
    const log = keptLog();
    const provider = new LdapProvider({settings, log: log.log});
    let changes = 0;
    const {work} = departures({
      db,
      providers: [provider],
      onChange: () => (changes += 1),
      log: log.log,
      now: () => new Date(),
    });
    const names = Array.from({length: 12}, (_, index) => `leaver-${index}`);
    const dns: string[] = [];
    for (const name of names) {
      dns.push(await slapd.addPerson(name, {password, unit}));
      t.is(await tokenStatus(holdfast, name), 200);
    }
    const enabled = async (): Promise<number> => {
      const users = await Promise.all(names.map(async (name) => findUserByName(db, name)));
      return users.filter((user) => user?.isEnabled).length;
    };
    const token = `Bearer ${await tokenOf(holdfast, 'leaver-0')}`;
    await slapd.remove(dns[0] ?? '');
    await work(never);
    t.is(await enabled(), 11);
    t.is(changes, 1);
    const refused = async () => (await holdfast.as(token).get('/v2/')).status === 401;
    t.true((await lastRefused(refused)) < soon);
    for (const dn of dns.slice(1, 8)) await slapd.remove(dn);
    await work(never);
    t.is(await enabled(), 11);
    t.true(log.lines.some(({message}) => message.includes('nobody was disabled')));

    // Of two both: too few for the bound above, and all there are.
    const told = log.lines.length;
    for (const name of names.slice(2)) {
      const {id} = (await findUserByName(db, name)) ?? {id: ''};
      await setEnabled(db, {id, isEnabled: false, now: Date.now()});
    }
    await db.updateTable('users').set({is_enabled: 1}).where('name', '=', 'leaver-0').execute();
    await work(never);
    t.is(await enabled(), 2);
    t.is(log.lines.length, told + 1);
  },
);

testWith(
  programs,
  'who has the code becomes the first admin by his login, from the directory too',
  async (t) => {
    const holdfast = await start(t);
    await holdfast.slapd.addPerson('rita', {password});
    const code = (await readFile(join(holdfast.dataDir, 'run/setup-code'), 'utf8')).trim();
    const post = (body: object) => holdfast.api.post('/api/v1/setup').send(body);
    const given = {username: 'rita', password};
    t.is((await post({...given, code: 'AAAAA-AAAAA-AAAAA-AAAAA'})).status, 403);
    // Her name, and another password: nobody gets an account by it.
    t.is((await post({username: 'rita', password: 'not her password', code})).status, 409);
    const answer = await post({...given, code});
    t.is(answer.status, 201);
    t.like(await findUserByName(holdfast.db, 'rita'), {isAdmin: true, provider: 'ldap'});
    t.is((await post({...given, code})).status, 405);
  },
);
