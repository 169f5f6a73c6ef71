import {setAdmin} from '../../src/metadata/accounts.ts';
import {raiseGeneration} from '../../src/metadata/users.ts';
import {onEachServer} from '../contract/engines.ts';
import {basic, bearer, lastRefused, startWithAccounts} from '../support/accounts.ts';
import {startMariadb, startPostgres, urlOf} from '../support/database-server.ts';

const starts = {mariadb: startMariadb, postgres: startPostgres} as const;

onEachServer('people log in, push to what is theirs, and to nothing else', async (t, engine) => {
  const server = await (await engine.server(t)).fresh();
  const accounts = await startWithAccounts(t, {metadata: {url: urlOf(server)}});
  const {api, db} = accounts;
  const ada = await accounts.person('ada', {admin: 'yes'});
  await accounts.person('bob');
  await accounts.person('cyd');
  await accounts.team('crew', {ada: 'owner', bob: 'contributor'});
  await accounts.namespace('tools', 'crew');
  const start = async (name: string, scope = 'tools/app') =>
    api
      .post(`/v2/${scope}/blobs/uploads/`)
      .set('Authorization', bearer(await accounts.token(name, `repository:${scope}:pull,push`)));
  t.is((await start('bob')).status, 202);
  t.is((await start('cyd')).status, 401);
  t.is((await start('cyd', 'cyd/app')).status, 202);
  const machine = await accounts.robot('ci', 'crew', 'viewer');
  const login = await api.get('/auth/token').set('Authorization', basic('ci', machine));
  t.is(login.status, 200);
  const wrong = await api.get('/auth/token').set('Authorization', basic('bob', 'no such word'));
  t.is(wrong.status, 401);
  for (const name of ['a\u0000b', "' or 1=1 --", '\\', '\ud800', 'x'.repeat(5000)]) {
    const answer = await api.get('/auth/token').set('Authorization', basic(name, 'a long word'));
    t.is(answer.status, 401, JSON.stringify(name));
  }
  // What another process changes is noticed by this one.
  const pushing = bearer(await accounts.token('bob', 'repository:tools/app:pull,push'));
  await raiseGeneration(db, {id: ada.id, now: Date.now()});
  await setAdmin(db, {id: ada.id, isAdmin: true, now: Date.now()});
  t.is((await api.get('/v2/').set('Authorization', pushing)).status, 200);
});

onEachServer(
  'without its database a registry refuses logins, and goes on when it is back',
  async (t, engine) => {
    t.timeout(170_000);
    const server = await starts[engine.name](t);
    const metadata = {url: urlOf(await server.fresh()), timeout: '1s'};
    const accounts = await startWithAccounts(t, {metadata});
    const {api} = accounts;
    await accounts.person('ada');
    const ask = async () =>
      api.get('/auth/token?scope=repository:ada/x:pull').set('Authorization', basic('ada'));
    t.is((await ask()).status, 200);
    await server.stop('SIGKILL');
    const answer = await ask();
    t.is(answer.status, 503);
    t.is(answer.headers['retry-after'], '5');
    t.false(answer.text.includes('127.0.0.1'), answer.text);
    await server.start();
    await lastRefused(async () => (await ask()).status === 200);
  },
);
