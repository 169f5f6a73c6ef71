/** Where challenges send clients for a token. */
import test from 'ava';
import supertest from 'supertest';
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

test('auth.mode none has no realm, and asks nobody', async (t) => {
  const {api} = await startInProcess(t, {auth: {mode: 'none'}});
  await api.get('/auth/token').expect(404);
  await api.get('/v2/').expect(200);
  t.pass();
});

test('readyz tells that accounts can be read', async (t) => {
  const {api} = await startWithAccounts(t);
  const answer = await api.get('/readyz').expect(200);
  const {checks} = answer.body as {checks: readonly {name: string; status: string}[]};
  t.is(checks.find(({name}) => name === 'accounts')?.status, 'ok');
});
