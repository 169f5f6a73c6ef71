/** What every endpoint of the API has in common. */
import test from 'ava';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

const namesIn = (items: readonly {readonly username?: unknown}[]) =>
  items.map(({username}) => username);

test('an admin lists accounts with the fields of Portus, and nothing of their passwords', async (t) => {
  const {by} = await startApi(t);
  const [anna, , root] = itemsOf(await by('root').get('/api/v1/users').expect(200));
  t.like(anna, {username: 'anna', admin: false, enabled: true, bot: false, email: null});
  t.like(root, {username: 'root', admin: true});
  const secret = Object.keys(anna ?? {}).filter((name) => /pass|hash|subject|generat/.test(name));
  t.deepEqual(secret, []);
});

test('an account is shown by its id, its name and its e-mail', async (t) => {
  const {by, db} = await startApi(t);
  const email = 'anna@example.org';
  await db.updateTable('users').set({email}).where('name', '=', 'anna').execute();
  const anna = itemOf(await by('root').get('/api/v1/users/anna').expect(200));
  for (const name of [String(anna['id']), email, encodeURIComponent(email)]) {
    t.deepEqual(itemOf(await by('root').get(`/api/v1/users/${name}`).expect(200)), anna);
  }
  await by('root').get('/api/v1/users/nobody').expect(404);
});

test('an e-mail that two have shows neither', async (t) => {
  const {by, db} = await startApi(t);
  await db.updateTable('users').set({email: 'we@example.org'}).execute();
  t.is((await by('root').get('/api/v1/users/we@example.org')).status, 404);
});

test('others see themselves, and do not hear who else is there', async (t) => {
  const {by} = await startApi(t);
  await by('anna').get('/api/v1/users/anna').expect(200);
  const there = await by('anna').get('/api/v1/users/root').expect(403);
  const absent = await by('anna').get('/api/v1/users/nobody').expect(403);
  t.is(there.text, absent.text);
  await by('anna').get('/api/v1/users').expect(403);
});

test('a list comes in pages that lead to each other', async (t) => {
  const holdfast = await startApi(t);
  const {by} = holdfast;
  for (const name of ['carl', 'dora']) await holdfast.person(name);
  const first = await by('root').get('/api/v1/users?per_page=2&sort_order=desc').expect(200);
  t.deepEqual(namesIn(itemsOf(first)), ['root', 'dora']);
  t.like(first.headers, {
    'x-total': '5',
    'x-total-pages': '3',
    'x-page': '1',
    'x-next-page': '2',
    'x-prev-page': '',
  });
  const next = /<([^>]+)>; rel="next"/.exec(first.get('Link') ?? '')?.[1] ?? '';
  const second = await by('root').get(next).expect(200);
  t.deepEqual(namesIn(itemsOf(second)), ['carl', 'bert']);
  t.regex(second.get('Link') ?? '', /page=1>; rel="prev"/);
  const beyond = await by('root').get('/api/v1/users?page=100000000&per_page=1000').expect(200);
  t.deepEqual(itemsOf(beyond), []);
  t.is(itemsOf(await by('root').get('/api/v1/users?all=true').expect(200)).length, 5);
});

const strange = [
  ['page=0', 'page'],
  ['page=-1', 'page'],
  ['page=1e9', 'page'],
  ['page=99999999999999999999', 'page'],
  ['per_page=1001', 'per_page'],
  ['per_page=', 'per_page'],
  ['sort_attr=password_hash', 'sort_attr'],
  ['sort_attr=__proto__', 'sort_attr'],
  ['sort_order=up', 'sort_order'],
  ['all=perhaps', 'all'],
  ['page=1&page=2', 'page'],
  ['pages=1', undefined],
  ['__proto__=1', undefined],
  ['constructor=1', undefined],
  ['%ff=1', undefined],
] as const;

test('a list with a strange query is refused, and the parameter named', async (t) => {
  const {by} = await startApi(t);
  for (const [query, field] of strange) {
    const fault = faultOf(await by('root').get(`/api/v1/users?${query}`).expect(400));
    t.like(fault, {code: 'bad-request'}, query);
    t.is(fault?.field, field, query);
  }
});

test('an answer that the client has is not sent again', async (t) => {
  const holdfast = await startApi(t);
  const {by} = holdfast;
  for (const path of ['/api/v1/users', '/api/v1/users/anna']) {
    const get = () => by('root').get(path);
    const etag = (await get().expect(200)).get('ETag') ?? '';
    t.regex(etag, /^"[\w.-]+"$/);
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      t.is((await get().set('If-None-Match', tag).expect(304)).text, '');
    }
    await get().set('If-None-Match', '"other"').expect(200);
  }
  const etag = (await by('root').get('/api/v1/users').expect(200)).get('ETag') ?? '';
  await holdfast.person('new');
  await by('root').get('/api/v1/users').set('If-None-Match', etag).expect(200);
});

test('the version is told to whoever has an account, at the address of Portus, too', async (t) => {
  const {by, api} = await startApi(t);
  for (const path of ['/api/v1/version', '/api/version']) {
    t.like(itemOf(await by('anna').get(path).expect(200)), {'api-versions': ['v1']});
    await api.get(path).expect(401);
  }
  await api.get('/api/v1/_ping').expect(200);
});

test('what there is not is told in the shape of the API, and which methods an address has', async (t) => {
  const {by} = await startApi(t);
  for (const path of ['/api', '/api/', '/api/v1', '/api/v1/nothing', '/api/v2/users']) {
    const message = 'there is nothing at this address; see /api/docs';
    t.like(itemOf(await by('root').get(path).expect(404)), {message}, path);
  }
  const answer = await by('root').patch('/api/v1/users').send({}).expect(405);
  t.is(faultOf(answer)?.code, 'off');
  t.regex(answer.get('Allow') ?? '', /GET/);
});
