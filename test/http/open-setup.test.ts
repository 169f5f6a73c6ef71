/** With admin.firstLogin open the first one to ask for it is the admin; no login of a client asks for it. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {hash} from 'bcryptjs';
import {findUserByName, listUsers} from '../../src/metadata/users.ts';
import {basic, passwordOf, startWithAccounts} from '../support/accounts.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';

test('logins of docker make no admin, and robots can’t become it: setup stays open', async (t) => {
  const htpasswd = join(await temporaryDirectory(t), 'htpasswd');
  await writeFile(htpasswd, `carl:${await hash(passwordOf('carl'), 4)}\n`);
  const holdfast = await startWithAccounts(t, {auth: {htpasswd}, admin: {firstLogin: 'open'}});
  const {api, db} = holdfast;
  await holdfast.person('anna');
  await holdfast.team('web', {anna: 'owner'});
  const robot = await holdfast.robot('builder', 'web', 'owner');
  const logins = [
    basic('carl'),
    basic('anna'),
    basic('anna', await holdfast.applicationToken('anna')),
    basic('builder', robot),
  ];
  for (const login of logins) {
    await holdfast.as(login).get('/auth/token?service=holdfast').expect(200);
    await holdfast.as(login).get('/v2/').expect(200);
    const admins = (await listUsers(db, {limit: 100})).filter(({isAdmin}) => isAdmin);
    t.deepEqual(admins, []);
  }

  const setup = async (username: string, password: string) =>
    api.post('/api/v1/setup').send({username, password});
  const refused = await setup('builder', robot);
  t.is(refused.status, 422);
  t.like(await findUserByName(db, 'builder'), {isAdmin: false});

  t.is((await setup('carl', passwordOf('carl'))).status, 201);
  t.like(await findUserByName(db, 'carl'), {isAdmin: true, provider: 'htpasswd'});
  t.is((await setup('anna', passwordOf('anna'))).status, 405);
});
