/** Logins of those who were taken from another system: their tokens, and their first login at a directory. */
import test from 'ava';
import {awaitedSubject} from '../../src/metadata/imported-people.ts';
import {findUserByName} from '../../src/metadata/users.ts';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {basic, startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {shared} from '../support/lifetime.ts';
import {bcrypt, portusToken} from '../support/portus.ts';
import {secret} from '../support/secrets.ts';
import {base, startSlapd} from '../support/slapd.ts';
import {testWith} from '../support/test-with.ts';

const status = async (holdfast: WithAccounts, name: string, password: string): Promise<number> =>
  (await holdfast.as(basic(name, secret(password))).get('/auth/token')).status;

const hashesOf = async ({db}: WithAccounts): Promise<readonly string[]> =>
  (await db.selectFrom('application_tokens').select('hash').execute()).map(({hash}) => hash);

test('a token of Portus works as a password, and costs a slow hash once', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  const token = portusToken('anna');
  await holdfast.applicationToken('anna', {hash: bcrypt(token)});
  t.is(await status(holdfast, 'bert', token), 401);
  t.regex((await hashesOf(holdfast))[0] ?? '', /^\$2a\$/);
  t.is(await status(holdfast, 'anna', token), 200);
  t.regex((await hashesOf(holdfast))[0] ?? '', /^[0-9a-f]{64}$/);
  t.is(await status(holdfast, 'anna', token), 200);
});

test('a token of Portus that was used, and then deleted, is no password any more', async (t) => {
  const holdfast = await startWithAccounts(t);
  const {id} = await holdfast.person('anna');
  const token = portusToken('anna');
  await holdfast.applicationToken('anna', {hash: bcrypt(token)});
  t.is(await status(holdfast, 'anna', token), 200);
  const {deleteApplicationToken} = await import('../../src/metadata/application-tokens.ts');
  const row = await holdfast.db
    .selectFrom('application_tokens')
    .select('id')
    .executeTakeFirstOrThrow();
  t.true(await deleteApplicationToken(holdfast.db, {id: row.id, userId: id}));
  const deadline = performance.now() + 5000;
  let last = 200;
  while (last === 200 && performance.now() < deadline) last = await status(holdfast, 'anna', token);
  t.is(last, 401);
});

test('a token of Portus whose owner is disabled, or that has expired, lets nobody in', async (t) => {
  const holdfast = await startWithAccounts(t);
  const {id} = await holdfast.person('anna');
  const token = portusToken('anna');
  await holdfast.applicationToken('anna', {hash: bcrypt(token)});
  await holdfast.person('bert');
  const expired = portusToken('bert');
  await holdfast.applicationToken('bert', {hash: bcrypt(expired), expiresAt: 1});
  t.is(await status(holdfast, 'bert', expired), 401);
  await setEnabled(holdfast.db, {id, isEnabled: false, now: Date.now()});
  t.is(await status(holdfast, 'anna', token), 401);
});

test('whoever guesses tokens of Portus is locked out as one who guesses passwords', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.applicationToken('anna', {hash: bcrypt(portusToken('anna'))});
  for (let attempt = 0; attempt < 10; attempt++) {
    t.is(await status(holdfast, 'anna', `guessed-token-no-${attempt}-xxxx`), 401);
  }
  t.is(await status(holdfast, 'anna', portusToken('anna')), 429);
});

test('the limits of a token count, whoever has made it', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const token = portusToken('anna');
  await holdfast.applicationToken('anna', {hash: bcrypt(token), isPullOnly: true});
  const scope = 'repository:anna/app:pull,push';
  const answer = await holdfast
    .as(basic('anna', token))
    .get('/auth/token')
    .query({scope})
    .expect(200);
  const [, claims = ''] = (answer.body as {token: string}).token.split('.');
  const {access} = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
    access: readonly {actions: readonly string[]}[];
  };
  t.deepEqual(access[0]?.actions, ['pull']);
});

const directory = shared(async (life) => startSlapd(life));

testWith(
  ['slapd'],
  'somebody of a directory gets the account that was imported for him at his first login',
  async (t) => {
    const slapd = await directory(t);
    await slapd.addPerson('Lena.Lang', {password: 'correct horse'});
    const holdfast = await startWithAccounts(t, {
      auth: {
        ldap: {
          urls: [slapd.url],
          caFile: slapd.caFile,
          base,
          bindDn: `cn=admin,${base}`,
          bindPassword: 'the password of the directory',
        },
      },
    });
    const awaited = {provider: 'ldap', subject: awaitedSubject('1'), passwordHash: undefined};
    const {id} = await holdfast.person('lena', awaited);
    const row = {source: 'portus:', kind: 'ldap-name', source_id: 'lena.lang', id};
    await holdfast.db.insertInto('imported').values(row).execute();
    t.is(await status(holdfast, 'Lena.Lang', 'not the password'), 401);
    t.is((await findUserByName(holdfast.db, 'lena'))?.subject, awaitedSubject('1'));
    t.is(await status(holdfast, 'Lena.Lang', 'correct horse'), 200);
    const adopted = await findUserByName(holdfast.db, 'lena');
    t.is(adopted?.id, id);
    t.not(adopted?.subject, awaitedSubject('1'));
    t.is(await findUserByName(holdfast.db, 'lena.lang'), undefined);
  },
);
