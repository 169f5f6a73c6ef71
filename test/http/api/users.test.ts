/** Accounts by the API: made, changed, deleted. */
import {setTimeout as pass} from 'node:timers/promises';
import test from 'ava';
import {findUserByName, raiseGeneration} from '../../../src/metadata/users.ts';
import {basic, passwordOf} from '../../support/accounts.ts';
import {secret} from '../../support/secrets.ts';
import {faultOf, itemOf, itemsOf, startApi} from './workbench.ts';

const password = secret('a long password: %"ß');

test('an admin makes an account, in the form of Portus and in the plain one', async (t) => {
  const {by, api} = await startApi(t);
  const make = (body: object) => by('root').post('/api/v1/users').send(body);
  const carl = {username: 'carl', email: 'carl@example.org', password, display_name: 'Carl'};
  const {id, namespace_id: namespace, ...made} = itemOf(await make({user: carl}).expect(201));
  t.like(made, {username: 'carl', email: 'carl@example.org', display_name: 'Carl', admin: false});
  t.is(typeof id, 'string');
  t.is(typeof namespace, 'string');
  t.like(itemOf(await make({username: 'dora', password, admin: true}).expect(201)), {admin: true});
  await api.get('/api/v1/users').set('Authorization', basic('dora', password)).expect(200);
  const again = await make({user: carl}).expect(409);
  t.is(faultOf(again)?.code, 'taken');
});

test('every field that is not as it must be is named, as Portus names it too', async (t) => {
  const {by} = await startApi(t);
  const answer = await by('root')
    .post('/api/v1/users')
    .send({user: {username: 'Not A Name', password: 'short', email: 'nowhere', id: 1}})
    .expect(422);
  const {message} = itemOf(answer) as {message: Record<string, string[]>};
  t.deepEqual(Object.keys(message).sort(), ['base', 'email', 'password', 'username']);
  t.is(faultOf(answer)?.code, 'invalid');
});

test('a robot is made elsewhere, and the answer says where', async (t) => {
  const {by} = await startApi(t);
  const body = {username: 'ci', password, bot: true};
  const answer = await by('root').post('/api/v1/users').send(body).expect(422);
  t.like(faultOf(answer), {
    field: 'bot',
    message: 'bot robots belong to teams: POST /api/v1/robots',
  });
});

test('an admin changes, disables and enables an account, and makes it an admin', async (t) => {
  const {by, api} = await startApi(t);
  const put = (user: object) => by('root').put('/api/v1/users/anna').send({user});
  const wanted = {email: 'anna@example.org', display_name: 'Anna', admin: true};
  t.like(itemOf(await put(wanted).expect(200)), wanted);
  t.like(itemOf(await put({email: '', display_name: null}).expect(200)), {
    email: null,
    display_name: null,
    admin: true,
  });
  t.like(itemOf(await put({enabled: false}).expect(200)), {enabled: false});
  await by('anna').get('/api/v1/users/anna').expect(401);
  t.like(itemOf(await put({enabled: true, admin: false}).expect(200)), {enabled: true});
  await put({password}).expect(200);
  await by('anna').get('/api/v1/users/anna').expect(401);
  await api.get('/api/v1/users/anna').set('Authorization', basic('anna', password)).expect(200);
});

test('all of a change comes, or nothing: the last admin stays one, and keeps his e-mail', async (t) => {
  const {by} = await startApi(t);
  const user = {email: 'root@example.org', admin: false};
  const refused = await by('root').put('/api/v1/users/root').send({user}).expect(409);
  t.regex(faultOf(refused)?.message ?? '', /last admin/);
  t.like(itemOf(await by('root').get('/api/v1/users/root').expect(200)), {email: null});
  const off = {enabled: false, current_password: passwordOf('root')};
  await by('root').put('/api/v1/users/root').send(off).expect(409);
  await by('root').delete('/api/v1/users/root').expect(409);
});

