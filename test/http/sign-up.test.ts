import test from 'ava';
import {deleteNamespace, findNamespaceByName} from '../../src/metadata/namespaces.ts';
import {findUserByName} from '../../src/metadata/users.ts';
import {basic, passwordOf, startWithAccounts} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';

test('a name below which there are repositories already is no name for a stranger', async (t) => {
  const holdfast = await startWithAccounts(t, {auth: {signUp: true}});
  await holdfast.person('ada', {admin: 'yes'});
  await pushImage(holdfast.as(basic('ada')), 'acme/app', {tag: 'v1'});
  // As in a tree that was taken over, or one whose owner was deleted.
  const namespace = await findNamespaceByName(holdfast.db, 'acme');
  t.is(await deleteNamespace(holdfast.db, namespace?.id ?? ''), 'done');

  const signUp = (username: string) =>
    holdfast.api.post('/api/v1/users').send({username, password: passwordOf(username)});
  await signUp('acme').expect(409);
  t.is(await findUserByName(holdfast.db, 'acme'), undefined);
  t.is(await findNamespaceByName(holdfast.db, 'acme'), undefined);
  await signUp('anna').expect(201);
});
