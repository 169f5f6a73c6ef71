/** Where challenges send clients for a token. */
import test from 'ava';
import supertest from 'supertest';
import {configSchema} from '../../src/config/schema.ts';
import {startWithAccounts} from '../support/accounts.ts';
import {startInProcess} from '../support/in-process.ts';

const realmIn = (challenge: string | undefined): string | undefined =>
  /^Bearer realm="([^"]+)"/.exec(challenge ?? '')?.[1];

test('without externalUrl the realm is on the host that the client has asked', async (t) => {
  const {api} = await startWithAccounts(t);
  const answer = await api.get('/v2/').set('Host', 'registry.example.org:5000').expect(401);
  t.is(realmIn(answer.get('WWW-Authenticate')), 'http://registry.example.org:5000/auth/token');
});

test('a host that makes no sense does not come into the challenge', async (t) => {
  const {api, url} = await startWithAccounts(t);
  const answer = await api.get('/v2/').set('Host', 'a",error="x').expect(401);
  t.is(realmIn(answer.get('WWW-Authenticate')), `${url}/auth/token`);
});

test('externalUrl decides where it is set, with its path', async (t) => {
  const externalUrl = 'https://example.org/registry/';
  const {api} = await startWithAccounts(t, {externalUrl});
  const answer = await api.get('/registry/v2/').expect(401);
  t.is(realmIn(answer.get('WWW-Authenticate')), 'https://example.org/registry/auth/token');
  await api.get('/registry/auth/token').expect(200);
});

test('a realm with an address of its own answers there alone', async (t) => {
  const {
    api,
    url,
    tokenUrl = '',
  } = await startWithAccounts(t, {
    token: {listen: ['127.0.0.1:0']},
  });
  t.not(tokenUrl, url);
  const answer = await api.get('/v2/').expect(401);
  t.is(realmIn(answer.get('WWW-Authenticate')), `${tokenUrl}/auth/token`);
  await api.get('/auth/token').expect(404);
  await api.get('/v2/token').expect(404);
  const realm = supertest(tokenUrl);
  const {token} = (await realm.get('/auth/token').expect(200)).body as {token: string};
  await realm.get('/v2/').expect(404);
  await api.get('/v2/').set('Authorization', `Bearer ${token}`).expect(200);
});

test('behind a proxy of its own the realm is where token.externalUrl says', async (t) => {
  const token = {listen: ['127.0.0.1:0'], externalUrl: 'https://login.example.org/holdfast/'};
  const {api, tokenUrl = ''} = await startWithAccounts(t, {
    externalUrl: 'https://registry.example.org',
    token,
  });
  const answer = await api.get('/v2/').expect(401);
  t.is(realmIn(answer.get('WWW-Authenticate')), 'https://login.example.org/holdfast/auth/token');
  await supertest(tokenUrl).get('/holdfast/auth/token').expect(200);
});

for (const path of ['/token', '/token/', '/v2/token', '/service/token'] as const) {
  test(`token.path has challenges name ${path}, and the others answer on`, async (t) => {
    const {api, url} = await startWithAccounts(t, {token: {path}});
    const answer = await api.get('/v2/').expect(401);
    t.is(realmIn(answer.get('WWW-Authenticate')), `${url}${path}`);
    await api.get(path).expect(200);
    await api.get('/auth/token').expect(200);
  });
}

test('token.path goes with token.externalUrl, and with an address of the realm’s own', async (t) => {
  const own = await startWithAccounts(t, {token: {path: '/token/', listen: ['127.0.0.1:0']}});
  const answer = await own.api.get('/v2/').expect(401);
  t.is(realmIn(answer.get('WWW-Authenticate')), `${own.tokenUrl ?? ''}/token/`);
  const externalUrl = 'https://registry.local:9002';
  const {api} = await startWithAccounts(t, {token: {path: '/token/', externalUrl}});
  const other = await api.get('/v2/').expect(401);
  t.is(realmIn(other.get('WWW-Authenticate')), 'https://registry.local:9002/token/');
});

for (const service of ['Docker registry', '[fd00::2]:9001']) {
  test(`a service may be called ${service}: challenges name it, and tokens are for it`, async (t) => {
    const {api} = await startWithAccounts(t, {token: {service}});
    const answer = await api.get('/v2/').expect(401);
    t.true(answer.get('WWW-Authenticate')?.endsWith(`,service="${service}"`));
    const query = new URLSearchParams({service});
    const got = await api.get(`/auth/token?${query.toString()}`).expect(200);
    const {token} = got.body as {token: string};
    await api.get('/v2/').set('Authorization', `Bearer ${token}`).expect(200);
  });
}

test('names of services that would break the challenge are refused', (t) => {
  for (const service of ['a"b', 'a\nb', ' a', 'a ', '', 'a\\', 'ä']) {
    t.false(configSchema.safeParse({token: {service}}).success, service);
  }
});

test('auth.mode none has no realm, and asks nobody', async (t) => {
  const {api} = await startInProcess(t, {auth: {mode: 'none'}});
  t.is((await api.get('/auth/token')).status, 404);
  t.is((await api.get('/v2/')).status, 200);
});

test('readyz tells that accounts can be read', async (t) => {
  const {api} = await startWithAccounts(t);
  const answer = await api.get('/readyz').expect(200);
  const {checks} = answer.body as {checks: readonly {name: string; status: string}[]};
  t.is(checks.find(({name}) => name === 'accounts')?.status, 'ok');
});
