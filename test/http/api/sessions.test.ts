/** The session of a browser by the API: what it tells, how long it is kept, and where somebody has signed in. */
import test from 'ava';
import supertest from 'supertest';
import {listActivities} from '../../../src/metadata/activity-pages.ts';
import {passwordOf, startWithAccounts, type WithAccounts} from '../../support/accounts.ts';
import {startInProcess} from '../../support/in-process.ts';
import {secret} from '../../support/secrets.ts';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

const day = 86_400_000;

interface SignedIn {
  readonly cookie: string;
  /** As a page of the registry asks, with that cookie. */
  readonly page: ReturnType<typeof supertest.agent>;
}

async function signIn(
  {api, url}: Pick<WithAccounts, 'api' | 'url'>,
  name: string,
  {remember, agent = 'a browser'}: {remember?: boolean; agent?: string} = {},
): Promise<SignedIn> {
  const answer = await api
    .post('/api/v1/session')
    .set('User-Agent', agent)
    .send({username: name, password: passwordOf(name), remember})
    .expect(201);
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  const page = supertest.agent(url).set({
    Cookie: secret(cookie.split(';')[0] ?? ''),
    Origin: url,
    'Sec-Fetch-Site': 'same-origin',
  });
  return {cookie, page};
}

test('a session tells who has signed in, what he may, and how one can', async (t) => {
  const holdfast = await startApi(t, {permissions: {createTeams: false}, auth: {signUp: true}});
  const {page} = await signIn(holdfast, 'anna');
  const shown = itemOf(await page.get('/api/v1/session').expect(200));
  t.like(shown, {
    authMode: 'accounts',
    user: {name: 'anna', isAdmin: false, provider: 'local', canChangePassword: true},
    isRemembered: false,
    permissions: {administer: false, createTeams: false, createNamespaces: true},
    policy: {namespaces: 'teams', push: 'members'},
    passwordProviders: [{id: 'local', kind: 'local'}],
    signUp: true,
    canRemember: true,
    firstAdmin: null,
    anonymous: true,
  });
  const {namespace} = shown['user'] as {namespace: {name: string}};
  t.is(namespace.name, 'anna');
  t.regex(String(shown['version']), /^\d/);
  const root = await signIn(holdfast, 'root');
  t.like(itemOf(await root.page.get('/api/v1/session')), {
    permissions: {administer: true, createTeams: true},
  });
});

test('who has not signed in is told how one can, and neither rights nor a version', async (t) => {
  const {api} = await startWithAccounts(t, {admin: {firstLogin: 'open'}});
  const shown = itemOf(await api.get('/api/v1/session').expect(200));
  t.like(shown, {firstAdmin: 'open', hasAdmin: false, signUp: false, user: undefined});
  t.like(shown, {version: undefined, policy: undefined, expiresAt: undefined});
  t.false(Object.values(shown['permissions'] as object).some(Boolean));
});

test('a first admin who needs the code is told so', async (t) => {
  const {api} = await startWithAccounts(t);
  t.like(itemOf(await api.get('/api/v1/session')), {firstAdmin: 'code', hasAdmin: false});
});

test('without accounts the session says that there are none', async (t) => {
  const {api} = await startInProcess(t);
  t.like(itemOf(await api.get('/api/v1/session').expect(200)), {
    authMode: 'none',
    user: undefined,
    passwordProviders: [],
    firstAdmin: null,
    anonymous: true,
  });
  await api.post('/api/v1/session').send({}).expect(405);
});

test('a sign-in that is to be remembered is kept by the browser until it ends, by its age alone', async (t) => {
  let time = Date.now();
  const holdfast = await startWithAccounts(t, {
    now: () => new Date(time),
    auth: {sessionExpiresIn: '1h', rememberFor: '10d'},
  });
  await holdfast.person('anna');
  const kept = await signIn(holdfast, 'anna', {remember: true});
  const short = await signIn(holdfast, 'anna');
  t.regex(kept.cookie, /^holdfast=\w+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=864000$/);
  t.notRegex(short.cookie, /Max-Age|Expires/);
  const isThere = async ({page}: SignedIn) =>
    itemOf(await page.get('/api/v1/session'))['user'] !== undefined;
  time += 9 * day;
  t.true(await isThere(kept));
  t.false(await isThere(short));
  time += day;
  t.false(await isThere(kept));
});

