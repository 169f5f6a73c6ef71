/** People of an OpenID provider: from the button to what they may, and what they lose. */
import test from 'ava';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {findUserByName} from '../../src/metadata/users.ts';
import {basic, lastRefused, soon, startWithAccounts} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';
import {listen} from '../support/listener.ts';
import {findValue, metrics} from '../support/metrics.ts';
import {startOidcProvider} from '../support/oidc-provider.ts';
import {secret} from '../support/secrets.ts';
import {
  callbackOf,
  problemOf,
  signIn,
  type SignInPlace,
  startWithProvider,
  whoIs,
} from '../support/sign-in.ts';
import {startSlapd} from '../support/slapd.ts';
import {testWith} from '../support/test-with.ts';
import {WebClient} from '../support/web-client.ts';

const anna = {
  preferred_username: 'Anna.B',
  name: 'Anna Berg',
  email: 'anna@example.org',
  email_verified: true,
};

test('the first sign-in makes an account with a namespace of its own, and a token of it logs in', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('sub-1', anna);
  const {client, answer} = await signIn(holdfast, 'sub-1');
  t.is(answer.status, 200);
  t.is(answer.url, `${holdfast.url}/`);
  t.like(await findUserByName(holdfast.db, 'anna.b'), {
    provider: 'oidc:corp',
    email: 'anna@example.org',
    displayName: 'Anna Berg',
    isAdmin: false,
  });
  t.like(await whoIs(holdfast, client), {
    name: 'anna.b',
    displayName: 'Anna Berg',
    isAdmin: false,
    provider: 'oidc:corp',
  });
  const tokens = `${holdfast.url}/api/v1/users/anna.b/application_tokens`;
  const made = await client.ask('POST', tokens, {application: 'laptop', expires_in: '7d'});
  t.is(made.status, 201);
  const {plain_token: token} = JSON.parse(made.body) as {plain_token: string};
  await pushImage(holdfast.as(basic('anna.b', secret(token))), 'anna.b/app', {tag: 'v1'});
});

test('two providers with one user name make two people, and a local name is nobody else’s', async (t) => {
  const [corp, lab] = [await startOidcProvider(t), await startOidcProvider(t, {id: 'lab'})];
  const holdfast = await startWithAccounts(t, {auth: {oidc: [corp.settings, lab.settings]}});
  corp.allow(callbackOf(holdfast, 'corp'));
  lab.allow(callbackOf(holdfast, 'lab'));
  await holdfast.person('carl');
  for (const provider of [corp, lab]) {
    provider.people.set('same-sub', {preferred_username: 'bert'});
    provider.people.set('carl', {preferred_username: 'carl'});
    provider.people.set('second-carl', {preferred_username: 'carl'});
  }
  const nameOf = async (login: string, id: string) =>
    (await whoIs(holdfast, (await signIn(holdfast, login, {id})).client))?.name;
  t.is(await nameOf('same-sub', 'corp'), 'bert');
  t.is(await nameOf('same-sub', 'lab'), 'bert-lab');
  t.is(await nameOf('carl', 'corp'), 'carl-corp');
  t.is(await nameOf('second-carl', 'corp'), 'carl-corp-2');
  t.is(await nameOf('carl', 'corp'), 'carl-corp');
  await holdfast.as(basic('carl')).get('/auth/token').expect(200);
});

test('what another issuer calls the same is somebody else, even behind the same id', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('1', {preferred_username: 'olga'});
  await signIn(holdfast, '1');
  await holdfast.stop();
  const other = await startOidcProvider(t);
  other.people.set('1', {preferred_username: 'mallory'});
  const {dataDir} = holdfast;
  const next = await startWithAccounts(t, {dataDir, auth: {oidc: [other.settings]}});
  other.allow(callbackOf(next, 'corp'));
  const {client} = await signIn(next, '1');
  t.is((await whoIs(next, client))?.name, 'mallory');
});

