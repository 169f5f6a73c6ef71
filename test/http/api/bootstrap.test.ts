/** The first admin, as Portus lets a script make it. */
import test from 'ava';
import {basic, startWithAccounts} from '../../support/accounts.ts';
import {secret} from '../../support/secrets.ts';
import {faultOf, itemOf} from './workbench.ts';

const user = {
  username: 'first',
  email: 'first@example.org',
  password: secret('a long password'),
};

test('where anybody may be the first, bootstrap answers with a token that opens the API', async (t) => {
  const holdfast = await startWithAccounts(t, {admin: {firstLogin: 'open'}});
  const made = itemOf(await holdfast.api.post('/api/v1/users/bootstrap').send({user}).expect(201));
  const admin = holdfast.as(basic('first', String(made['plain_token'])));
  t.like(itemOf(await admin.get('/api/v1/users/first').expect(200)), {
    admin: true,
    email: 'first@example.org',
  });
  const again = await holdfast.api.post('/api/v1/users/bootstrap').send({user}).expect(405);
  t.is(faultOf(again)?.code, 'off');
});

test('where a code is asked for, bootstrap wants it', async (t) => {
  const {api} = await startWithAccounts(t);
  const post = (more: object) =>
    api.post('/api/v1/users/bootstrap').send({user: {...user, ...more}});
  t.is(faultOf(await post({}).expect(403))?.code, 'denied');
  await post({code: 'AAAAA-AAAAA-AAAAA-AAAAA'}).expect(403);
});
