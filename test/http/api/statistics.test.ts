/** How much the registry holds, and how much it is used. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {until} from '../../support/raw-request.ts';
import {openWorkshop, pushRunnable} from './content.ts';
import {type Item, itemOf, itemsOf} from './workbench.ts';

test('an admin is told what each namespace and repository holds, alone and with others', async (t) => {
  const {by, push, namespace} = await openWorkshop(t);
  await namespace('metal', 'makers');
  const common = {layers: ['common '.repeat(100)]};
  await push('tools/saw', 'v1', common);
  await push('tools/saw', 'v2', {layers: ['own '.repeat(100)]});
  await push('metal/saw', 'v1', common);
  const storage = itemOf(await by('root').get('/api/v1/statistics/storage').expect(200));
  t.like(storage, {repositories: 2, tags: 3});
  const [tools, metal] = storage['namespaces'] as readonly Item[];
  t.like(tools, {name: 'tools', repositories: 1});
  t.like(metal, {name: 'metal', exclusive_bytes: 0});
  t.is(metal?.['bytes'], metal?.['shared_bytes']);
  t.is(
    Number(tools?.['exclusive_bytes']) + Number(tools?.['shared_bytes']),
    Number(tools?.['bytes']),
  );
  t.is(tools?.['shared_bytes'], metal?.['bytes']);
  t.is(storage['bytes'], tools?.['bytes']);
  t.true(Number(tools?.['exclusive_bytes']) > 400);
  const [largest] = storage['largest'] as readonly Item[];
  t.like(largest, {id: 'tools~saw', exclusive_bytes: tools?.['exclusive_bytes']});
  t.like(itemOf(await by('root').get('/api/v1/repositories/tools~saw')), {
    exclusive_size: tools?.['exclusive_bytes'],
  });
});

test('others are told of what they may see, and not what others share with it', async (t) => {
  const {by, push, namespace, api} = await openWorkshop(t);
  await namespace('open', 'makers', 'public');
  await push('tools/saw', 'v1');
  await push('open/saw', 'v1');
  const seen = itemOf(await by('carl').get('/api/v1/statistics/storage').expect(200));
  t.like(seen, {repositories: 1, tags: null, objects: null, bytes: null});
  t.like(seen['namespaces'], [{name: 'open', exclusive_bytes: null, shared_bytes: null}]);
  t.like(seen['largest'], [{full_name: 'open/saw', exclusive_bytes: null, shared_bytes: null}]);
  await api.get('/api/v1/statistics/storage').expect(401);
});

test('pulls and pushes are counted day by day', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  await by('bert').get('/v2/tools/saw/manifests/v1').expect(200);
  const days = async (query: string, name: string) =>
    itemsOf(await by(name).get(`/api/v1/${query}`).expect(200));
  const today = new Date().toISOString().slice(0, 10);
  await until(async () => (await days('statistics/days', 'root')).at(-1)?.['pulls'] === 1);
  for (const [query, name] of [
    ['statistics/days?days=3', 'root'],
    ['statistics/days?days=3&namespace=tools', 'root'],
    ['repositories/tools~saw/days?days=3', 'bert'],
  ] as const) {
    const found = await days(query, name);
    t.is(found.length, 3);
    t.true([found.at(-1)?.['day'], found.at(-2)?.['day']].includes(today));
    t.is(
      found.reduce((sum, {pushes}) => sum + Number(pushes), 0),
      1,
      query,
    );
  }
  t.like((await days('statistics/days?namespace=metal', 'root')).at(-1), {pulls: 0, pushes: 0});
  await by('carl').get('/api/v1/repositories/tools~saw/days').expect(404);
  await by('root').get('/api/v1/statistics/days?days=367').expect(400);
});

test('whoever is no admin is told of the pulls and pushes of what he may see alone', async (t) => {
  const bench = await openWorkshop(t);
  const {by, push, namespace} = bench;
  await bench.team('smiths', {carl: 'owner'});
  await namespace('open', 'makers', 'public');
  await namespace('tools/secret', 'smiths', 'private');
  for (const name of ['tools/saw', 'tools/axe', 'open/saw']) await push(name, 'v1');
  await pushRunnable(by('carl'), 'tools/secret/saw', {tag: 'v1'});
  const pushes = async (asked: (typeof bench)['api'], query = '') => {
    const days = itemsOf(await asked.get(`/api/v1/statistics/days?days=2${query}`).expect(200));
    t.is(days.length, 2);
    return days.reduce((sum, each) => sum + Number(each['pushes']), 0);
  };
  await until(async () => (await pushes(by('root'))) === 4);
  t.is(await pushes(by('bert')), 3);
  t.is(await pushes(by('bert'), '&namespace=tools'), 2, 'and nothing of what is hidden in it');
  t.is(await pushes(by('root'), '&namespace=tools'), 3);
  t.is(await pushes(by('carl')), 2);
  t.is(await pushes(by('carl'), '&namespace=tools/secret'), 1);
  await by('bert').delete('/api/v1/repositories/open~saw').expect(403);
  await by('anna').delete('/api/v1/repositories/open~saw').expect(204);
  t.is(await pushes(by('bert')), 2);
  t.is(await pushes(by('bert'), '&namespace=open'), 0);
  t.is(await pushes(by('root')), 4, 'what is gone counts for admins');
  const narrow = await bench.applicationToken('anna', {namespaces: ['open']});
  t.is(await pushes(bench.as(basic('anna', narrow))), 0);
  await bench.as(basic('anna', narrow)).get('/api/v1/statistics/days?namespace=tools').expect(404);
});

test('of days of a namespace that somebody may not see he is told what he is told of one that is not there', async (t) => {
  const {by, push, api} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const answers = await Promise.all(
    ['tools', 'none', 'tools/none', 'a~b'].map(async (name) => {
      const {status, text} = await by('carl').get(`/api/v1/statistics/days?namespace=${name}`);
      return {status, text};
    }),
  );
  for (const answer of answers) t.deepEqual(answer, {status: 404, text: answers[0]?.text ?? ''});
  await api.get('/api/v1/statistics/days').expect(401);
});