test('whoever signs in twice at once gets one account, and two of one name get two', async (t) => {
  const holdfast = await startWithProvider(t);
  const logins = ['a', 'b', 'c'];
  for (const login of logins) {
    holdfast.provider.people.set(login, {preferred_username: 'pia', name: login});
  }
  const signedIn = await Promise.all(
    [...logins, ...logins].map(async (login) => {
      const {client} = await signIn(holdfast, login);
      return `${login} ${(await whoIs(holdfast, client))?.name ?? ''}`;
    }),
  );
  const names = [...new Set(signedIn)].map((each) => each.split(' ')[1]).sort();
  t.deepEqual(names, ['pia', 'pia-corp', 'pia-corp-2']);
});

test('a wrong secret of the client is told to the operator, and not to people', async (t) => {
  const holdfast = await startWithProvider(t, {clientSecret: secret('not the secret')});
  holdfast.provider.people.set('x', {preferred_username: 'quin'});
  const {answer} = await signIn(holdfast, 'x');
  t.is(problemOf(answer), 'not-set-up');
  t.notRegex(answer.url, /invalid_client|[Ss]ecret/);
  const line = holdfast.log.find(({msg}) => msg === 'provider can not be asked');
  t.like(line, {level: 'error', provider: 'oidc:corp', url: holdfast.provider.settings.issuer});
  t.regex(String(line?.['finding']), /invalid_client/);
  t.regex(String(line?.['advice']), /check clientId, clientSecret/);
});

test('a provider that can not be asked is one line for many sign-ins, and their requests say so', async (t) => {
  const holdfast = await startWithProvider(t, {clientSecret: secret('not the secret')});
  holdfast.provider.people.set('x', {preferred_username: 'quin'});
  await signIn(holdfast, 'x');
  await signIn(holdfast, 'x');
  await holdfast.api.get('/readyz').expect(200);
  const faults = holdfast.log.filter(
    ({level, provider, check}) =>
      /error|warn/.test(String(level)) && (provider ?? check) !== undefined,
  );
  t.is(faults.length, 1);
  t.true(JSON.stringify(faults[0]).length < 600);
  t.falsy(faults[0]?.['err']);
  const requests = holdfast.log.filter(
    ({msg, problem}) => msg === 'request' && problem !== undefined,
  );
  t.is(requests.length, 2);
  for (const {problem} of requests) t.regex(String(problem), /corp can not be asked/);
});

test('a name below which there are repositories of nobody is no name for somebody of a provider', async (t) => {
  const holdfast = await startWithProvider(t);
  await holdfast.person('root', {admin: 'yes'});
  await pushImage(holdfast.as(basic('root')), 'acme/app', {tag: 'v1'});
  await holdfast.db.deleteFrom('namespaces').where('name', '=', 'acme').execute();
  holdfast.provider.people.set('x', {preferred_username: 'acme'});
  const {client} = await signIn(holdfast, 'x');
  t.is((await whoIs(holdfast, client))?.name, 'acme-corp');
});

testWith(['slapd'], 'a name of the directory stays free for whom it is', async (t) => {
  const slapd = await startSlapd(t);
  const ldap = {
    urls: [slapd.url],
    caFile: slapd.caFile,
    base: 'ou=people,dc=ex,dc=org',
    bindDn: 'cn=admin,dc=ex,dc=org',
    bindPassword: 'the password of the directory',
  };
  const holdfast = await startWithProvider(t, {}, {auth: {ldap}});
  await slapd.addPerson('dora', {password: 'correct horse'});
  holdfast.provider.people.set('x', {preferred_username: 'dora'});
  const {client} = await signIn(holdfast, 'x');
  t.is((await whoIs(holdfast, client))?.name, 'dora-corp');
  await holdfast.as(basic('dora', 'correct horse')).get('/auth/token').expect(200);
});

