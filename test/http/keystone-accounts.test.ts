/** Users of a Keystone as accounts: from the login of a client to what they may, and what they lose. */
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {findUserByName} from '../../src/metadata/users.ts';
import {basic, bearer, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import type {Settings} from '../support/in-process.ts';
import {type Keystone, keystonePrograms, startKeystone} from '../support/keystone.ts';
import {shared} from '../support/lifetime.ts';
import {findValue, metrics} from '../support/metrics.ts';
import {startSlapd} from '../support/slapd.ts';
import {testWith} from '../support/test-with.ts';

const password = 'correct horse battery';
const cloud = shared(async (life) => startKeystone(life));
const programs = keystonePrograms;

async function start(
  t: ExecutionContext,
  {auth, now, ...others}: Settings & {readonly now?: () => Date} = {},
): Promise<WithAccounts & {readonly keystone: Keystone}> {
  const keystone = await cloud(t);
  const settings = {url: keystone.url, timeout: '30s', ...auth?.keystone};
  const holdfast = await startWithAccounts(t, {
    ...others,
    ...(now ? {now} : {}),
    auth: {...auth, keystone: settings},
  });
  return {...holdfast, keystone};
}

const status = async (holdfast: WithAccounts, name: string, given = password): Promise<number> =>
  (await holdfast.as(basic(name, given)).get('/auth/token')).status;

testWith(programs, 'the first login makes an account, and a wrong password is a 401', async (t) => {
  const holdfast = await start(t);
  const id = await holdfast.keystone.addUser('anna', {password});
  t.is(await status(holdfast, 'anna', 'wrong'), 401);
  t.is(await findUserByName(holdfast.db, 'anna'), undefined);
  t.is(await status(holdfast, 'anna'), 200);
  t.like(await findUserByName(holdfast.db, 'anna'), {
    provider: 'keystone',
    subject: id,
    isAdmin: false,
  });
  await holdfast.as(basic('anna', password)).post('/v2/anna/app/blobs/uploads/').expect(202);
  await holdfast.as(basic('anna', password)).post('/v2/bert/app/blobs/uploads/').expect(403);
});

testWith(
  programs,
  'in the place of StarlingX the first admin takes no name that rights are given to in Keystone',
  async (t) => {
    const holdfast = await start(t, {
      namespaces: {policy: 'starlingx'},
      admin: {firstLogin: 'open'},
    });
    for (const username of ['admin', 'sysinv']) {
      const input = {username, password};
      const answer = await holdfast.api.post('/api/v1/setup').send(input);
      t.is(answer.status, 409, answer.text);
      t.regex(answer.text, /this name is taken/);
      t.is(await findUserByName(holdfast.db, username), undefined);
    }
    const anna = {username: 'first', password};
    await holdfast.api.post('/api/v1/setup').send(anna).expect(201);
  },
);

testWith(
  programs,
  'nothing is kept of a credential, neither in the database nor in files',
  async (t) => {
    const holdfast = await start(t);
    const {keystone} = holdfast;
    const id = await keystone.addUser('bea', {password});
    const project = await keystone.addProject('of-bea');
    await keystone.grant(id, project, 'member');
    const user = {name: 'bea', id, password};
    const credential = await keystone.addApplicationCredential(user, 'ci', project);
    t.is(await status(holdfast, 'bea'), 200);
    t.is(await status(holdfast, credential.id, credential.secret), 200);
    const row = await holdfast.db
      .selectFrom('users')
      .selectAll()
      .where('name', '=', 'bea')
      .executeTakeFirstOrThrow();
    t.is(row.password_hash, null);
    const files = await readdir(holdfast.dataDir, {recursive: true, withFileTypes: true});
    for (const file of files.filter((each) => each.isFile())) {
      const content = await readFile(join(file.parentPath, file.name));
      for (const text of [password, credential.secret]) {
        t.false(content.includes(text), file.name);
      }
    }
  },
);

testWith(
  programs,
  'a user who is disabled in Keystone is refused within seconds, and not minutes',
  async (t) => {
    let later = 0;
    const holdfast = await start(t, {now: () => new Date(Date.now() + later)});
    const id = await holdfast.keystone.addUser('carl', {password});
    t.is(await status(holdfast, 'carl'), 200);
    await holdfast.keystone.updateUser(id, {enabled: false});
    later = 20_000;
    t.is(await status(holdfast, 'carl'), 401);
  },
);

testWith(
  programs,
  'projects and roles put people into teams, make admins, and take both',
  async (t) => {
    let later = 0;
    const holdfast = await start(t, {
      now: () => new Date(Date.now() + later),
      auth: {
        keystone: {
          admins: [{project: 'images', role: 'admin'}],
          teams: [{project: 'images', role: 'member', team: 'builders', as: 'contributor'}],
        },
      },
    });
    const {keystone} = holdfast;
    const project = await keystone.addProject('images');
    const id = await keystone.addUser('dora', {password});
    await holdfast.person('root', {admin: 'yes'});
    await holdfast.team('builders', {root: 'owner'});
    await holdfast.namespace('web', 'builders');
    const push = async (): Promise<number> => {
      later += 20_000;
      return (await holdfast.as(basic('dora', password)).post('/v2/web/app/blobs/uploads/')).status;
    };
    const isAdmin = async () => (await findUserByName(holdfast.db, 'dora'))?.isAdmin;
    t.is(await push(), 403);
    await keystone.grant(id, project, 'member');
    t.is(await push(), 202);
    await keystone.grant(id, project, 'admin');
    t.is(await push(), 202);
    t.is(await isAdmin(), true);
    await keystone.revoke(id, project, 'admin');
    await keystone.revoke(id, project, 'member');
    t.is(await push(), 403);
    t.is(await isAdmin(), false);
  },
);

testWith(
  programs,
  'an application credential has what its project gives, takes nothing of its user, and no refresh token comes of it',
  async (t) => {
    const holdfast = await start(t, {
      auth: {
        keystone: {
          admins: [{project: 'admin', role: 'admin'}],
          teams: [
            {project: 'of-fritz', role: 'member', team: 'makers', as: 'contributor'},
            {project: 'db-of-fritz', role: 'member', team: 'keepers', as: 'contributor'},
          ],
        },
      },
    });
    const {keystone} = holdfast;
    const [web, other] = [
      await keystone.addProject('of-fritz'),
      await keystone.addProject('db-of-fritz'),
    ];
    const id = await keystone.addUser('fritz', {password});
    await holdfast.person('root', {admin: 'yes'});
    for (const [team, namespace] of [
      ['makers', 'web'],
      ['keepers', 'db'],
    ] as const) {
      await holdfast.team(team, {root: 'owner'});
      await holdfast.namespace(namespace, team);
    }
    for (const project of [web, other]) await keystone.grant(id, project, 'member');
    const user = {name: 'fritz', id, password};
    const credential = await keystone.addApplicationCredential(user, 'ci', web);
    const asCredential = basic('fritz/ci', credential.secret);
    const push = async (authorization: string, namespace: string): Promise<number> =>
      (await holdfast.as(authorization).post(`/v2/${namespace}/app/blobs/uploads/`)).status;

    // The first that anybody hears of him.
    t.is(await push(asCredential, 'web'), 202);
    t.is(await push(asCredential, 'db'), 403);
    t.is(await push(asCredential, 'fritz'), 403);

    t.is(await push(basic('fritz', password), 'db'), 202);
    const query = 'scope=repository:db/app:pull,push&scope=repository:web/app:pull,push';
    const asked = await holdfast.as(basic('fritz', password)).get(`/auth/token?${query}`);
    const own = bearer((asked.body as {token: string}).token);
    const answer = await holdfast.as(asCredential).get(`/auth/token?offline_token=true&${query}`);
    t.is((answer.body as {refresh_token?: string}).refresh_token, undefined);
    const its = bearer((answer.body as {token: string}).token);
    t.is(await push(its, 'web'), 202);
    t.is(await push(its, 'db'), 401);
    t.is(await push(asCredential, 'db'), 403);
    for (const [username, secretOf] of [
      ['fritz/ci', credential.secret],
      [credential.id, credential.secret],
    ] as const) {
      const session = await holdfast.api
        .post('/api/v1/session')
        .send({username, password: secretOf});
      t.is(session.status, 401);
      t.is(session.get('Set-Cookie'), undefined);
    }
    // He is what he was, and so are his tokens.
    t.is(await push(own, 'db'), 202);
    t.is(await push(basic('fritz', password), 'db'), 202);
  },
);

testWith(programs, 'a name that is local is local, whatever Keystone says', async (t) => {
  const holdfast = await start(t);
  await holdfast.person('emil');
  await holdfast.keystone.addUser('emil', {password});
  t.is(await status(holdfast, 'emil'), 401);
  await holdfast.as(basic('emil')).get('/auth/token').expect(200);
});

testWith(
  [...programs, 'slapd'],
  'Keystone can not tell whose a name is, and lets the next one try, in the order of the configuration',
  async (t) => {
    const slapd = await startSlapd(t);
    await slapd.addPerson('both', {password: 'of the directory'});
    await slapd.addPerson('only-there', {password: 'of the directory'});
    const {caFile} = slapd;
    const ldap = {...slapd.settings(), urls: [slapd.url], caFile, timeout: '5s'};
    const place = async (order: ('keystone' | 'ldap')[]): Promise<WithAccounts> =>
      start(t, {auth: {order, ldap: {...ldap, groups: {base: 'ou=groups,dc=ex,dc=org'}}}});
    const keystone = await cloud(t);
    await keystone.addUser('both', {password});

    const keystoneFirst = await place(['keystone']);
    t.is(await status(keystoneFirst, 'only-there', 'of the directory'), 200);
    t.is(await status(keystoneFirst, 'both'), 200);
    t.like(await findUserByName(keystoneFirst.db, 'both'), {provider: 'keystone'});
    // The directory's password is right, and the name is taken by the other.
    t.is(await status(keystoneFirst, 'both', 'of the directory'), 401);

    // The directory knows the name, and so decides.
    const directoryFirst = await place([]);
    t.is(await status(directoryFirst, 'both'), 401);
    t.is(await status(directoryFirst, 'both', 'of the directory'), 200);
    t.like(await findUserByName(directoryFirst.db, 'both'), {provider: 'ldap'});
  },
);

testWith(
  programs,
  'a Keystone that is down is a 503 for its users and told by readyz and the metrics, and nothing for all others',
  async (t) => {
    const keystone = await startKeystone(t);
    const holdfast = await startWithAccounts(t, {
      metrics,
      auth: {keystone: {url: keystone.url, timeout: '5s'}},
    });
    await keystone.addUser('mona', {password});
    await holdfast.person('nils');
    await holdfast.team('crew', {nils: 'owner'});
    const robot = await holdfast.robot('crew-ci', 'crew', 'contributor');
    t.is(await status(holdfast, 'mona'), 200);
    const own = await holdfast.applicationToken('mona');
    t.is(await findValue(holdfast, 'holdfast_login_provider_up{provider="keystone"}'), 1);
    await keystone.stop();
    const answer = await holdfast.as(basic('mona', 'another one')).get('/auth/token').expect(503);
    t.regex(
      answer.text,
      /logins can not be checked at present: Keystone can not be asked; try again/,
    );
    t.truthy(answer.get('Retry-After'));
    const logged = holdfast.log.find(({msg}) => msg === 'provider can not be asked');
    t.regex(JSON.stringify(logged), /nothing listens there","advice":"check the host and port/);
    t.is(await status(holdfast, 'nils', 'a wrong one'), 401);
    await holdfast.as(basic('nils')).get('/auth/token').expect(200);
    await holdfast.as(basic('crew-ci', robot)).get('/auth/token').expect(200);
    await holdfast.as(basic('mona', own)).get('/auth/token').expect(200);
    t.is(await findValue(holdfast, 'holdfast_login_provider_up{provider="keystone"}'), 0);
    const ready = await holdfast.api.get('/readyz').expect(200);
    const {checks} = ready.body as {checks: readonly {name: string}[]};
    t.deepEqual(
      checks.find(({name}) => name === 'provider keystone'),
      {
        name: 'provider keystone',
        status: 'degraded',
        message: 'Keystone can not be asked; the log says why',
      },
    );
    await keystone.start();
    t.is(await status(holdfast, 'mona'), 200);
  },
);
