/** What the API lets nobody learn who may not know it, and whom it does not take for another. */
import test from 'ava';
import {openWorkshop} from './content.ts';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

test('a name that is nearly one that somebody may not know is refused as any other', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('makers', {bert: 'owner'});
  await team('mine', {anna: 'owner'});
  await namespace('project-hydra-acquisition', 'makers');
  const make = async (name: string, place: string) =>
    by('anna')
      .post('/api/v1/users/anna/application_tokens')
      .send({application: name, namespaces: [place]});
  const near = await make('near', 'project-hydra-acquisitio');
  const there = await make('there', 'project-hydra-acquisition');
  const below = await make('below', 'project-hydra-acquisition/app');
  const far = await make('far', 'zzz');
  for (const answer of [near, there, below, far]) {
    t.is(answer.status, 404);
    t.regex(faultOf(answer)?.message ?? '', /^there is no namespace \S+$/);
  }
  t.is((await make('open', 'anna')).status, 201);
  const member = await by('anna')
    .post('/api/v1/teams/mine/members')
    .send({user: 'ber', role: 'viewer'});
  t.is(faultOf(member)?.message, 'there is no user ber');
});

test('an e-mail, which people say of themselves, gives nobody a role, a right or a team', async (t) => {
  const {by, team, db} = await startApi(t);
  await team('annas', {anna: 'owner'});
  const email = 'ceo@corp.example';
  await by('bert').put('/api/v1/users/bert').send({email}).expect(200);
  await by('anna')
    .post('/api/v1/teams/annas/members')
    .send({user: email, role: 'owner'})
    .expect(422);
  await by('root').put(`/api/v1/users/${email}`).send({admin: true}).expect(404);
  await by('root').delete(`/api/v1/users/${email}`).expect(404);
  await by('root')
    .post(`/api/v1/users/${email}/application_tokens`)
    .send({application: 'a'})
    .expect(404);
  await by('root').post('/api/v1/teams').send({name: 'new', owner_id: email}).expect(404);
  t.is(
    (await db.selectFrom('memberships').selectAll().execute()).filter(({role}) => role === 'owner')
      .length,
    4,
  );
  t.is(itemOf(await by('root').get(`/api/v1/users/${email}`).expect(200))['username'], 'bert');
});

test('who has no account hears no names of accounts', async (t) => {
  const {by, api, push, namespace} = await openWorkshop(t);
  await namespace('open', 'makers', 'public');
  await push('open/saw', 'v1');
  await push('open/saw', 'v2');
  await by('anna').post('/api/v1/repositories/open~saw/comments').send({body: 'good'}).expect(201);
  await by('anna').delete('/api/v1/repositories/open~saw/tags/v2').expect(204);
  const told = async (asked: typeof api) =>
    Promise.all([
      asked.get('/api/v1/repositories/open~saw/tags'),
      asked.get('/api/v1/repositories/open~saw/tags/v1'),
      asked.get('/api/v1/repositories/open~saw/tags/grouped'),
      asked.get('/api/v1/repositories/open~saw/tags/v1/history'),
      asked.get('/api/v1/repositories/open~saw/deleted-tags'),
      asked.get('/api/v1/repositories/open~saw/comments'),
      asked.get('/api/v1/tags'),
    ]);
  for (const {status, text} of await told(api)) {
    t.is(status, 200);
    t.notRegex(text, /anna/);
  }
  for (const {text} of await told(by('bert'))) t.regex(text, /"author":"anna"/);
  t.notRegex((await api.get('/readyz').expect(200)).text, /\d repositor/);
});

test('U+0000 is refused wherever it stands, and half a character as well', async (t) => {
  const {by, api} = await startApi(t);
  for (const path of ['/search?q=a%00b', '/repositories?name=%00', '/repositories?namespace=%00']) {
    const fault = faultOf(await api.get(`/api/v1${path}`).expect(400));
    t.regex(fault?.message ?? '', /must be plain text/, path);
  }
  for (const path of [
    '/teams/%00',
    '/users/%00',
    '/namespaces/%00',
    '/robots?team=%00',
    '/statistics/days?namespace=%00',
  ]) {
    await by('root').get(`/api/v1${path}`).expect(400);
  }
  for (const user of ['a\0b', '\ud800']) {
    const sent = {user, role: 'viewer'};
    await by('root').post('/api/v1/teams/x/members').send(sent).expect(422);
  }
  const deep = `{"name":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  await by('root').post('/api/v1/teams').type('json').send(deep).expect(422);
  const token = '/auth/token?service=x&offline_token=true&client_id=a%00b';
  t.is((await by('root').get(token)).status, 400);
});

test('what nobody edits does not keep an edit away: pulls, pushes and logins', async (t) => {
  const {by, push} = await openWorkshop(t);
  await push('tools/saw', 'v1');
  const at = {
    repository: '/api/v1/repositories/tools~saw',
    account: '/api/v1/users/anna',
    member: '/api/v1/teams/makers/members/bert',
  };
  const tagOf = async (address: string) =>
    (await by('anna').get(address).expect(200)).get('ETag') ?? '';
  const edit = async (address: string, etag: string, body: object) =>
    by('anna').put(address).set('If-Match', etag).send(body);
  const tags = {
    repository: await tagOf(at.repository),
    account: await tagOf(at.account),
    member: await tagOf(at.member),
  };
  await push('tools/saw', 'v2');
  await by('bert').put(`${at.repository}/star`).expect(200);
  t.not(await tagOf(at.repository), tags.repository);
  const edited = await edit(at.repository, tags.repository, {description: 'a saw'});
  t.is(edited.status, 200);
  t.is((await edit(at.repository, tags.repository, {description: 'other'})).status, 412);
  t.is((await edit(at.repository, edited.get('ETag') ?? '', {description: 'third'})).status, 200);
  t.is((await edit(at.account, tags.account, {display_name: 'Anna'})).status, 200);
  t.is((await edit(at.account, tags.account, {display_name: 'Other'})).status, 412);
  t.is((await edit(at.member, tags.member, {role: 'contributor'})).status, 200);
  t.is((await edit(at.member, tags.member, {role: 'owner'})).status, 412);
  t.is(itemsOf(await by('anna').get('/api/v1/teams/makers/members')).length, 2);
});
