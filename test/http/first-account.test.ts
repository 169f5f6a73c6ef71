/** The first account, made on the page where people sign in. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {findUserByName, listUsers} from '../../src/metadata/users.ts';
import {passwordOf, startWithAccounts} from '../support/accounts.ts';
import type {Settings} from '../support/in-process.ts';
import {secret} from '../support/secrets.ts';
import {WebClient} from '../support/web-client.ts';

async function place(t: Parameters<typeof startWithAccounts>[0], settings: Settings = {}) {
  const holdfast = await startWithAccounts(t, settings);
  const client = new WebClient();
  const codeFile = join(holdfast.dataDir, 'run/setup-code');
  return {
    ...holdfast,
    client,
    code: async () => secret((await readFile(codeFile, 'utf8')).trim()),
    make: async (form: Readonly<Record<string, string>>) =>
      client.post(`${holdfast.url}/sign-in/first`, form),
    admins: async () =>
      (await listUsers(holdfast.db, {limit: 100})).filter(({isAdmin}) => isAdmin).length,
  };
}

const anna = {username: 'anna', password: passwordOf('anna')};

test('the page for signing in makes the first account with the code, and it is the admin and signed in', async (t) => {
  const {url, client, code, make, db} = await place(t);
  const page = await client.get(`${url}/sign-in`);
  t.regex(page.body, /Make the first account/);
  const answer = await make({...anna, code: (await code()).toLowerCase()});
  t.is(answer.url, `${url}/signed-in`);
  t.regex(answer.body, /Signed in as anna/);
  t.regex(answer.body, /admin of this registry/);
  t.notRegex(answer.body, /first admin/);
  t.like(await findUserByName(db, 'anna'), {isAdmin: true});
  t.notRegex((await new WebClient().get(`${url}/sign-in`)).body, /Make the first account/);
  const late = await make({username: 'bert', password: passwordOf('bert'), code: 'AAAAA-AAAAA'});
  t.is(late.status, 403);
  t.regex(late.body, /There is an admin already/);
});

test('a wrong code, a hostile name and a short password make nothing, and are told with the name that was given', async (t) => {
  const {code, make, admins} = await place(t);
  const right = await code();
  for (const [form, status, told] of [
    [{...anna, code: 'AAAAA-AAAAA-AAAAA-AAAAA'}, 403, /This is not the code/],
    [anna, 403, /This is not the code/],
    [{...anna, code: right, username: '"><script>'}, 400, /The name must be up to 128/],
    [{...anna, code: right, password: 'short'}, 400, /The password must have 8 to 128/],
    [{code: right}, 400, /The name must be/],
  ] as const) {
    const answer = await make({...form});
    t.is(answer.status, status, answer.body);
    t.regex(answer.body, told);
    t.notRegex(answer.body, /<script/);
    t.false(answer.body.includes(anna.password));
    t.regex(answer.body, /Make the first account/);
  }
  t.is(await admins(), 0);
});

test('the name of an account needs its password; with it that account becomes the admin', async (t) => {
  const holdfast = await place(t);
  const {code, make, admins, db} = holdfast;
  await holdfast.person('anna');
  const right = await code();
  const taken = await make({username: 'anna', password: 'another password', code: right});
  t.is(taken.status, 403);
  t.regex(taken.body, /This name is taken/);
  t.is(await admins(), 0);
  t.regex((await make({...anna, code: right})).body, /admin of this registry/);
  t.like(await findUserByName(db, 'anna'), {isAdmin: true});
});

test('after ten wrong codes the page answers 429 with Retry-After', async (t) => {
  const {code, make, admins} = await place(t);
  const right = await code();
  for (let attempt = 0; attempt < 10; attempt += 1) await make({...anna, code: 'AAAAA'});
  const answer = await make({...anna, code: right});
  t.is(answer.status, 429);
  t.truthy(answer.headers['retry-after']);
  t.is(await admins(), 0);
});

test('a form of another site makes no account', async (t) => {
  const {api, code, admins} = await place(t);
  const form = {...anna, code: await code()};
  for (const headers of [{}, {Origin: 'https://elsewhere.example'}]) {
    await api.post('/sign-in/first').type('form').set(headers).send(form).expect(403);
  }
  t.is(await admins(), 0);
});

test('with admin.firstLogin open the page asks for no code', async (t) => {
  const {url, client, make} = await place(t, {admin: {firstLogin: 'open'}});
  t.notRegex((await client.get(`${url}/sign-in`)).body, /The code that/);
  t.regex((await make(anna)).body, /admin of this registry/);
});
