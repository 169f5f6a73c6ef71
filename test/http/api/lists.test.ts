/** Lists by whose things are, and by a part of their names. */
import test from 'ava';
import {openWorkshop} from './content.ts';
import {type Item, itemOf, itemsOf, startApi} from './workbench.ts';

const repositories = '/api/v1/repositories';

const namesOf = (items: readonly Item[], field: string) => items.map((each) => each[field]);

test('repositories are listed by whose they are: of my teams, of others, below my name, with my star', async (t) => {
  const {by, api, push, namespace, team} = await openWorkshop(t);
  await team('others', {root: 'owner'});
  await namespace('open', 'others', 'public');
  await namespace('tools/secret', 'others');
  await namespace('tools/shown', 'others', 'public');
  await team('openers', {anna: 'owner'});
  await push('tools/saw', 'v1');
  await push('anna/own', 'v1');
  const root = by('root');
  for (const name of ['open/box', 'tools/secret/saw', 'tools/shown/saw']) {
    await root.post(`/v2/${name}/blobs/uploads/`).expect(202);
  }
  const copy = async (name: string) => {
    const manifest = await by('anna').get('/v2/tools/saw/manifests/v1').expect(200);
    const {config, layers} = JSON.parse(manifest.text) as {
      readonly config: {readonly digest: string};
      readonly layers: readonly {readonly digest: string}[];
    };
    for (const {digest} of [config, ...layers]) {
      await root.post(`/v2/${name}/blobs/uploads/?mount=${digest}&from=tools/saw`).expect(201);
    }
    await root
      .put(`/v2/${name}/manifests/v1`)
      .set('Content-Type', 'application/vnd.oci.image.manifest.v1+json')
      .send(manifest.text)
      .expect(201);
  };
  for (const name of ['open/box', 'tools/secret/saw', 'tools/shown/saw']) await copy(name);
  const list = async (who: string, which: string) => {
    const answer = await by(who).get(`${repositories}?list=${which}`).expect(200);
    const names = namesOf(itemsOf(answer), 'full_name');
    t.is(answer.get('X-Total'), String(names.length));
    return names;
  };
  t.deepEqual(await list('anna', 'team'), ['tools/saw']);
  t.deepEqual(await list('bert', 'team'), ['tools/saw']);
  t.deepEqual(await list('carl', 'team'), []);
  t.deepEqual(await list('anna', 'other'), ['open/box', 'tools/shown/saw']);
  t.deepEqual(await list('root', 'other'), ['anna/own', 'tools/saw']);
  t.deepEqual(await list('root', 'team'), ['open/box', 'tools/secret/saw', 'tools/shown/saw']);
  t.deepEqual(await list('anna', 'personal'), ['anna/own']);
  await by('anna').put(`${repositories}/open~box/star`).expect(200);
  t.deepEqual(await list('anna', 'starred'), ['open/box']);
  await api.get(`${repositories}?list=team`).expect(401);
  await by('anna').get(`${repositories}?list=mine`).expect(400);
});

test('namespaces are listed by whose they are, with how much is in them, and who looks after them', async (t) => {
  const {by, push, namespace, team} = await openWorkshop(t);
  await team('others', {root: 'owner'});
  await namespace('open', 'others', 'public');
  await namespace('hidden', 'others');
  await namespace('tools/inner', 'makers');
  await push('tools/saw', 'v1');
  await push('tools/axe', 'v1');
  await push('tools/deep/down/axe', 'v1');
  await push('tools/inner/axe', 'v1');
  await push('anna/own', 'v1');
  const webhooks = '/api/v1/namespaces/tools/webhooks';
  await by('root').post(webhooks).send({name: 'ci', url: 'https://ci.example.org/'}).expect(201);
  const list = async (who: string, query: string) =>
    itemsOf(await by(who).get(`/api/v1/namespaces?${query}`).expect(200));
  t.deepEqual(namesOf(await list('anna', 'list=personal'), 'name'), ['anna']);
  t.deepEqual(namesOf(await list('anna', 'list=member'), 'name'), ['tools', 'tools/inner']);
  const others = namesOf(await list('anna', 'list=other'), 'name');
  t.true(others.includes('open'));
  t.false(others.some((name) => name === 'hidden' || name === 'tools' || name === 'anna'));
  t.deepEqual(namesOf(await list('anna', 'name=OOL&sort_order=desc'), 'name'), [
    'tools/inner',
    'tools',
  ]);
  t.deepEqual(await list('anna', 'name=hidd'), []);
  t.deepEqual(namesOf(await list('root', 'name=hidd'), 'name'), ['hidden']);
  const [own, tools, inner] = [
    (await list('anna', 'name=anna'))[0],
    ...(await list('anna', 'name=tools')),
  ];
  t.like(own, {is_personal: true, is_orphan: false, repositories_count: 1, webhooks_count: 0});
  t.like(tools, {is_personal: false, is_orphan: false, repositories_count: 3, webhooks_count: 1});
  t.like(inner, {repositories_count: 1, webhooks_count: 0});
  t.like((await list('bert', 'name=tools'))[0], {repositories_count: 3, webhooks_count: null});
  await by('root').get('/api/v1/statistics/storage').expect(200);
  t.true(Number((await list('bert', 'name=tools'))[0]?.['bytes']) > 0);
  await by('root').put('/api/v1/users/anna').send({enabled: false}).expect(200);
  t.like((await list('root', 'name=tools'))[0], {is_orphan: true});
});