test('whose name nobody can vouch for gets that of the provider behind it, and waits no longer than once', async (t) => {
  const port = await listen(t, () => undefined);
  const timeout = '500ms';
  for (const [what, auth] of Object.entries({
    'a Keystone that tells no names': {keystone: {url: 'https://127.0.0.1:1/v3'}},
    'a directory that is away': {ldap: {urls: ['ldap://127.0.0.1:1'], base: 'dc=ex'}},
    'a directory that says nothing': {
      ldap: {urls: [`ldap://127.0.0.1:${port}`], base: 'dc=ex', timeout},
    },
  })) {
    const holdfast = await startWithProvider(t, {}, {auth});
    for (const login of ['one', 'two']) {
      holdfast.provider.people.set(login, {preferred_username: 'anna'});
    }
    const startedAt = performance.now();
    const {client} = await signIn(holdfast, 'one');
    t.is((await whoIs(holdfast, client))?.name, 'anna-corp', what);
    t.is(
      (await whoIs(holdfast, (await signIn(holdfast, 'two')).client))?.name,
      'anna-corp-2',
      what,
    );
    t.true(performance.now() - startedAt < 15_000, what);
  }
});

test('without the claim the address names him, and without an address the subject', async (t) => {
  const holdfast = await startWithProvider(t);
  const {people} = holdfast.provider;
  people.set('one', {email: 'Eva@example.org'});
  people.set('two', {email: 'guessed@example.org', email_verified: false});
  people.set('three', {preferred_username: '漢字'});
  const nameOf = async (login: string) =>
    (await whoIs(holdfast, (await signIn(holdfast, login)).client))?.name;
  t.is(await nameOf('one'), 'eva');
  t.is(await nameOf('two'), 'two');
  t.is((await findUserByName(holdfast.db, 'two'))?.email, undefined);
  t.is(await nameOf('three'), 'user-corp');
});

test('groups put people into teams as the rules say, and take them out again', async (t) => {
  const holdfast = await startWithProvider(t, {
    teams: [
      {group: '/dev/*', team: 'Builders', as: 'contributor'},
      {group: '/dev/leads', team: 'builders', as: 'owner'},
      {group: 'readers'},
    ],
  });
  await holdfast.person('owner');
  await holdfast.team('builders', {owner: 'owner'});
  await holdfast.team('readers', {owner: 'owner'});
  const {people} = holdfast.provider;
  const rolesOf = async (groups: unknown): Promise<unknown> => {
    people.set('x', {preferred_username: 'finn', groups});
    await signIn(holdfast, 'x');
    return holdfast.db
      .selectFrom('memberships')
      .innerJoin('teams', 'teams.id', 'memberships.team_id')
      .innerJoin('users', 'users.id', 'memberships.user_id')
      .select(['teams.name', 'role', 'source'])
      .where('users.name', '=', 'finn')
      .where('is_personal', '=', 0)
      .orderBy('teams.name')
      .execute();
  };
  const source = 'oidc:corp';
  t.deepEqual(await rolesOf(['/dev/web', '/dev/leads']), [
    {name: 'builders', role: 'owner', source},
  ]);
  t.deepEqual(await rolesOf(['/dev/web', 'readers']), [
    {name: 'builders', role: 'contributor', source},
    {name: 'readers', role: 'viewer', source},
  ]);
  t.deepEqual(await rolesOf('readers'), [{name: 'readers', role: 'viewer', source}]);
  t.deepEqual(await rolesOf(undefined), []);
});

test('who is an admin is looked at with each sign-in, and taken with it', async (t) => {
  const admins = [{claim: 'roles', value: 'registry-admin'}, {group: 'operators'}];
  const holdfast = await startWithProvider(t, {admins});
  await holdfast.person('root', {admin: 'yes'});
  const {people} = holdfast.provider;
  const first = await (async () => {
    people.set('x', {preferred_username: 'gil', roles: ['user', 'registry-admin']});
    return signIn(holdfast, 'x');
  })();
  t.true((await whoIs(holdfast, first.client))?.isAdmin);
  people.set('x', {preferred_username: 'gil', groups: ['operators']});
  t.true((await whoIs(holdfast, (await signIn(holdfast, 'x')).client))?.isAdmin);
  people.set('x', {preferred_username: 'gil', roles: 'user'});
  const {client} = await signIn(holdfast, 'x');
  t.false((await whoIs(holdfast, client))?.isAdmin);
  // What was taken ends what was begun with it.
  t.is(await whoIs(holdfast, first.client), undefined);
});

