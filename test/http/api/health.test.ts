/** The parts of the registry, and the registry itself, by the API. */
import test from 'ava';
import {itemOf, itemsOf, startApi} from './workbench.ts';

test('health tells of each part whether it works, to everybody', async (t) => {
  const {api} = await startApi(t);
  const parts = itemOf(await api.get('/api/v1/health').expect(200));
  t.deepEqual(Object.keys(parts), [
    'storage',
    'room',
    'index',
    'notifications',
    'certificate',
    'database',
  ]);
  t.like(parts['database'], {success: true, status: 'ok'});
});

test('a directory that is down is told, and the rest goes on', async (t) => {
  const ldap = {urls: ['ldap://127.0.0.1:1'], base: 'dc=example,dc=org'};
  const {api} = await startApi(t, {auth: {ldap: ldap}});
  const parts = itemOf(await api.get('/api/v1/health').expect(200));
  t.like(parts['ldap'], {success: false, status: 'degraded'});
  t.false(JSON.stringify(parts).includes('127.0.0.1'));
});

test('the registry that this is is listed and shown to admins', async (t) => {
  const {by, url} = await startApi(t, {externalUrl: 'https://registry.example.org'});
  const [registry] = itemsOf(await by('root').get('/api/v1/registries').expect(200));
  t.like(registry, {
    id: 'this',
    hostname: new URL(url).host,
    external_hostname: 'registry.example.org',
    use_ssl: true,
  });
  for (const id of ['this', 'holdfast']) {
    t.deepEqual(itemOf(await by('root').get(`/api/v1/registries/${id}`).expect(200)), registry);
  }
  await by('anna').get('/api/v1/registries').expect(403);
  await by('root').post('/api/v1/registries').send({}).expect(405);
});

test('an event that waits for its receiver for more than an hour is told, and no receiver is named', async (t) => {
  const {api, db} = await startApi(t);
  const hours = 7_200_000;
  await db
    .insertInto('deliveries')
    .values({
      id: 'late',
      endpoint: 'ci.example.org',
      seq: 0,
      path: 'tools',
      action: 'push',
      state: 'waiting',
      attempts: 1,
      refusals: 1,
      due_at: Date.now() + hours,
      created_at: Date.now() - hours,
    })
    .execute();
  const parts = itemOf(await api.get('/api/v1/health').expect(200));
  t.like(parts['notifications'], {success: false, status: 'degraded'});
  t.false(JSON.stringify(parts).includes('ci.example.org'));
});
