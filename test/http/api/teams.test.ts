/** Teams, their members and their robots by the API. */
import test from 'ava';
import {basic} from '../../support/accounts.ts';
import {secret} from '../../support/secrets.ts';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

test('whoever makes a team owns it, changes it, and deletes it', async (t) => {
  const {by} = await startApi(t);
  const team = {name: 'Makers', description: 'We make.'};
  const made = itemOf(await by('anna').post('/api/v1/teams').send(team).expect(201));
  t.like(made, {...team, role: 'owner', updatable: true, users_count: 1, hidden: false});
  const path = `/api/v1/teams/${String(made['id'])}`;
  t.deepEqual(itemOf(await by('anna').get('/api/v1/teams/Makers').expect(200)), made);
  const changed = {name: 'Doers', description: 'We do.', ldap_synced: false};
  t.like(itemOf(await by('anna').put(path).send({team: changed}).expect(200)), changed);
  await by('anna').delete(path).expect(204);
  await by('anna').get(path).expect(404);
});

test('a team is not there for who is not in it, but for an admin', async (t) => {
  const {by, team} = await startApi(t);
  await team('makers', {anna: 'owner'});
  for (const name of ['makers', 'nobody']) {
    const answer = await by('bert').get(`/api/v1/teams/${name}`).expect(404);
    t.is(answer.text, (await by('bert').get('/api/v1/teams/other').expect(404)).text);
    await by('bert').put(`/api/v1/teams/${name}`).send({description: 'x'}).expect(404);
    await by('bert').delete(`/api/v1/teams/${name}`).expect(404);
    await by('bert').get(`/api/v1/teams/${name}/members`).expect(404);
    await by('bert').get(`/api/v1/teams/${name}/namespaces`).expect(404);
  }
  t.deepEqual(itemsOf(await by('bert').get('/api/v1/teams').expect(200)), []);
  const [seen] = itemsOf(await by('root').get('/api/v1/teams').expect(200));
  t.like(seen, {name: 'makers', role: null, updatable: true});
});

test('a team goes with namespaces only where another gets them', async (t) => {
  const {by, team, namespace} = await startApi(t);
  await team('makers', {anna: 'owner'});
  await team('heirs', {anna: 'owner'});
  await team('strangers', {bert: 'owner', anna: 'viewer'});
  await namespace('tools', 'makers');
  const remove = (query = '') => by('anna').delete(`/api/v1/teams/makers${query}`);
  await remove().expect(409);
  await remove('?new_team=strangers').expect(403);
  await remove('?new_team=nobody').expect(404);
  await remove('?new_team=makers').expect(409);
  await remove('?new_team=heirs').expect(204);
  t.like(itemOf(await by('anna').get('/api/v1/namespaces/tools').expect(200)), {
    team: {name: 'heirs'},
  });
});

test('owners take accounts in and out, and a last owner stays', async (t) => {
  const {by, team} = await startApi(t);
  await team('makers', {anna: 'owner'});
  const path = '/api/v1/teams/makers/members';
  const bert = {user: 'bert', role: 'viewer'};
  const added = itemOf(await by('anna').post(path).send(bert).expect(201));
  t.like(added, {username: 'bert', display_name: 'bert', role: 'viewer', bot: false});
  await by('anna').post(path).send(bert).expect(409);
  await by('anna').post(path).send({user: 'nobody', role: 'viewer'}).expect(404);
  await by('anna').post(path).send({user: 'bert', role: 'boss'}).expect(422);
  t.is(itemsOf(await by('bert').get(path).expect(200)).length, 2);
  await by('bert').put(`${path}/bert`).send({role: 'owner'}).expect(403);
  await by('bert').delete(`${path}/anna`).expect(403);
  const put = by('anna')
    .put(`${path}/${String(added['id'])}`)
    .send({role: 'contributor'});
  t.like(itemOf(await put.expect(200)), {role: 'contributor'});
  await by('anna').put(`${path}/anna`).send({role: 'viewer'}).expect(409);
  await by('anna').delete(`${path}/anna`).expect(409);
  await by('anna').delete(`${path}/bert`).expect(204);
  await by('anna').delete(`${path}/bert`).expect(404);
});

test('that a directory decides who is in a team is switched off, as Portus does it, and on', async (t) => {
  const {by, team} = await startApi(t);
  await team('makers', {anna: 'owner', bert: 'viewer'});
  const path = '/api/v1/teams/makers/ldap_check';
  t.like(itemOf(await by('anna').post(path).expect(200)), {ldap_synced: false});
  t.like(itemOf(await by('anna').post(`${path}?synced=true`).expect(200)), {ldap_synced: true});
  await by('bert').post(path).expect(403);
});