test('where nothing is remembered, a wish for it begins a session of the usual kind', async (t) => {
  const holdfast = await startApi(t, {auth: {rememberFor: '0s'}});
  const {cookie, page} = await signIn(holdfast, 'anna', {remember: true});
  t.notRegex(cookie, /Max-Age/);
  t.like(itemOf(await page.get('/api/v1/session')), {isRemembered: false, canRemember: false});
});

test('each sign-in has another cookie, and ends the session that the browser had', async (t) => {
  const holdfast = await startApi(t);
  const first = await signIn(holdfast, 'anna');
  const again = await first.page
    .post('/api/v1/session')
    .send({username: 'anna', password: passwordOf('anna')})
    .expect(201);
  t.not(again.get('Set-Cookie')?.[0], first.cookie);
  // The agent has taken the new one.
  const Cookie = secret(first.cookie.split(';')[0] ?? '');
  const shown = await holdfast.api.get('/api/v1/session').set({Cookie});
  t.is(itemOf(shown)['user'], undefined);
});

test('people sign up where they may, and are signed in', async (t) => {
  const holdfast = await startApi(t, {auth: {signUp: true}});
  const send = (body: object) => holdfast.api.post('/api/v1/session/sign-up').send(body);
  const password = secret('a new password of carl');
  const made = await send({username: 'carl', password, email: 'carl@example.org'}).expect(201);
  t.deepEqual(itemOf(made), {user: {name: 'carl', isAdmin: false}});
  const Cookie = secret(made.get('Set-Cookie')?.[0]?.split(';')[0] ?? '');
  const shown = await holdfast.api.get('/api/v1/session').set({Cookie});
  t.like(itemOf(shown), {user: {name: 'carl', email: 'carl@example.org'}});
  t.is(faultOf(await send({username: 'carl', password}).expect(409))?.field, 'username');
  t.is(faultOf(await send({username: 'Not A Name', password}).expect(422))?.field, 'username');
  t.is(faultOf(await send({username: 'dora', password: 'short'}).expect(422))?.field, 'password');
});

test('nobody signs up where the admin makes the accounts', async (t) => {
  const {api} = await startApi(t);
  const account = {username: 'carl', password: passwordOf('carl')};
  const answer = await api.post('/api/v1/session/sign-up').send(account).expect(405);
  t.is(faultOf(answer)?.code, 'off');
});

test('whoever signs up too often from one address is told when to come again', async (t) => {
  const {api} = await startApi(t, {auth: {signUp: true}});
  const attempt = async () =>
    api.post('/api/v1/session/sign-up').send({username: 'anna', password: passwordOf('anna')});
  for (let times = 0; times < 20; times += 1) t.is((await attempt()).status, 409);
  const answer = await attempt();
  t.is(answer.status, 429);
  t.regex(answer.get('Retry-After') ?? '', /^\d+$/);
});

test('one sees where one has signed in, and ends one of it, or all the others', async (t) => {
  const holdfast = await startApi(t);
  const here = await signIn(holdfast, 'anna', {agent: `Browser/1.0 ${'x'.repeat(500)}`});
  const there = await signIn(holdfast, 'anna', {agent: 'Telephone/2.0', remember: true});
  const third = await signIn(holdfast, 'anna');
  await signIn(holdfast, 'bert');
  const list = async () => itemsOf(await here.page.get('/api/v1/users/anna/sessions').expect(200));
  const all = await list();
  t.is(all.length, 3);
  const own = all.find(({is_current: isCurrent}) => isCurrent === true);
  t.like(own, {address: '127.0.0.1', is_remembered: false});
  t.is(String(own?.['user_agent']).length, 200);
  const phone = all.find(({user_agent: agent}) => agent === 'Telephone/2.0');
  t.like(phone, {is_current: false, is_remembered: true});

  await here.page.delete(`/api/v1/users/anna/sessions/${String(phone?.['id'])}`).expect(204);
  t.is(itemOf(await there.page.get('/api/v1/session'))['user'], undefined);
  await here.page.delete(`/api/v1/users/anna/sessions/${String(phone?.['id'])}`).expect(404);
  const ended = await here.page.delete('/api/v1/users/anna/sessions?others=true').expect(200);
  t.deepEqual(itemOf(ended), {ended: 1});
  t.is(itemOf(await third.page.get('/api/v1/session'))['user'], undefined);
  t.is((await list()).length, 1);
  const last = await here.page.delete('/api/v1/users/anna/sessions').expect(200);
  t.regex(last.get('Set-Cookie')?.[0] ?? '', /^holdfast=; .*Max-Age=0/);
  t.is(itemOf(await here.page.get('/api/v1/session'))['user'], undefined);
  const kept = await listActivities(holdfast.db, {filter: {}, sight: 'all', limit: 100});
  const keys = kept.map(({key}) => key);
  t.is(keys.filter((key) => key === 'session.end_all').length, 2);
  t.true(keys.includes('session.end'));
});

