/** Somebody changes his own password with a browser, and whoever has stolen something of his is out. */
import test, {type ExecutionContext} from 'ava';
import {basic, bearer, passwordOf, startWithAccounts} from '../support/accounts.ts';
import {secret} from '../support/secrets.ts';
import {signInHere, whoIs} from '../support/sign-in.ts';
import {WebClient} from '../support/web-client.ts';

const next = secret('a new <password> of "anna" & ü');
const sent = {current_password: passwordOf('anna'), password: next};

async function place(t: ExecutionContext) {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signInHere(holdfast, 'anna');
  const change = async (given: object, {by = client, whose = 'anna'} = {}) =>
    by.ask('PUT', `${holdfast.url}/api/v1/users/${whose}`, {user: given});
  return {
    holdfast,
    client,
    change,
    login: async (password: string) =>
      (await holdfast.as(basic('anna', password)).get('/auth/token')).status,
  };
}

test('a new password counts at once, the former one no more, and this browser stays signed in', async (t) => {
  const {holdfast, client, change, login} = await place(t);
  const answer = await change(sent);
  t.is(answer.status, 200, answer.body);
  t.notRegex(answer.body, /new (?:<|\\u003c)password/i);
  t.is(await login(next), 200);
  t.is(await login(passwordOf('anna')), 401);
  t.is((await whoIs(holdfast, client))?.name, 'anna');
});

test('other browsers are signed out by it, tokens end, and application tokens stay', async (t) => {
  const {holdfast, change} = await place(t);
  const thief = await signInHere(holdfast, 'anna');
  const token = await holdfast.token('anna', 'repository:anna/app:pull,push');
  const application = await holdfast.applicationToken('anna');
  await holdfast.as(bearer(token)).post('/v2/anna/app/blobs/uploads/').expect(202);
  await change(sent);
  t.is(await whoIs(holdfast, thief), undefined);
  await holdfast.as(bearer(token)).post('/v2/anna/app/blobs/uploads/').expect(401);
  await holdfast.as(basic('anna', application)).get('/auth/token').expect(200);
});

for (const [what, given, status, told] of [
  ['a wrong present password', {...sent, current_password: 'not hers at all'}, 422, /is not right/],
  ['an empty present password', {...sent, current_password: ''}, 422, /is not right/],
  ['no present password', {password: next}, 422, /must be given/],
  ['a short new password', {...sent, password: 'short'}, 422, /must have 8 to 128/],
  ['a new password that is none', {...sent, password: 17}, 422, /must be text/],
  ['another name beside it', {...sent, username: 'bert'}, 422, /stays/],
] as const) {
  test(`with ${what} it stays as it was`, async (t) => {
    const {holdfast, client, change, login} = await place(t);
    await holdfast.person('bert');
    const answer = await change(given);
    t.is(answer.status, status, answer.body);
    t.regex(answer.body, told);
    t.false(answer.body.includes('not hers'));
    t.is(await login(passwordOf('anna')), 200);
    await holdfast.as(basic('bert')).get('/auth/token').expect(200);
    t.is((await whoIs(holdfast, client))?.name, 'anna');
  });
}

test('nobody changes the password of somebody else, even with that one', async (t) => {
  const {holdfast, change} = await place(t);
  await holdfast.person('bert');
  const given = {...sent, current_password: passwordOf('bert')};
  t.is((await change(given, {whose: 'bert'})).status, 403);
  await holdfast.as(basic('bert')).get('/auth/token').expect(200);
});

test('who has stolen a sign-in guesses the password no faster there than elsewhere', async (t) => {
  const {change, login} = await place(t);
  for (let guess = 0; guess < 10; guess += 1) {
    t.is((await change({...sent, current_password: `guess number ${guess}`})).status, 422);
  }
  const answer = await change(sent);
  t.is(answer.status, 429);
  t.truthy(answer.headers['retry-after']);
  t.is(await login(next), 429);
});

test('an application token is no present password', async (t) => {
  const {holdfast, change, login} = await place(t);
  const token = await holdfast.applicationToken('anna');
  t.is((await change({...sent, current_password: token})).status, 422);
  t.is(await login(passwordOf('anna')), 200);
});

test('nobody changes anything without a sign-in', async (t) => {
  const {change, login} = await place(t);
  t.is((await change(sent, {by: new WebClient()})).status, 401);
  t.is(await login(passwordOf('anna')), 200);
});

test('of changes at once that show the same password one is done', async (t) => {
  const {holdfast, change, login} = await place(t);
  const wanted = [1, 2, 3].map((each) => secret(`new password ${each}`));
  const answers = await Promise.all(wanted.map(async (password) => change({...sent, password})));
  const done = answers.flatMap(({status}, index) => (status === 200 ? [wanted[index] ?? ''] : []));
  t.is(done.length, 1);
  t.is(await login(done[0] ?? ''), 200);
  const kept = await holdfast.db
    .selectFrom('activities')
    .select('key')
    .where('key', '=', 'user.change_password')
    .execute();
  t.is(kept.length, 1);
});

test('whose password is kept elsewhere is told where to change it', async (t) => {
  const {holdfast, client, change} = await place(t);
  await holdfast.db.updateTable('users').set({provider: 'htpasswd'}).execute();
  const {body} = await client.get(`${holdfast.url}/api/v1/session`);
  t.like(JSON.parse(body), {user: {canChangePassword: false}});
  const answer = await change(sent);
  t.is(answer.status, 409);
  t.regex(answer.body, /the password is changed there/);
});
