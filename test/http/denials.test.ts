/** Failed logins and denials are written down, and a storm of them costs the database nothing. */
import test, {type ExecutionContext} from 'ava';
import {createSecretToken} from '../../src/auth/secret-token.ts';
import {toActivity} from '../../src/metadata/activities.ts';
import {basic, passwordOf, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {secret} from '../support/secrets.ts';

/** What is there once the server has ended, which writes down what it has gathered. */
async function writtenBy(holdfast: WithAccounts) {
  await holdfast.stop();
  const rows = await holdfast.db.selectFrom('activities').selectAll().orderBy('at').execute();
  return rows.map(toActivity);
}

const start = async (t: ExecutionContext): Promise<WithAccounts> => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('root', {admin: 'yes'});
  await holdfast.person('anna');
  return holdfast;
};

test('failed logins of one name and address are one row with their number', async (t) => {
  const holdfast = await start(t);
  for (const wrong of ['one', 'two', 'three']) {
    await holdfast.api
      .get('/auth/token')
      .set('Authorization', basic('anna', `wrong ${wrong}`))
      .expect(401);
  }
  const anna = await holdfast.db
    .selectFrom('users')
    .select('id')
    .where('name', '=', 'anna')
    .executeTakeFirst();
  const failed = (await writtenBy(holdfast)).filter(({key}) => key === 'login.failed');
  t.is(failed.length, 1);
  t.like(failed[0], {times: 3, outcome: 'failed', subject: {name: 'anna'}, accountId: anna?.id});
  t.deepEqual(failed[0]?.parameters, {reason: 'bad-credentials'});
  t.regex(failed[0]?.address ?? '', /127\.0\.0\.1$/);
});

test('of a storm of failed logins a hundred rows are written, and how many were left out', async (t) => {
  const holdfast = await startWithAccounts(t);
  // A token costs no slow hash.
  const unknown = secret(createSecretToken('application').text);
  const names = Array.from({length: 150}, (_, index) => `name-${index}`);
  for (const name of names) {
    await holdfast.api.get('/auth/token').set('Authorization', basic(name, unknown));
  }
  const before = await holdfast.db.selectFrom('activities').select('id').execute();
  t.deepEqual(before, [], 'nothing is written meanwhile');
  const rows = await writtenBy(holdfast);
  t.is(rows.filter(({key}) => key === 'login.failed').length, 100);
  const more = rows.filter(({key}) => key === 'activity.more');
  t.deepEqual(
    more.map(({subject, times}) => [subject.name, times]),
    [['login.failed', 50]],
  );
});

test('what was denied is written down with who asked and for what', async (t) => {
  const holdfast = await start(t);
  await holdfast.team('makers', {root: 'owner'});
  await holdfast.namespace('tools', 'makers');
  const anna = holdfast.as(basic('anna'));
  await anna.get('/auth/token?scope=repository:tools/saw:pull').expect(200);
  await anna.get('/v2/tools/saw/manifests/v1').expect(403);
  await anna.get('/api/v1/users').expect(403);
  await anna.delete('/api/v1/namespaces/anna').expect(204);
  await anna
    .post('/api/v1/users')
    .send({username: 'x', password: passwordOf('x')})
    .expect(403);
  const denied = (await writtenBy(holdfast)).filter(({outcome}) => outcome === 'denied');
  t.deepEqual(
    denied.map(({key, actor, subject, times}) => [key, actor.name, subject.name, times]).toSorted(),
    [
      ['access.denied', 'anna', 'tools/saw', 2],
      ['operation.denied', 'anna', 'users-create', 1],
      ['operation.denied', 'anna', 'users-list', 1],
    ],
  );
});

test('a name that is a token, or no name, is not written down', async (t) => {
  const holdfast = await start(t);
  const token = await holdfast.applicationToken('anna');
  await holdfast.api.get('/auth/token').set('Authorization', basic(token, 'x'));
  await holdfast.api.get('/auth/token').set('Authorization', basic('a\nb', 'x'));
  const rows = await writtenBy(holdfast);
  t.deepEqual(
    rows.map(({key, subject}) => [key, subject.name]),
    [['login.failed', '']],
  );
  t.false(JSON.stringify(rows).includes(token));
});

test('what does not go through the administration is written down, too', async (t) => {
  const holdfast = await startWithAccounts(t, {auth: {signUp: true}});
  await holdfast.person('root', {admin: 'yes'});
  const password = passwordOf('carl');
  await holdfast.api.post('/api/v1/users').send({username: 'carl', password}).expect(201);
  const carl = holdfast.as(basic('carl'));
  const next = secret('another password of carl');
  await carl
    .put('/api/v1/users/carl')
    .send({password: next, current_password: password})
    .expect(200);
  const page = holdfast.api;
  const signedIn = await page
    .post('/api/v1/session')
    .set('Sec-Fetch-Site', 'same-origin')
    .send({username: 'carl', password: next})
    .expect(201);
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
  await page
    .delete('/api/v1/session')
    .set('Sec-Fetch-Site', 'same-origin')
    .set('Cookie', cookie)
    .expect(204);
  const rows = await writtenBy(holdfast);
  t.deepEqual(
    rows.map(({key, actor, subject, credential}) => [
      key,
      actor.name,
      subject.name,
      credential?.kind,
    ]),
    [
      ['user.create', 'carl', 'carl', undefined],
      ['user.change_password', 'carl', 'carl', 'password'],
      ['session.begin', 'carl', 'carl', 'password'],
      ['session.end', 'carl', 'carl', 'session'],
    ],
  );
});