test('an admin sees and ends the sessions of others, and nobody else does', async (t) => {
  const holdfast = await startApi(t);
  const anna = await signIn(holdfast, 'anna');
  const bert = await signIn(holdfast, 'bert');
  const [session] = itemsOf(await anna.page.get('/api/v1/users/anna/sessions'));
  const path = `/api/v1/users/anna/sessions/${String(session?.['id'])}`;
  await bert.page.get('/api/v1/users/anna/sessions').expect(403);
  await bert.page.delete('/api/v1/users/anna/sessions').expect(403);
  await bert.page.delete(path).expect(403);
  // One's own name in front of the session of another opens nothing.
  await bert.page.delete(path.replace('anna', 'bert')).expect(404);
  t.like(itemOf(await anna.page.get('/api/v1/session')), {user: {name: 'anna'}});
  await holdfast.by('root').get('/api/v1/users/anna/sessions').expect(200);
  t.deepEqual(itemOf(await holdfast.by('root').delete('/api/v1/users/anna/sessions')), {ended: 1});
  t.is(itemOf(await anna.page.get('/api/v1/session'))['user'], undefined);
});

test('who loses a namespace, a role or a token stays signed in, with the rights that are left', async (t) => {
  const holdfast = await startApi(t);
  const root = holdfast.by('root');
  const anna = await signIn(holdfast, 'anna');
  await root.post('/api/v1/teams').send({name: 'losers', owner_id: 'root'}).expect(201);
  await root.post('/api/v1/teams/losers/members').send({user: 'anna', role: 'owner'}).expect(201);
  await root.post('/api/v1/namespaces').send({name: 'lost', team: 'losers'}).expect(201);
  await anna.page.get('/api/v1/namespaces/lost').expect(200);
  const left = async () => itemOf(await anna.page.get('/api/v1/session'))['user'];
  await root.put('/api/v1/teams/losers/members/anna').send({role: 'viewer'}).expect(200);
  t.like(await left(), {name: 'anna'});
  await root.delete('/api/v1/namespaces/lost').expect(204);
  t.like(await left(), {name: 'anna'});
  await anna.page.get('/api/v1/namespaces/lost').expect(404);
});

test('another password of one’s own wants the present one, and ends all other sessions', async (t) => {
  const holdfast = await startApi(t);
  const here = await signIn(holdfast, 'anna', {remember: true});
  const there = await signIn(holdfast, 'anna');
  const password = secret('another password of anna');
  const put = (body: object) => here.page.put('/api/v1/users/anna').send(body);
  t.is(faultOf(await put({password}).expect(422))?.field, 'current_password');
  await put({password, current_password: 'not hers at all'}).expect(422);
  const done = await put({password, current_password: passwordOf('anna')}).expect(200);
  const [cookie = ''] = done.get('Set-Cookie') ?? [];
  t.regex(cookie, /Max-Age=\d+$/);
  t.is(itemOf(await there.page.get('/api/v1/session'))['user'], undefined);
  const Cookie = secret(cookie.split(';')[0] ?? '');
  const shown = await holdfast.api.get('/api/v1/session').set({Cookie});
  t.like(itemOf(shown), {user: {name: 'anna'}, isRemembered: true});
});
