/** Who asks the API, and what is not believed. */
import test from 'ava';
import {basic, bearer, passwordOf} from '../../support/accounts.ts';
import {secret} from '../../support/secrets.ts';
import {faultOf, itemsOf, startApi} from './workbench.ts';

const own = '/api/v1/users/anna';

test('the header of Portus is a login, by token and by password', async (t) => {
  const {api, applicationToken} = await startApi(t);
  const token = await applicationToken('anna');
  for (const password of [token, passwordOf('anna')]) {
    await api
      .get(own)
      .set('Portus-Auth', encodeHeader(`anna:${password}`))
      .expect(200);
  }
  for (const header of ['anna', 'anna:', ':', `bert:${token}`, `anna:${token}x`]) {
    const answer = await api.get(own).set('Portus-Auth', header).expect(401);
    t.is(faultOf(answer)?.code, 'unauthorized', header);
  }
});

/** Headers are bytes. */
const encodeHeader = (text: string): string => Buffer.from(text).toString('latin1');

test('who shows nothing is told how to log in', async (t) => {
  const {api} = await startApi(t);
  const answer = await api.get(own).expect(401);
  t.is(answer.get('WWW-Authenticate'), 'Basic realm="holdfast", charset="UTF-8"');
  t.regex(faultOf(answer)?.message ?? '', /application token/);
});

test('a browser is not led to ask for a password by itself', async (t) => {
  const {api} = await startApi(t);
  const answer = await api.get(own).set('Sec-Fetch-Site', 'same-origin').expect(401);
  t.is(answer.get('WWW-Authenticate'), undefined);
});

test('a token of the registry opens nothing of the API', async (t) => {
  const {api, token} = await startApi(t);
  const registry = await token('root', 'registry:catalog:*');
  const answer = await api.get('/api/v1/users').set('Authorization', bearer(registry)).expect(401);
  t.regex(faultOf(answer)?.message ?? '', /for images/);
  for (const header of ['Basic', 'Basic !!', 'Digest x', 'Basic YQ==', 'Bearer x']) {
    await api.get('/api/v1/users').set('Authorization', header).expect(401);
  }
});

test('wrong passwords lock a name here as everywhere', async (t) => {
  const {api} = await startApi(t, {auth: {failures: 3}});
  const ask = async (password: string) =>
    api.get(own).set('Authorization', basic('anna', password));
  for (let time = 0; time < 3; time += 1) t.is((await ask('not hers')).status, 401);
  const locked = await ask(passwordOf('anna'));
  t.is(locked.status, 429);
  t.regex(locked.get('Retry-After') ?? '', /^\d+$/);
  t.is(faultOf(locked)?.code, 'limited');
});

test('a session opens the API to pages of this registry alone', async (t) => {
  const {api, url} = await startApi(t);
  const login = {username: 'anna', password: passwordOf('anna')};
  const signedIn = await api.post('/api/v1/session').send(login).expect(201);
  const Cookie = secret((signedIn.get('Set-Cookie') ?? [''])[0]?.split(';')[0] ?? '');
  await api.get(own).set({Cookie}).expect(200);
  const put = (headers: object) =>
    api
      .put(own)
      .set({Cookie, ...headers})
      .send({display_name: 'Anna'});
  for (const headers of [
    {},
    {Origin: 'https://elsewhere.example'},
    {Origin: 'null'},
    {'Sec-Fetch-Site': 'cross-site', Origin: url},
    {'Sec-Fetch-Site': 'same-site', Origin: url},
  ]) {
    const answer = await put(headers).expect(403);
    t.is(faultOf(answer)?.code, 'denied', JSON.stringify(headers));
  }
  await put({Origin: url}).expect(200);
  await put({'Sec-Fetch-Site': 'same-origin', Origin: url}).expect(200);
});

test('a password that a browser has kept changes nothing for a page of others', async (t) => {
  const {by} = await startApi(t);
  const put = (headers: Record<string, string>) =>
    by('anna').put(own).set(headers).send({display_name: 'Anna'});
  await put({Origin: 'https://elsewhere.example'}).expect(403);
  await put({'Sec-Fetch-Site': 'cross-site'}).expect(403);
  t.is((await put({})).status, 200);
});

test('no page of others is told anything: there is no CORS', async (t) => {
  const {by} = await startApi(t);
  const answer = await by('root').get('/api/v1/users').set('Origin', 'https://elsewhere.example');
  t.deepEqual(
    Object.keys(answer.headers as object).filter((name) => name.startsWith('access-control')),
    [],
  );
});

test('a token that may only pull reads, and changes nothing', async (t) => {
  const {as, applicationToken, team} = await startApi(t);
  await team('makers', {root: 'owner'});
  const reader = as(basic('root', await applicationToken('root', {isPullOnly: true})));
  const teams = itemsOf(await reader.get('/api/v1/teams').expect(200));
  t.true(teams.some(({name}) => name === 'makers'));
  await reader.put('/api/v1/teams/makers').send({description: 'x'}).expect(403);
  await reader.get('/api/v1/users').expect(403);
  await reader.delete('/api/v1/users/anna').expect(403);
});

test('a change of the password keeps the session in which it was made, and ends the others', async (t) => {
  const {api, url} = await startApi(t);
  const login = {username: 'anna', password: passwordOf('anna')};
  const signIn = async () => {
    const answer = await api.post('/api/v1/session').send(login).expect(201);
    return secret((answer.get('Set-Cookie') ?? [''])[0]?.split(';')[0] ?? '');
  };
  const [first, second] = [await signIn(), await signIn()];
  const changed = await api
    .put(own)
    .set({Cookie: first, Origin: url})
    .send({password: secret('another password'), current_password: passwordOf('anna')})
    .expect(200);
  const kept = (changed.get('Set-Cookie') ?? [''])[0]?.split(';')[0] ?? '';
  await api.get(own).set({Cookie: kept}).expect(200);
  t.is((await api.get(own).set({Cookie: second})).status, 401);
});
