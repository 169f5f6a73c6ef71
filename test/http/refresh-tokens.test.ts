/** What docker keeps instead of the password. */
import test from 'ava';
import {decodeJwt} from 'jose';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {raiseGeneration, type User} from '../../src/metadata/users.ts';
import {basic, startWithAccounts, type WithAccounts} from '../support/accounts.ts';

const day = 86_400_000;

interface Answer {
  readonly token: string;
  readonly refresh_token?: string;
  readonly scope?: string;
}

async function login(holdfast: WithAccounts, authorization = basic('anna')): Promise<string> {
  const answer = await holdfast.api
    .get('/auth/token?service=holdfast&offline_token=true&client_id=docker')
    .set('Authorization', authorization)
    .expect(200);
  return (answer.body as Answer).refresh_token ?? '';
}

const refresh = (holdfast: WithAccounts, token: string, more: object = {}) =>
  holdfast.api
    .post('/auth/token')
    .type('form')
    .send({
      grant_type: 'refresh_token',
      service: 'holdfast',
      client_id: 'docker',
      refresh_token: token,
      scope: 'repository:anna/app:pull,push',
      ...more,
    });

test('a refresh token is a login, stays the same, and is kept as a hash', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const token = await login(holdfast);
  for (let use = 0; use < 2; use++) {
    const answer = (await refresh(holdfast, token).expect(200)).body as Answer;
    t.is(answer.refresh_token, token);
    t.is(answer.scope, 'repository:anna/app:pull,push');
    t.is(decodeJwt(answer.token).sub, 'anna');
  }
  const rows = await holdfast.db.selectFrom('refresh_tokens').selectAll().execute();
  t.is(rows.length, 1);
  t.false(JSON.stringify(rows).includes(token.slice(-40)));
});

test('nobody who has not logged in gets a refresh token', async (t) => {
  const holdfast = await startWithAccounts(t);
  const answer = await holdfast.api.get('/auth/token?offline_token=true').expect(200);
  t.is((answer.body as Answer).refresh_token, undefined);
});

test('it lives as long as it is used, and ends 90 days after that', async (t) => {
  let time = Date.now();
  const holdfast = await startWithAccounts(t, {now: () => new Date(time)});
  await holdfast.person('anna');
  const token = await login(holdfast);
  for (let use = 0; use < 3; use++) {
    time += 80 * day;
    t.is((await refresh(holdfast, token)).status, 200);
  }
  time += 91 * day;
  t.is((await refresh(holdfast, token)).status, 401);
});

const ends: Readonly<Record<string, (holdfast: WithAccounts, user: User) => Promise<unknown>>> = {
  'the account is disabled': async ({db}, {id}) =>
    setEnabled(db, {id, isEnabled: false, now: Date.now()}),
  'what was issued is ended': async ({db}, {id}) => raiseGeneration(db, {id, now: Date.now()}),
};
for (const [what, end] of Object.entries(ends)) {
  test(`it is answered 401 once ${what}`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const user = await holdfast.person('anna');
    const token = await login(holdfast);
    await refresh(holdfast, token).expect(200);
    await end(holdfast, user);
    const answer = await refresh(holdfast, token).expect(401);
    t.is(answer.get('WWW-Authenticate'), 'Basic realm="holdfast"');
  });
}

test('it counts for its service alone, and for nothing else than the realm', async (t) => {
  const holdfast = await startWithAccounts(t, {token: {otherServices: ['other']}});
  await holdfast.person('anna');
  const token = await login(holdfast);
  const answers = [
    await refresh(holdfast, token, {service: 'other'}),
    await holdfast.api.get('/auth/token').set('Authorization', basic('anna', token)),
    await holdfast.api.get('/v2/').set('Authorization', `Bearer ${token}`),
  ];
  t.deepEqual(
    answers.map(({status}) => status),
    [401, 401, 401],
  );
});

test('it counts on when the registry gets another name and knows its former one', async (t) => {
  const before = await startWithAccounts(t);
  await before.person('anna');
  const token = await login(before);
  await before.stop();
  const {dataDir} = before;
  const names = {service: 'new', acceptedServices: ['holdfast']};
  const after = await startWithAccounts(t, {dataDir, token: names});
  await refresh(after, token, {service: 'new'}).expect(200);
  await after.stop();
  const stranger = await startWithAccounts(t, {dataDir, token: {service: 'new'}});
  const answer = await refresh(stranger, token, {service: 'new'});
  t.is(answer.status, 401);
});

test('one that was got by an application token has its limits, and ends with it', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const secret = await holdfast.applicationToken('anna', {isPullOnly: true});
  const token = await login(holdfast, basic('anna', secret));
  const answer = (await refresh(holdfast, token).expect(200)).body as Answer;
  t.is(answer.scope, 'repository:anna/app:pull');
  await holdfast.db.deleteFrom('application_tokens').execute();
  await refresh(holdfast, token).expect(401);
});

test('it is a login of whom it was given to, whatever name is asked for', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  const [anna, bert] = [await login(holdfast), await login(holdfast, basic('bert'))];
  const answer = await refresh(holdfast, bert, {account: 'anna', username: 'anna'}).expect(200);
  t.is(decodeJwt((answer.body as Answer).token).sub, 'bert');
  t.is((answer.body as Answer).scope, '');
  const [, id] = anna.split('_');
  await refresh(holdfast, bert.replace(/_[^_]+_/, `_${id ?? ''}_`)).expect(401);
});
