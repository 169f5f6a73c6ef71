/** What was issued ends soon when its account changes, in every process. */
import test, {type ExecutionContext} from 'ava';
import {decodeJwt} from 'jose';
import {deleteUser, setEnabled} from '../../src/metadata/accounts.ts';
import {addMember, changeRole, removeMember} from '../../src/metadata/memberships.ts';
import {findNamespaceByName, updateNamespace} from '../../src/metadata/namespaces.ts';
import {raiseGeneration, setPassword, type User} from '../../src/metadata/users.ts';
import {
  basic,
  bearer,
  lastRefused,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';
import {startInProcess} from '../support/in-process.ts';

/** Another server with the same accounts and keys. */
const besides = async (t: ExecutionContext, {dataDir}: WithAccounts) =>
  startInProcess(t, {dataDir, storage: {root: 'registry-2'}, auth: {mode: 'accounts'}});

const changes: Readonly<Record<string, (holdfast: WithAccounts, user: User) => Promise<unknown>>> =
  {
    'a disabled account': async ({db}, {id}) =>
      setEnabled(db, {id, isEnabled: false, now: Date.now()}),
    'a changed password': async ({db}, {id}) =>
      setPassword(db, {id, passwordHash: null, now: Date.now()}),
    'an account that was removed': async ({db}, {id}) =>
      db.transaction().execute(async (turn) => {
        await turn.deleteFrom('users').where('id', '=', id).execute();
        return turn
          .updateTable('revisions')
          .set((eb) => ({value: eb('value', '+', 1)}))
          .execute();
      }),
  };

for (const [what, change] of Object.entries(changes)) {
  test(`tokens and passwords of ${what} are refused soon, by a second server too`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const user = await holdfast.person('anna');
    const second = await besides(t, holdfast);
    const token = await holdfast.token('anna');
    const asked = [bearer(token), basic('anna')];
    const questions = [holdfast, second].flatMap(({api}) =>
      asked.map((each) => async () => (await api.get('/v2/').set('Authorization', each)).status),
    );
    t.deepEqual(await Promise.all(questions.map(async (ask) => ask())), [200, 200, 200, 200]);
    await change(holdfast, user);
    // Each until its own first refusal: a password that is tried on and on is not refused any more, but locked.
    const lasts = await Promise.all(
      questions.map(async (ask) => lastRefused(async () => (await ask()) === 401)),
    );
    for (const last of lasts) t.true(last < soon, `${last} ms later it still counted`);
  });
}

test('a token of an account that another process has just made counts at once', async (t) => {
  const holdfast = await startWithAccounts(t);
  const second = await besides(t, holdfast);
  await holdfast.person('anna');
  const token = await holdfast.token('anna');
  const answer = await second.api.get('/v2/').set('Authorization', bearer(token));
  t.is(answer.status, 200);
});

/** What is taken from somebody who has a token for it. */
const losses: Readonly<
  Record<
    string,
    (holdfast: WithAccounts, ids: Record<'teamId' | 'userId', string>) => Promise<unknown>
  >
> = {
  'who leaves a team': async ({db}, ids) => removeMember(db, ids),
  'who is a viewer only': async ({db}, ids) => changeRole(db, {...ids, role: 'viewer'}),
  'whose namespace goes to another team': async (holdfast) => {
    const {id: teamId} = await holdfast.team('others', {bert: 'owner'});
    const namespace = await findNamespaceByName(holdfast.db, 'web');
    await updateNamespace(holdfast.db, {id: namespace?.id ?? '', teamId});
  },
};

for (const [who, take] of Object.entries(losses)) {
  test(`${who} loses what his token grants soon, in a second server too`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const {id: userId} = await holdfast.person('anna');
    await holdfast.person('bert');
    const {id: teamId} = await holdfast.team('web', {bert: 'owner', anna: 'contributor'});
    await holdfast.namespace('web', 'web');
    const second = await besides(t, holdfast);
    const token = bearer(await holdfast.token('anna', 'repository:web/app:pull,push'));
    const start = async ({api}: Pick<WithAccounts, 'api'>) =>
      (await api.post('/v2/web/app/blobs/uploads/').set('Authorization', token)).status;
    t.deepEqual([await start(holdfast), await start(second)], [202, 202]);
    await take(holdfast, {teamId, userId});
    const areRefused = async () =>
      (await Promise.all([start(holdfast), start(second)])).every((status) => status === 401);
    const last = await lastRefused(areRefused);
    t.true(last < soon, `${last} ms later it still counted`);
    const {access} = decodeJwt(await holdfast.token('anna', 'repository:web/app:push'));
    t.deepEqual(access, []);
  });
}