test('a push meanwhile keeps nobody from changing a namespace that he has read', async (t) => {
  const {by, push} = await openWorkshop(t);
  const read = await by('anna').get('/api/v1/namespaces/tools').expect(200);
  await push('tools/saw', 'v1');
  await by('root').get('/api/v1/statistics/storage').expect(200);
  const changed = await by('anna')
    .put('/api/v1/namespaces/tools')
    .set('If-Match', read.get('ETag') ?? '')
    .send({description: 'new'});
  t.is(changed.status, 200);
  t.like(itemOf(changed), {description: 'new', repositories_count: 1});
});

test('names of people are found by admins and by owners of teams, and by nobody else', async (t) => {
  const {by, api, team, person} = await startApi(t);
  await team('makers', {anna: 'owner', bert: 'contributor'});
  await person('joanna');
  await person('hanna');
  await by('root').put('/api/v1/users/hanna').send({enabled: false}).expect(200);
  await by('root').put('/api/v1/users/joanna').send({display_name: 'Jo'}).expect(200);
  await by('root')
    .post('/api/v1/robots')
    .send({username: 'anna-robot', team: 'makers', role: 'viewer'})
    .expect(201);
  const find = (who: string, q: string) => by(who).get(`/api/v1/users/names?q=${q}`);
  for (const who of ['root', 'anna']) {
    const found = itemsOf(await find(who, 'ANN').expect(200));
    t.deepEqual(namesOf(found, 'username'), ['anna', 'joanna']);
    t.deepEqual(Object.keys(found[1] ?? {}).sort(), ['display_name', 'id', 'username']);
    t.is(found[1]?.['display_name'], 'Jo');
    t.deepEqual(itemsOf(await find(who, '%25%25').expect(200)), []);
    await find(who, 'a').expect(400);
  }
  await find('bert', 'ann').expect(403);
  await find('joanna', 'ann').expect(403);
  await api.get('/api/v1/users/names?q=ann').expect(401);
});

test('where owners manage no teams they find no names of people', async (t) => {
  const {by, team} = await startApi(t, {permissions: {manageTeams: false}});
  await team('makers', {anna: 'owner'});
  t.is((await by('anna').get('/api/v1/users/names?q=an')).status, 403);
  t.is((await by('root').get('/api/v1/users/names?q=an')).status, 200);
});

test('accounts, teams and robots are listed by a part of their names', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('Makers of saws', {anna: 'owner'});
  await team('takers', {anna: 'owner'});
  await namespace('tools', 'Makers of saws');
  await namespace('bags', 'takers');
  const robot = async (username: string, of: string) =>
    by('anna').post('/api/v1/robots').send({username, team: of, role: 'viewer'}).expect(201);
  await robot('saw-ci', 'Makers of saws');
  await robot('bag-ci', 'takers');
  await by('root')
    .put('/api/v1/users/bert')
    .send({email: 'Robert@example.org', display_name: 'Robert Ärmel'})
    .expect(200);
  const list = async (who: string, query: string, field: string) =>
    namesOf(itemsOf(await by(who).get(`/api/v1/${query}`).expect(200)), field);
  t.deepEqual(await list('anna', 'teams?name=makers', 'name'), ['Makers of saws']);
  t.deepEqual(await list('bert', 'teams?name=makers', 'name'), []);
  t.deepEqual(await list('root', 'users?name=BERT@EX', 'username'), ['bert']);
  t.deepEqual(await list('root', `users?name=${encodeURIComponent('Ärm')}`, 'username'), ['bert']);
  t.deepEqual(await list('root', 'users?name=ci&bot=true', 'username'), ['bag-ci', 'saw-ci']);
  t.deepEqual(await list('anna', 'robots?name=SAW', 'username'), ['saw-ci']);
  t.deepEqual(await list('anna', 'robots?namespace=bags', 'username'), ['bag-ci']);
  t.deepEqual(await list('anna', 'robots?namespace=bags&team=Makers%20of%20saws', 'username'), []);
  await by('bert').get('/api/v1/robots?namespace=bags').expect(404);
});
