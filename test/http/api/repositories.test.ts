/** Repositories by the API: who sees which, in what order, and what may be done with them. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {codesOf} from '../../support/content.ts';
import {until} from '../../support/raw-request.ts';
import {openWorkshop} from './content.ts';
import {faultOf, itemOf, itemsOf} from './workbench.ts';

const namesIn = (items: readonly Readonly<Record<string, unknown>>[]) =>
  items.map(({full_name: name}) => name);

test('everybody gets the repositories that he may pull, and hears nothing of the others', async (t) => {
  const {by, api, push, namespace} = await openWorkshop(t);
  await namespace('open', 'makers', 'public');
  await namespace('open/secret', 'makers');
  for (const name of ['tools/saw', 'open/saw', 'open/secret/saw']) await push(name, 'v1');
  const seen = async (asked: typeof api) => {
    const answer = await asked.get('/api/v1/repositories').expect(200);
    t.is(answer.get('X-Total'), String(itemsOf(answer).length));
    return namesIn(itemsOf(answer));
  };
  const all = ['open/saw', 'open/secret/saw', 'tools/saw'];
  t.deepEqual(await seen(by('root')), all);
  t.deepEqual(await seen(by('anna')), all);
  t.deepEqual(await seen(by('bert')), all);
  t.deepEqual(await seen(by('carl')), ['open/saw']);
  t.deepEqual(await seen(api), ['open/saw']);
  const hidden = await by('carl').get('/api/v1/repositories/tools~saw').expect(404);
  const absent = await by('carl').get('/api/v1/repositories/tools~none').expect(404);
  t.is(hidden.text, absent.text);
});

test('a repository is shown by its id and by its name, with its sizes, its rights and its namespace', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/hand/saw', 'v1', {layers: ['12345']});
  const shown = itemOf(await by('bert').get('/api/v1/repositories/tools~hand~saw').expect(200));
  t.like(shown, {
    id: 'tools~hand~saw',
    name: 'hand/saw',
    full_name: 'tools/hand/saw',
    namespace: 'tools',
    tags_count: 1,
    description: '',
    exclusive_size: null,
    may_push: false,
    may_delete: false,
  });
  t.true(Number(shown['size']) > 5);
  const byName = await by('bert').get('/api/v1/repositories/tools%2Fhand%2Fsaw').expect(200);
  t.deepEqual(itemOf(byName), shown);
  t.like(itemOf(await by('anna').get('/api/v1/repositories/tools~hand~saw')), {
    may_push: true,
    may_delete: true,
  });
});

test('lists are filtered by namespace, by name and by star, and sorted as asked', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  await push('tools/saw', 'v2');
  await push('tools/axe', 'v1');
  await push('anna/100_percent', 'v1');
  await by('anna').put('/api/v1/repositories/tools~axe/star').expect(200);
  const list = async (query: string, name = 'anna') =>
    namesIn(itemsOf(await by(name).get(`/api/v1/repositories?${query}`).expect(200)));
  for (const name of ['anna', 'root']) {
    t.deepEqual(await list('sort_attr=tags&sort_order=desc&per_page=1', name), ['tools/saw']);
    t.deepEqual(await list('namespace=tools&sort_order=desc', name), ['tools/saw', 'tools/axe']);
    t.deepEqual(await list('name=SA', name), ['tools/saw']);
    t.deepEqual(await list('name=_', name), ['anna/100_percent']);
    t.deepEqual(await list('name=%25', name), []);
    t.deepEqual(await list('sort_attr=pushed_at&sort_order=desc&per_page=1', name), [
      'anna/100_percent',
    ]);
    t.is((await list('sort_attr=pulls', name)).length, 3);
  }
  await by('anna').get('/v2/tools/axe/manifests/v1').expect(200);
  const pulled = 'sort_attr=pulled_at&sort_order=desc&per_page=1';
  await until(async () => (await list(pulled))[0] === 'tools/axe');
  t.deepEqual(await list(pulled, 'root'), ['tools/axe']);
  t.deepEqual(await list('list=starred'), ['tools/axe']);
  t.deepEqual(await list('list=starred', 'root'), []);
  t.deepEqual(await list('list=personal'), ['anna/100_percent']);
});

test('a description is kept as it was written, by whoever may push', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const address = '/api/v1/repositories/tools~saw';
  const description = '# Saw\n<script>alert(1)</script> [x](javascript:alert(1)) =1+1 \u0007';
  await by('anna').put(address).send({repository: {description}}).expect(200);
  t.is(itemOf(await by('bert').get(address))['description'], description);
  await by('bert').put(address).send({description: 'x'}).expect(403);
  await by('carl').put(address).send({description: 'x'}).expect(404);
  const tooLong = await by('anna')
    .put(address)
    .send({description: 'x'.repeat(40_000)});
  t.is(tooLong.status, 422);
  t.is(faultOf(tooLong)?.field, 'description');
  await by('anna').put(address).send({description: 'a\0b'}).expect(422);
  await by('anna').put(address).send({description: '\ud800'}).expect(422);
  await by('anna').put(address).send({description: ''}).expect(200);
  t.is(itemOf(await by('bert').get(address))['description'], '');
});

test('a description is changed only as it was read, where the client says so, whatever comes at once', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const address = '/api/v1/repositories/tools~saw';
  const put = async (description: string, etag: string) =>
    (await by('anna').put(address).set('If-Match', etag).send({description})).status;
  const tag = async () => (await by('anna').get(address)).get('ETag') ?? '';
  const empty = await tag();
  t.is(await put('first', '"another"'), 412);
  t.is(await put('first', empty), 200);
  t.is(await put('second', empty), 412);
  t.is(await put('second', '*'), 200);
  for (const text of ['', 'again']) {
    const etag = await tag();
    const statuses = await Promise.all(['a', 'b', 'c', 'd'].map(async (one) => put(one, etag)));
    t.deepEqual(statuses.sort(), [200, 412, 412, 412], text);
    await by('anna').put(address).send({description: text}).expect(200);
  }
  t.is(itemOf(await by('bert').get(address))['description'], 'again');
});

test('each has one star to give, and takes it back', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const star = '/api/v1/repositories/tools~saw/star';
  await by('anna').put(star).expect(200, {stars: 1, starred: true});
  await by('anna').put(star).expect(200, {stars: 1, starred: true});
  await by('bert').put(star).expect(200, {stars: 2, starred: true});
  t.like(itemOf(await by('root').get('/api/v1/repositories/tools~saw')), {
    stars: 2,
    starred: false,
  });
  await by('bert').delete(star).expect(200, {stars: 1, starred: false});
  await by('carl').put(star).expect(404);
});

test('whoever sees a repository comments on it; its author or an admin deletes it', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const comments = '/api/v1/repositories/tools~saw/comments';
  const body = '<img src=x onerror=alert(1)> *sharp*';
  const first = itemOf(await by('bert').post(comments).send({body}).expect(201));
  t.like(first, {author: 'bert', body, may_delete: true});
  await by('anna')
    .post(comments)
    .send({comment: {body: 'thanks'}})
    .expect(201);
  const list = itemsOf(await by('anna').get(comments).expect(200));
  t.deepEqual(list.map(({author, may_delete: may}) => [author, may]).sort(), [
    ['anna', true],
    ['bert', false],
  ]);
  const address = `${comments}/${String(first['id'])}`;
  await by('anna').delete(address).expect(403);
  await by('carl').delete(address).expect(404);
  await by('root').delete(address).expect(204);
  await by('root').delete(address).expect(404);
  await by('bert').post(comments).send({body: '   '}).expect(422);
  await by('carl').post(comments).send({body}).expect(404);
});

test('a deleted repository is gone with all that was said of it; blobs of others stay', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  await push('tools/saw', 'v2', {layers: ['another']});
  const kept = await push('tools/axe', 'v1');
  const address = '/api/v1/repositories/tools~saw';
  await by('anna').put(`${address}/star`).expect(200);
  await by('bert').post(`${address}/comments`).send({body: 'sharp'}).expect(201);
  await by('bert').delete(address).expect(403);
  await by('anna').delete(address).expect(204);
  await by('anna').delete(address).expect(404);
  await by('anna').get(address).expect(404);
  t.deepEqual(codesOf(await by('anna').get('/v2/tools/saw/tags/list').expect(404)), [
    'NAME_UNKNOWN',
  ]);
  await by('anna').get(`/v2/tools/axe/manifests/${kept}`).expect(200);
  await push('tools/saw', 'v3');
  t.like(itemOf(await by('anna').get(address)), {stars: 0, tags_count: 1, pulls: 0});
  t.deepEqual(itemsOf(await by('anna').get(`${address}/comments`)), []);
});

test('where nothing may be deleted, the API deletes nothing either', async (t) => {
  const {by, push} = await openWorkshop(t, {storage: {delete: false}});
  await push('tools/saw', 'v1');
  await by('anna').delete('/api/v1/repositories/tools~saw').expect(409);
  await by('anna').delete('/api/v1/repositories/tools~saw/tags/v1').expect(409);
  t.is((await by('anna').get('/api/v1/repositories/tools~saw/tags/v1')).status, 200);
});

test('a token of some namespaces sees and changes those alone', async (t) => {
  const {as, push, namespace, applicationToken} = await openWorkshop(t);
  await namespace('metal', 'makers');
  await push('tools/saw', 'v1');
  await push('metal/saw', 'v1');
  const limited = as(basic('anna', await applicationToken('anna', {namespaces: ['metal']})));
  t.deepEqual(namesIn(itemsOf(await limited.get('/api/v1/repositories').expect(200))), [
    'metal/saw',
  ]);
  await limited.get('/api/v1/repositories/tools~saw').expect(404);
  await limited.delete('/api/v1/repositories/tools~saw').expect(404);
  const reader = as(basic('anna', await applicationToken('anna', {isPullOnly: true})));
  await reader.get('/api/v1/repositories/tools~saw').expect(200);
  await reader.delete('/api/v1/repositories/tools~saw').expect(403);
  await limited.delete('/api/v1/repositories/metal~saw').expect(204);
});
