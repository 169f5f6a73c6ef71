/** The first account, made with a browser: by whoever has the code, or has signed in and has the code. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {findUserByName, listUsers} from '../../src/metadata/users.ts';
import {basic, passwordOf, startWithAccounts} from '../support/accounts.ts';
import type {Settings} from '../support/in-process.ts';
import {secret} from '../support/secrets.ts';
import {signInHere, whoIs} from '../support/sign-in.ts';
import {WebClient} from '../support/web-client.ts';

async function place(t: Parameters<typeof startWithAccounts>[0], settings: Settings = {}) {
  const holdfast = await startWithAccounts(t, settings);
  const client = new WebClient();
  const codeFile = join(holdfast.dataDir, 'run/setup-code');
  return {
    ...holdfast,
    client,
    code: async () => secret((await readFile(codeFile, 'utf8')).trim()),
    make: async (given: Readonly<Record<string, unknown>>) =>
      client.ask('POST', `${holdfast.url}/api/v1/setup`, given),
    claim: async (by: WebClient, given: Readonly<Record<string, unknown>>) =>
      by.ask('POST', `${holdfast.url}/api/v1/setup/claim`, given),
    firstAdmin: async () =>
      (
        JSON.parse((await client.get(`${holdfast.url}/api/v1/session`)).body) as {
          firstAdmin: unknown;
        }
      ).firstAdmin,
    admins: async () =>
      (await listUsers(holdfast.db, {limit: 100})).filter(({isAdmin}) => isAdmin).length,
  };
}

const anna = {username: 'anna', password: passwordOf('anna')};
const wrong = 'AAAAA-AAAAA-AAAAA-AAAAA';

test('whoever has the code makes the first account, and it is the admin; then it is over', async (t) => {
  const holdfast = await place(t);
  const {code, make, db, firstAdmin} = holdfast;
  t.is(await firstAdmin(), 'code');
  t.is((await make({...anna, code: (await code()).toLowerCase()})).status, 201);
  t.like(await findUserByName(db, 'anna'), {isAdmin: true});
  t.like(await whoIs(holdfast, await signInHere(holdfast, 'anna')), {name: 'anna', isAdmin: true});
  t.is(await firstAdmin(), null);
  const late = await make({username: 'bert', password: passwordOf('bert'), code: wrong});
  t.is(late.status, 405);
  t.regex(late.body, /there is an admin already/);
});

test('a wrong code, a hostile name and a short password make nothing, and are told', async (t) => {
  const {code, make, admins} = await place(t);
  const right = await code();
  for (const [given, status, told] of [
    [{...anna, code: wrong}, 403, /this is not the code/],
    [anna, 403, /this is not the code/],
    [{...anna, code: right, username: '"><script>'}, 422, /"username"/],
    [{...anna, code: right, password: 'short'}, 422, /must have 8 to 128/],
    [{code: right}, 422, /"username"/],
  ] as const) {
    const answer = await make({...given});
    t.is(answer.status, status, answer.body);
    t.regex(answer.body, told);
    t.notRegex(answer.body, /<script/);
    t.false(answer.body.includes(anna.password));
  }
  t.is(await admins(), 0);
});

test('the name of an account needs its password; with it that account becomes the admin', async (t) => {
  const holdfast = await place(t);
  const {code, make, admins, db} = holdfast;
  await holdfast.person('anna');
  const right = await code();
  const taken = await make({username: 'anna', password: 'another password', code: right});
  t.is(taken.status, 409);
  t.regex(taken.body, /this name is taken/);
  t.is(await admins(), 0);
  t.is((await make({...anna, code: right})).status, 201);
  t.like(await findUserByName(db, 'anna'), {isAdmin: true});
});

test('after ten wrong codes the answer is 429 with Retry-After, whichever way they came', async (t) => {
  const holdfast = await place(t);
  const {code, make, claim, admins} = holdfast;
  await holdfast.person('bert');
  const bert = await signInHere(holdfast, 'bert');
  const right = await code();
  for (let attempt = 0; attempt < 5; attempt += 1) {
    t.is((await make({...anna, code: 'AAAAA'})).status, 403);
    t.is((await claim(bert, {code: 'AAAAA'})).status, 403);
  }
  for (const answer of [await make({...anna, code: right}), await claim(bert, {code: right})]) {
    t.is(answer.status, 429);
    t.truthy(answer.headers['retry-after']);
  }
  t.is(await admins(), 0);
});

test('a page of another site makes no account', async (t) => {
  const {api, code, admins} = await place(t);
  const given = {...anna, code: await code()};
  const setup = () => api.post('/api/v1/setup');
  await setup().set('Origin', 'https://elsewhere.example').send(given).expect(403);
  await setup().set('Sec-Fetch-Site', 'same-site').send(given).expect(403);
  await setup().type('form').send(given).expect(415);
  t.is(await admins(), 0);
});

test('with admin.firstLogin open nobody is asked for a code', async (t) => {
  const {firstAdmin, make, db} = await place(t, {admin: {firstLogin: 'open'}});
  t.is(await firstAdmin(), 'open');
  t.is((await make(anna)).status, 201);
  t.like(await findUserByName(db, 'anna'), {isAdmin: true});
});

test('whoever has signed in becomes the admin with the code, and stays signed in', async (t) => {
  const holdfast = await place(t);
  const {code, claim, admins} = holdfast;
  await holdfast.person('anna');
  const client = await signInHere(holdfast, 'anna');
  const other = await signInHere(holdfast, 'anna');
  const right = await code();
  t.is((await claim(client, {code: wrong})).status, 403);
  t.is((await claim(client, {})).status, 403);
  t.is(await admins(), 0);
  t.is((await claim(client, {code: right})).status, 201);
  t.like(await whoIs(holdfast, client), {name: 'anna', isAdmin: true});
  // What was begun before is of somebody who was no admin.
  t.is(await whoIs(holdfast, other), undefined);
  t.is((await claim(client, {code: right})).status, 405);
});

test('what docker and scripts log in with makes no admin, even with the code', async (t) => {
  const holdfast = await place(t, {admin: {firstLogin: 'open'}});
  const {admins} = holdfast;
  await holdfast.person('anna');
  const token = await holdfast.applicationToken('anna');
  for (const proof of [basic('anna'), basic('anna', token)]) {
    await holdfast.as(proof).post('/api/v1/setup/claim').send({}).expect(403);
  }
  await holdfast.api.post('/api/v1/setup/claim').send({}).expect(401);
  t.is(await admins(), 0);
});