test('where a group is required, others are not let in, and get no account', async (t) => {
  const holdfast = await startWithProvider(t, {requiredGroups: ['registry-*']});
  const {people} = holdfast.provider;
  people.set('in', {preferred_username: 'ida', groups: ['registry-users']});
  people.set('out', {preferred_username: 'jan', groups: ['others']});
  t.is(problemOf((await signIn(holdfast, 'in')).answer), null);
  const {answer, client} = await signIn(holdfast, 'out');
  t.is(problemOf(answer), 'missing-group');
  t.is(await whoIs(holdfast, client), undefined);
  t.is(await findUserByName(holdfast.db, 'jan'), undefined);
});

test('a disabled account is not let in, and its sessions end within a second', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('x', {preferred_username: 'kim'});
  const {client} = await signIn(holdfast, 'x');
  t.truthy(await whoIs(holdfast, client));
  const {id = ''} = (await findUserByName(holdfast.db, 'kim')) ?? {};
  await setEnabled(holdfast.db, {id, isEnabled: false, now: Date.now()});
  t.true((await lastRefused(async () => (await whoIs(holdfast, client)) === undefined)) < soon);
  const {answer} = await signIn(holdfast, 'x');
  t.is(problemOf(answer), 'disabled');
});

test('who is not accepted by the provider is told so, with the id of the request', async (t) => {
  const holdfast = await startWithProvider(t);
  const {answer} = await signIn(holdfast, 'nobody of theirs');
  t.is(problemOf(answer), 'denied-there');
  const requestId = new URL(answer.url).searchParams.get('request');
  const line = holdfast.log.find(({msg}) => msg === 'login refused');
  t.like(line, {requestId, reason: 'refused-there', provider: 'oidc:corp'});
});

test('a provider that is down is told by readyz and the metrics, and keeps nobody else from anything', async (t) => {
  const provider = await startOidcProvider(t, {isAway: true});
  const holdfast = await startWithAccounts(t, {auth: {oidc: [provider.settings]}, metrics});
  provider.allow(callbackOf(holdfast, 'corp'));
  provider.people.set('x', {preferred_username: 'lea'});
  await holdfast.person('max');
  const check = async (): Promise<unknown> => {
    const answer = await holdfast.api.get('/readyz').expect(200);
    const {checks} = answer.body as {checks: {name: string}[]};
    return checks.find(({name}) => name === 'provider oidc:corp');
  };
  const up = 'holdfast_login_provider_up{provider="oidc:corp"}';
  t.is(await findValue(holdfast, up), 1);
  t.deepEqual(await check(), {
    name: 'provider oidc:corp',
    status: 'degraded',
    message: 'corp can not be asked; the log says why',
  });
  t.is(await findValue(holdfast, up), 0);
  const client = new WebClient();
  const answer = await client.get(`${holdfast.url}/auth/oidc/corp`);
  t.is(problemOf(answer), 'unavailable');
  t.true(
    holdfast.log.some(
      ({msg, finding}) =>
        msg === 'provider can not be asked' && finding === 'nothing listens there',
    ),
  );
  await holdfast.as(basic('max')).get('/auth/token').expect(200);
  await provider.start();
  t.is(problemOf((await signIn(holdfast, 'x')).answer), null);
  t.is(await findValue(holdfast, up), 1);
});

test('whoever has signed in becomes the first admin, and stays signed in', async (t) => {
  const holdfast: SignInPlace = await startWithProvider(t, {}, {admin: {firstLogin: 'open'}});
  holdfast.provider.people.set('x', {preferred_username: 'nora'});
  const {client} = await signIn(holdfast, 'x');
  const claimed = await client.ask('POST', `${holdfast.url}/api/v1/setup/claim`, {});
  t.is(claimed.status, 201, claimed.body);
  t.true((await whoIs(holdfast, client))?.isAdmin);
  const {body} = await client.get(`${holdfast.url}/api/v1/session`);
  t.like(JSON.parse(body), {firstAdmin: null, hasAdmin: true});
});