test('a namespace that becomes private ends anonymous pulls soon', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('bert');
  await holdfast.team('web', {bert: 'owner'});
  await holdfast.namespace('web', 'web', 'public');
  const token = bearer(await holdfast.token(undefined, 'repository:web/app:pull'));
  const list = async () =>
    (await holdfast.api.get('/v2/web/app/tags/list').set('Authorization', token)).status;
  t.is(await list(), 404);
  const namespace = await findNamespaceByName(holdfast.db, 'web');
  await updateNamespace(holdfast.db, {id: namespace?.id ?? '', visibility: 'private'});
  const last = await lastRefused(async () => (await list()) === 401);
  t.true(last < soon, `${last} ms later it still counted`);
});

test('where anonymous callers are shut out, their tokens from before count no more', async (t) => {
  const holdfast = await startWithAccounts(t);
  const token = await holdfast.token(undefined);
  await holdfast.stop();
  const {dataDir} = holdfast;
  const {api} = await startInProcess(t, {dataDir, auth: {mode: 'accounts', anonymous: false}});
  const answer = await api.get('/v2/').set('Authorization', bearer(token)).expect(401);
  t.true(answer.get('WWW-Authenticate')?.endsWith(',error="invalid_token"'));
});

test('what an account had is nothing to the next one of its name', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('ada', {admin: 'yes'});
  await holdfast.team('root-heirs', {ada: 'owner'});
  const {id} = await holdfast.person('anna');
  const token = await holdfast.token('anna', 'repository:anna/app:pull');
  const secret = await holdfast.applicationToken('anna');
  const offline = '/auth/token?offline_token=true';
  const answer = await holdfast.as(basic('anna')).get(offline).expect(200);
  const {refresh_token: refresh} = answer.body as {readonly refresh_token: string};
  t.is(await deleteUser(holdfast.db, {id, namespaces: 'delete'}), 'done');
  await holdfast.person('anna');

  const show = async () => (await holdfast.as(bearer(token)).get('/v2/')).status === 401;
  const last = await lastRefused(show);
  t.true(last < soon, `${last} ms later it still counted`);
  await holdfast.as(bearer(token)).get('/v2/anna/app/tags/list').expect(401);
  await holdfast.as(basic('anna', secret)).get('/auth/token').expect(401);
  const form = {grant_type: 'refresh_token', service: 'holdfast', refresh_token: refresh};
  await holdfast.api.post('/auth/token').type('form').send(form).expect(401);
  await holdfast.as(basic('anna')).get('/auth/token').expect(200);
});

test('no token is given out for what its user lost through another process a moment ago', async (t) => {
  const holdfast = await startWithAccounts(t);
  const {id: userId} = await holdfast.person('anna');
  await holdfast.person('bert');
  const {id: teamId} = await holdfast.team('web', {bert: 'owner', anna: 'contributor'});
  await holdfast.namespace('web', 'web');
  const scope = 'repository:web/app:push';
  for (let round = 0; round < 5; round += 1) {
    // A login that is not known yet, and rights that are.
    const secret = await holdfast.applicationToken('anna');
    await holdfast.token('anna', scope);
    await removeMember(holdfast.db, {teamId, userId});
    await raiseGeneration(holdfast.db, {id: userId, now: Date.now()});
    const anna = holdfast.as(basic('anna', secret));
    const answer = await anna.get(`/auth/token?scope=${scope}`).expect(200);
    t.deepEqual(decodeJwt((answer.body as {token: string}).token)['access'], []);
    await addMember(holdfast.db, {teamId, userId, role: 'contributor', now: Date.now()});
  }
});
