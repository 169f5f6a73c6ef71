/** Somebody changes his own password on the page, and whoever has stolen something of his is out. */
import test, {type ExecutionContext} from 'ava';
import {basic, bearer, passwordOf, startWithAccounts} from '../support/accounts.ts';
import {secret} from '../support/secrets.ts';
import {whoIs} from '../support/sign-in.ts';
import {WebClient} from '../support/web-client.ts';

const next = secret('a new <password> of "anna" & ü');
const sent = {former: passwordOf('anna'), password: next, again: next};

async function place(t: ExecutionContext) {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const signIn = async (password: string): Promise<WebClient> => {
    const client = new WebClient();
    await client.post(`${holdfast.url}/sign-in`, {username: 'anna', password});
    return client;
  };
  const client = await signIn(passwordOf('anna'));
  return {
    holdfast,
    client,
    signIn,
    change: async (fields: Readonly<Record<string, string>>) =>
      client.post(`${holdfast.url}/signed-in/password`, fields),
    login: async (password: string) =>
      (await holdfast.as(basic('anna', password)).get('/auth/token')).status,
  };
}

test('a new password counts at once, the former one no more, and this browser stays signed in', async (t) => {
  const {holdfast, client, change, login} = await place(t);
  const page = await client.get(`${holdfast.url}/signed-in`);
  t.regex(page.body, /Change your password/);
  const answer = await change(sent);
  t.is(answer.status, 200, answer.body);
  t.regex(answer.body, /role="status">Your password is changed/);
  t.false(answer.body.includes('new &lt;password'));
  t.is(await login(next), 200);
  t.is(await login(passwordOf('anna')), 401);
  t.is((await whoIs(holdfast, client))?.name, 'anna');
});

test('other browsers are signed out by it, tokens end, and application tokens stay', async (t) => {
  const {holdfast, change, signIn} = await place(t);
  const thief = await signIn(passwordOf('anna'));
  const token = await holdfast.token('anna', 'repository:anna/app:pull,push');
  const application = await holdfast.applicationToken('anna');
  await holdfast.as(bearer(token)).post('/v2/anna/app/blobs/uploads/').expect(202);
  await change(sent);
  t.is(await whoIs(holdfast, thief), undefined);
  await holdfast.as(bearer(token)).post('/v2/anna/app/blobs/uploads/').expect(401);
  await holdfast.as(basic('anna', application)).get('/auth/token').expect(200);
});

for (const [what, fields, status, told] of [
  [
    'a wrong present password',
    {...sent, former: 'not hers at all'},
    403,
    /present password is not right/,
  ],
  ['no present password', {...sent, former: ''}, 403, /present password is not right/],
  ['a short new password', {...sent, password: 'short', again: 'short'}, 400, /must have 8 to 128/],
  ['a repetition that differs', {...sent, again: `${next}!`}, 400, /differ/],
  ['no repetition', {former: sent.former, password: next}, 400, /differ/],
  [
    'the name of somebody else',
    {...sent, username: 'bert', former: passwordOf('bert')},
    403,
    /not right/,
  ],
  ['nothing', {}, 400, /must have 8 to 128/],
] as const) {
  test(`with ${what} it stays as it was`, async (t) => {
    const {holdfast, client, change, login} = await place(t);
    await holdfast.person('bert');
    const answer = await change(fields);
    t.is(answer.status, status);
    t.regex(answer.body, told);
    t.false(answer.body.includes('not hers'));
    t.is(await login(passwordOf('anna')), 200);
    await holdfast.as(basic('bert')).get('/auth/token').expect(200);
    t.is((await whoIs(holdfast, client))?.name, 'anna');
  });
}

test('who has stolen a sign-in guesses the password no faster there than elsewhere', async (t) => {
  const {change, login} = await place(t);
  for (let guess = 0; guess < 10; guess += 1) {
    t.is((await change({...sent, former: `guess number ${guess}`})).status, 403);
  }
  const answer = await change(sent);
  t.is(answer.status, 429);
  t.truthy(answer.headers['retry-after']);
  t.is(await login(next), 429);
});

test('an application token is no present password', async (t) => {
  const {holdfast, change, login} = await place(t);
  const former = await holdfast.applicationToken('anna');
  t.is((await change({...sent, former})).status, 403);
  t.is(await login(passwordOf('anna')), 200);
});

test('nobody changes anything without a sign-in', async (t) => {
  const {holdfast, login} = await place(t);
  const answer = await new WebClient().post(`${holdfast.url}/signed-in/password`, sent);
  t.is(answer.url, `${holdfast.url}/sign-in`);
  t.is(await login(passwordOf('anna')), 200);
});

test('of two changes at once that show the same password one is done', async (t) => {
  const {holdfast, change, login} = await place(t);
  const wanted = [1, 2, 3].map((each) => secret(`new password ${each}`));
  const answers = await Promise.all(
    wanted.map(async (password) => change({...sent, password, again: password})),
  );
  const done = answers.flatMap(({status}, index) =>
    status === 200 && answers[index]?.body.includes('is changed') === true
      ? [wanted[index] ?? '']
      : [],
  );
  t.is(done.length, 1);
  t.is(await login(done[0] ?? ''), 200);
  const line = holdfast.log.filter(({msg}) => msg === 'password changed by its owner');
  t.is(line.length, 1);
  t.like(line[0], {username: 'anna'});
});

test('whose password is kept elsewhere has no form, and is told where to change it', async (t) => {
  const {holdfast, client, change} = await place(t);
  await holdfast.db.updateTable('users').set({provider: 'htpasswd'}).execute();
  const page = await client.get(`${holdfast.url}/signed-in`);
  t.regex(page.body, /Signed in as anna/);
  t.notRegex(page.body, /Change your password/);
  const answer = await change(sent);
  t.is(answer.status, 400);
  t.regex(answer.body, /not kept here/);
});
