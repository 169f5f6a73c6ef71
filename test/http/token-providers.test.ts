/** Where passwords come from, as clients of the realm notice it. */
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {hash} from 'bcryptjs';
import {decodeJwt} from 'jose';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

test('a name of the htpasswd file is an account, with a namespace of its own', async (t) => {
  const htpasswd = join(await temporaryDirectory(t), 'htpasswd');
  await writeFile(htpasswd, `carl:${await hash('from the file', 4)}\n`);
  const holdfast = await startWithAccounts(t, {auth: {htpasswd}});
  const carl = holdfast.as(basic('carl', 'from the file'));
  const answer = await carl.get('/auth/token?scope=repository:carl/app:push').expect(200);
  t.deepEqual(decodeJwt((answer.body as {token: string}).token)['access'], [
    {type: 'repository', name: 'carl/app', actions: ['push']},
  ]);
  await pushImage(carl, 'carl/app');
});

test('while passwords can’t be checked the answer is 503, so that clients keep them', async (t) => {
  const htpasswd = join(await temporaryDirectory(t), 'htpasswd');
  await writeFile(htpasswd, `carl:${await hash('from the file', 4)}\n`);
  const holdfast = await startWithAccounts(t, {auth: {htpasswd}});
  await holdfast.person('anna');
  await rm(htpasswd);
  const carl = holdfast.as(basic('carl', 'from the file'));
  for (const path of ['/auth/token', '/v2/']) {
    const answer = await carl.get(path).expect(503);
    t.truthy(answer.get('Retry-After'));
    t.is(answer.get('WWW-Authenticate'), undefined);
  }
  await holdfast.as(basic('anna')).get('/auth/token').expect(200);
});

test('an expired application token is answered as a wrong password is', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const secret = await holdfast.applicationToken('anna', {expiresAt: Date.now() - 1});
  t.is((await holdfast.as(basic('anna', secret)).get('/auth/token')).status, 401);
});

test('the log of a request names its user', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.as(basic('anna')).get('/v2/').expect(200);
  t.true(holdfast.log.some(({msg, user}) => msg === 'request' && user === 'anna'));
});