test('a name stays', async (t) => {
  const {by} = await startApi(t);
  const put = (username: string) => by('root').put('/api/v1/users/anna').send({user: {username}});
  t.is(faultOf(await put('other').expect(422))?.field, 'username');
  await put('anna').expect(200);
});

test('people change what they say of themselves, and nothing else', async (t) => {
  const {by} = await startApi(t);
  const put = (name: string, user: object) => by('anna').put(`/api/v1/users/${name}`).send({user});
  t.like(itemOf(await put('anna', {display_name: 'Anna'}).expect(200)), {display_name: 'Anna'});
  await put('anna', {admin: true}).expect(403);
  await put('bert', {enabled: false}).expect(403);
  await put('bert', {display_name: 'Anna'}).expect(403);
  await by('anna').delete('/api/v1/users/bert').expect(403);
  await by('anna').delete('/api/v1/users/anna').expect(403);
  await by('anna').post('/api/v1/users').send({username: 'new', password}).expect(403);
});

test('a password of his own needs the present one, and no token', async (t) => {
  const {by, api, applicationToken} = await startApi(t);
  const put = (more: object) =>
    by('anna')
      .put('/api/v1/users/anna')
      .send({password, ...more});
  t.is(faultOf(await put({}).expect(422))?.field, 'current_password');
  await put({current_password: 'not hers'}).expect(422);
  await put({current_password: await applicationToken('anna')}).expect(422);
  await put({current_password: passwordOf('anna')}).expect(200);
  await api.get('/api/v1/users/anna').set('Authorization', basic('anna', password)).expect(200);
  // An admin's own is no other.
  await by('root').put('/api/v1/users/root').send({password}).expect(422);
});

test('whoever shows his password disables his own account, and an admin alone lets him in again', async (t) => {
  const {by, api, applicationToken} = await startApi(t);
  const put = (more: object) =>
    by('anna')
      .put('/api/v1/users/anna')
      .send({enabled: false, ...more});
  const token = basic('anna', secret(await applicationToken('anna')));
  const signedIn = await api
    .post('/api/v1/session')
    .send({username: 'anna', password: passwordOf('anna')})
    .expect(201);
  const [cookie = ''] = signedIn.get('Set-Cookie') ?? [];
  const asked = () => [
    by('anna').get('/api/v1/users/anna'),
    api.get('/api/v1/users/anna').set('Authorization', token),
    api.get('/api/v1/users/anna').set('Cookie', cookie.split(';', 1)),
  ];
  t.is(faultOf(await put({}).expect(422))?.field, 'current_password');
  await put({current_password: 'not hers'}).expect(422);
  await put({current_password: await applicationToken('anna')}).expect(422);
  for (const asking of asked()) await asking.expect(200);
  t.like(itemOf(await put({current_password: passwordOf('anna')}).expect(200)), {enabled: false});
  for (const asking of asked()) await asking.expect(401);
  const activities = itemsOf(await by('root').get('/api/v1/activities?key=user.disable'));
  t.like(activities, [{actor: 'anna', subject: 'anna'}]);
  await by('root').put('/api/v1/users/anna').send({enabled: true}).expect(200);
  await by('anna').get('/api/v1/users/anna').expect(200);
});

test('admins are told which names too many wrong passwords have locked, nobody else is, and they unlock them', async (t) => {
  const {by, api} = await startApi(t);
  const guess = () => api.get('/api/v1/teams').set('Authorization', basic('anna', 'wrong'));
  const shown = async (name: string) =>
    itemOf(await by(name).get('/api/v1/users/bert').expect(200));
  t.like(itemOf(await by('root').get('/api/v1/users/anna')), {locked_at: null, locked_until: null});
  const before = Date.now();
  while ((await guess()).status !== 429);
  const locked = itemOf(await by('root').get('/api/v1/users/anna').expect(200));
  const lockedAt = Date.parse(String(locked['locked_at']));
  t.true(lockedAt >= before && lockedAt <= Date.now());
  t.true(Date.parse(String(locked['locked_until'])) > Date.now());
  const list = itemsOf(await by('root').get('/api/v1/users').expect(200));
  t.deepEqual(
    list.filter((user) => user['locked_until'] !== null).map((user) => user['username']),
    ['anna'],
  );
  await by('bert').get('/api/v1/users/anna').expect(403);
  await by('bert').delete('/api/v1/users/anna/lock').expect(403);
  t.like(await shown('bert'), {locked_at: null, locked_until: null});
  await by('anna').get('/api/v1/users/anna').expect(429);
  await by('root').delete('/api/v1/users/anna/lock').expect(204);
  // What she is told of herself is no more than that she is let in.
  t.like(itemOf(await by('anna').get('/api/v1/users/anna').expect(200)), {locked_until: null});
  t.like(itemsOf(await by('root').get('/api/v1/activities?key=user.unlock')), [
    {subject: 'anna', actor: 'root'},
  ]);
});

