/** Namespaces by the API. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

const namesIn = (items: readonly {readonly name?: unknown}[]) => items.map(({name}) => name);

test('people see the namespaces of their teams, and what is protected or public', async (t) => {
  const holdfast = await startApi(t);
  const {by, namespace} = holdfast;
  await holdfast.team('makers', {anna: 'owner'});
  await namespace('closed', 'makers');
  await namespace('half', 'makers', 'protected');
  await namespace('open', 'makers', 'public');
  const list = async (name: string) =>
    namesIn(itemsOf(await by(name).get('/api/v1/namespaces').expect(200)));
  t.deepEqual(await list('anna'), ['/', 'anna', 'closed', 'half', 'open']);
  t.deepEqual(await list('bert'), ['/', 'bert', 'half', 'open']);
  t.deepEqual(await list('root'), ['/', 'anna', 'bert', 'closed', 'half', 'open', 'root']);
  await by('bert').get('/api/v1/namespaces/closed').expect(404);
  await by('bert').put('/api/v1/namespaces/closed').send({description: 'x'}).expect(404);
  await by('bert').delete('/api/v1/namespaces/half').expect(403);
  t.like(itemOf(await by('bert').get('/api/v1/namespaces/open').expect(200)), {
    updatable: false,
    permissions: {role: null, pull: true, push: false, visibility: false},
  });
});

test('a token of some namespaces sees these alone', async (t) => {
  const holdfast = await startApi(t);
  await holdfast.team('makers', {anna: 'owner'});
  for (const name of ['tools', 'tools/below', 'toolsmith', 'other']) {
    await holdfast.namespace(name, 'makers');
  }
  const token = await holdfast.applicationToken('anna', {namespaces: ['tools']});
  const narrow = holdfast.as(basic('anna', token));
  const listed = itemsOf(await narrow.get('/api/v1/namespaces').expect(200));
  t.deepEqual(namesIn(listed), ['tools', 'tools/below']);
  await narrow.get('/api/v1/namespaces/tools%2Fbelow').expect(200);
  await narrow.get('/api/v1/namespaces/other').expect(404);
  await narrow.get('/api/v1/teams').expect(403);
  await narrow.put('/api/v1/namespaces/tools').send({visibility: 'public'}).expect(403);
});

test('owners make, change and delete namespaces', async (t) => {
  const {by, team} = await startApi(t);
  await team('makers', {anna: 'owner', bert: 'contributor'});
  await team('heirs', {anna: 'owner'});
  const tools = {name: 'tools', team: 'makers', description: 'Hammers'};
  await by('bert').post('/api/v1/namespaces').send(tools).expect(403);
  const made = itemOf(await by('anna').post('/api/v1/namespaces').send(tools).expect(201));
  t.like(made, {name: 'tools', visibility: 'private', global: false, updatable: true});
  await by('anna').post('/api/v1/namespaces').send(tools).expect(409);
  const path = `/api/v1/namespaces/${String(made['id'])}`;
  const put = (name: string, namespace: object) => by(name).put(path).send({namespace});
  await put('bert', {visibility: 'public'}).expect(403);
  const wanted = {description: 'Saws', visibility: 'public', team: 'heirs'};
  const changed = itemOf(await put('anna', wanted).expect(200));
  t.like(changed, {description: 'Saws', visibility: 'public', team: {name: 'heirs'}});
  const {etag} = (await by('anna').get(path)).headers as {etag: string};
  await put('anna', {description: 'Nails'}).set('If-Match', etag).expect(200);
  await put('anna', {description: 'Bolts'}).set('If-Match', etag).expect(412);
  await by('anna').delete(path).expect(204);
  await by('anna').get(path).expect(404);
});

test('nobody makes a namespace of the name of another, or within what is another’s', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('makers', {anna: 'owner'});
  await team('others', {bert: 'owner'});
  await namespace('shared', 'others');
  const post = (name: string) => by('anna').post('/api/v1/namespaces').send({name, team: 'makers'});
  for (const name of ['bert/tools', 'shared/tools', 'root/a/b']) {
    t.is(faultOf(await post(name).expect(403))?.code, 'denied', name);
  }
  await post('bert').expect(409);
  await post('anna/tools').expect(201);
  await post('free/tools').expect(201);
});

test('the root namespace is shown by its slash, and stays', async (t) => {
  const {by} = await startApi(t);
  const path = '/api/v1/namespaces/%2F';
  t.like(itemOf(await by('root').get(path).expect(200)), {name: '/', global: true});
  await by('root').delete(path).expect(409);
  const public_ = {visibility: 'public'};
  t.like(itemOf(await by('root').put(path).send(public_).expect(200)), public_);
});

test('a name is judged before it is taken', async (t) => {
  const {by} = await startApi(t);
  const judge = async (name: string) =>
    itemOf(
      await by('anna')
        .get(`/api/v1/namespaces/validate?${new URLSearchParams({name}).toString()}`)
        .expect(200),
    );
  t.deepEqual(await judge('free'), {valid: true, messages: {}});
  t.deepEqual(await judge('anna'), {valid: false, messages: {name: ['is taken']}});
  for (const name of ['', '../x', 'Tools', 'a//b', '__proto__']) {
    t.like(await judge(name), {valid: false}, JSON.stringify(name));
  }
});

test('a name is judged as whoever makes the namespace is told', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('makers', {bert: 'owner'});
  await namespace('project-hydra', 'makers');
  await team('mine', {anna: 'owner'});
  for (const name of ['project-hydra', 'project-hydra/below', 'bert/app', 'root']) {
    const path = `/api/v1/namespaces/validate?${new URLSearchParams({name}).toString()}`;
    t.deepEqual(itemOf(await by('anna').get(path)), {valid: false, messages: {name: ['is taken']}});
    const made = await by('anna').post('/api/v1/namespaces').send({name, team: 'mine'});
    t.true([403, 409].includes(made.status), name);
  }
});

test('what changes namespaces is switched off by permissions', async (t) => {
  const permissions = {createNamespaces: false, manageNamespaces: false, changeVisibility: false};
  const {by, team, namespace} = await startApi(t, {permissions});
  await team('makers', {anna: 'owner'});
  await namespace('tools', 'makers');
  await by('anna').post('/api/v1/namespaces').send({name: 'more', team: 'makers'}).expect(403);
  const put = (body: object) => by('anna').put('/api/v1/namespaces/tools').send(body);
  await put({visibility: 'public'}).expect(403);
  await put({description: 'x'}).expect(403);
  await by('anna').delete('/api/v1/namespaces/tools').expect(403);
  t.like(itemOf(await by('anna').get('/api/v1/namespaces/tools')), {
    updatable: false,
    permissions: {visibility: false, push: true},
  });
});