test('owners make robots with a token, list and delete them', async (t) => {
  const {by, api, team} = await startApi(t);
  await team('makers', {anna: 'owner', bert: 'contributor'});
  const robot = {username: 'ci', team: 'makers', role: 'contributor', expires_in: '30d'};
  await by('bert').post('/api/v1/robots').send(robot).expect(403);
  const made = itemOf(await by('anna').post('/api/v1/robots').send(robot).expect(201));
  t.like(made, {username: 'ci', role: 'contributor', enabled: true, team: {name: 'makers'}});
  const ci = basic('ci', secret(String(made['plain_token'])));
  await api.get('/api/v1/teams/makers').set('Authorization', ci).expect(200);
  await api.post('/api/v1/teams').set('Authorization', ci).send({name: 'x'}).expect(403);
  t.is(itemsOf(await by('bert').get('/api/v1/robots').expect(200)).length, 1);
  t.is(itemsOf(await by('anna').get('/api/v1/users/ci/application_tokens').expect(200)).length, 1);
  await by('bert').get('/api/v1/users/ci/application_tokens').expect(403);
  await by('bert').delete('/api/v1/robots/ci').expect(403);
  await by('anna').delete('/api/v1/robots/anna').expect(404);
  await by('anna').delete('/api/v1/robots/ci').expect(204);
  await by('anna').get('/api/v1/robots/ci').expect(404);
});

test('owners change what a robot may and is for, and disable it with all its tokens at once', async (t) => {
  const {by, api, team} = await startApi(t);
  await team('makers', {anna: 'owner', bert: 'contributor'});
  const robot = {username: 'ci', team: 'makers', role: 'contributor'};
  const made = itemOf(await by('anna').post('/api/v1/robots').send(robot).expect(201));
  const ci = basic('ci', secret(String(made['plain_token'])));
  const path = '/api/v1/robots/ci';
  const {headers} = await by('bert').get(path).expect(200);
  await by('bert').put(path).send({role: 'owner'}).expect(403);
  const put = async (body: object) => itemOf(await by('anna').put(path).send(body).expect(200));
  t.like(await put({role: 'viewer', description: 'Builds saws'}), {
    role: 'viewer',
    description: 'Builds saws',
    enabled: true,
  });
  const late = by('anna').put(path).set('If-Match', String(headers['etag'])).send({role: 'owner'});
  t.is(faultOf(await late.expect(412))?.code, 'changed');
  const asRobot = () => api.get('/api/v1/teams/makers').set('Authorization', ci);
  t.is(itemOf(await asRobot().expect(200))['role'], 'viewer');
  t.like(await put({enabled: false}), {role: 'viewer', description: 'Builds saws', enabled: false});
  await asRobot().expect(401);
  t.like(await put({enabled: true, description: ''}), {description: null, enabled: true});
  await asRobot().expect(200);
  await by('anna').put(path).send({role: 'boss'}).expect(422);
  await by('anna').put('/api/v1/robots/bert').send({enabled: false}).expect(404);
});

test('where permissions are off, admins alone manage teams', async (t) => {
  const permissions = {createTeams: false, manageTeams: false};
  const {by, team} = await startApi(t, {permissions});
  await team('makers', {anna: 'owner'});
  await by('anna').post('/api/v1/teams').send({name: 'more'}).expect(403);
  const put = (name: string) => by(name).put('/api/v1/teams/makers').send({description: 'changed'});
  t.is(faultOf(await put('anna').expect(403))?.code, 'denied');
  t.like(itemOf(await by('anna').get('/api/v1/teams/makers')), {updatable: false});
  await put('root').expect(200);
  const other = {name: 'other', owner_id: 'anna'};
  t.like(itemOf(await by('root').post('/api/v1/teams').send(other).expect(201)), {role: null});
});

test('nobody makes a team for another, nor hears who is there', async (t) => {
  const {by} = await startApi(t);
  const post = (owner: string) =>
    by('anna').post('/api/v1/teams').send({name: 'makers', owner_id: owner});
  t.is((await post('bert').expect(403)).text, (await post('nobody').expect(403)).text);
});

test('teams are listed by whether one is in them: admins see those of others, nobody else does', async (t) => {
  const {by, team} = await startApi(t);
  await team('makers', {anna: 'owner'});
  await team('menders', {root: 'viewer'});
  const list = async (who: string, query: string) =>
    itemsOf(await by(who).get(`/api/v1/teams?${query}`).expect(200)).map(({name}) => name);
  t.deepEqual(await list('root', 'list=member'), ['menders']);
  t.deepEqual(await list('root', 'list=other'), ['makers', 'root']);
  t.deepEqual(await list('root', 'list=other&name=mend'), []);
  t.deepEqual(await list('root', 'name=m'), ['makers', 'menders']);
  t.deepEqual(await list('anna', 'list=member'), ['makers']);
  t.deepEqual(await list('anna', 'list=other'), []);
  await by('anna').get('/api/v1/teams?list=mine').expect(400);
});