test('what ends a password while its owner changes it, is not undone by that', async (t) => {
  const {by, db} = await startApi(t);
  const anna = await findUserByName(db, 'anna');
  const change = {password, current_password: passwordOf('anna')};
  const answered = new AbortController();
  const asked = by('anna')
    .put('/api/v1/users/anna')
    .send(change)
    .then((answer) => {
      answered.abort();
      return answer;
    });
  // The hash of the new one takes its time: one of these comes meanwhile, and between them others get the database.
  while (!answered.signal.aborted) {
    await raiseGeneration(db, {id: anna?.id ?? '', now: Date.now()});
    await pass(5);
  }
  t.is((await asked).status, 412);
  await by('anna').get('/api/v1/users/anna').expect(200);
  // What the change itself ends is no obstacle.
  const root = {password, current_password: passwordOf('root')};
  await by('root').put('/api/v1/users/anna').send({admin: true}).expect(200);
  await by('root')
    .put('/api/v1/users/root')
    .send({...root, admin: false})
    .expect(200);
});

test('what was changed meanwhile is not changed by who has not seen it', async (t) => {
  const {by} = await startApi(t);
  const path = '/api/v1/users/anna';
  const etag = (await by('root').get(path).expect(200)).get('ETag') ?? '';
  const put = (tag: string, name: string) =>
    by('root').put(path).set('If-Match', tag).send({display_name: name});
  await put(etag, 'First').expect(200);
  t.is(faultOf(await put(etag, 'Second').expect(412))?.code, 'changed');
  t.like(itemOf(await by('root').get(path)), {display_name: 'First'});
  await put('*', 'Third').expect(200);
  await by('root').delete(path).set('If-Match', etag).expect(412);
});

test('of changes at once with one entity tag exactly one comes', async (t) => {
  const {by} = await startApi(t);
  const path = '/api/v1/users/anna';
  const etag = (await by('root').get(path).expect(200)).get('ETag') ?? '';
  const answers = await Promise.all(
    ['a', 'b', 'c', 'd'].map(async (name) =>
      by('root').put(path).set('If-Match', etag).send({display_name: name}),
    ),
  );
  t.deepEqual(answers.map(({status}) => status).sort(), [200, 412, 412, 412]);
});

test('an account is deleted with what it logs in with', async (t) => {
  const {by} = await startApi(t);
  await by('root').delete('/api/v1/users/anna').expect(204);
  await by('anna').get('/api/v1/version').expect(401);
  await by('root').delete('/api/v1/users/anna').expect(404);
  t.is(itemsOf(await by('root').get('/api/v1/users')).length, 2);
});

test('who has no account signs up where that is on, and makes no admin', async (t) => {
  const off = await startApi(t);
  await off.api.post('/api/v1/users').send({username: 'new', password}).expect(405);
  const {api} = await startApi(t, {auth: {signUp: true}});
  const post = (body: object) => api.post('/api/v1/users').send(body);
  t.like(itemOf(await post({username: 'new', password}).expect(201)), {admin: false});
  await post({username: 'new', password}).expect(409);
  await post({username: 'boss', password, admin: true}).expect(403);
});
