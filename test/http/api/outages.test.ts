/** What the API says when what it needs is down, slow, or not what it was. */
import {once} from 'node:events';
import {createServer, type AddressInfo} from 'node:net';
import test, {type ExecutionContext} from 'ava';
import {sql} from 'kysely';
import {basic} from '../../support/accounts.ts';
import {faultOf, itemsOf, startApi} from './workbench.ts';

test('a database that is not what it was is a fault of the registry, and the answer tells nothing of it', async (t) => {
  const {by, db} = await startApi(t);
  await by('root').get('/api/v1/teams').expect(200);
  await sql`ALTER TABLE teams RENAME TO gone`.execute(db);
  for (const [method, path] of [
    ['get', '/teams'],
    ['get', '/teams/x'],
    ['post', '/teams'],
    ['get', '/namespaces'],
  ] as const) {
    const api = by('root');
    const answer = await (method === 'post'
      ? api.post(`/api/v1${path}`).send({name: 'x'})
      : api.get(`/api/v1${path}`));
    t.is(answer.status, 500, `${method} ${path}`);
    t.is(faultOf(answer)?.code, 'internal');
    t.is(answer.get('Retry-After'), undefined);
    t.notRegex(answer.text, /table|sqlite|teams|gone|holdfast\.db/i);
  }
  await sql`ALTER TABLE gone RENAME TO teams`.execute(db);
  t.true(itemsOf(await by('root').get('/api/v1/teams').expect(200)).length > 0);
});

test('a directory that is down is 503 for its people, and local ones go on', async (t) => {
  const ldap = {urls: ['ldap://127.0.0.1:1'], base: 'dc=example,dc=org', timeout: '1s'};
  const {by, api} = await startApi(t, {auth: {ldap}});
  await by('anna').get('/api/v1/teams').expect(200);
  const answer = await api
    .get('/api/v1/teams')
    .set('Authorization', basic('somebody', 'a password'))
    .expect(503);
  t.is(faultOf(answer)?.code, 'unavailable');
});

/** Takes connections, and says nothing. */
async function silent(t: ExecutionContext): Promise<number> {
  const sockets = new Set<{destroy: () => void}>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test('a directory that says nothing holds no request for longer than its time-out', async (t) => {
  const urls = [`ldap://127.0.0.1:${await silent(t)}`];
  const ldap = {urls, base: 'dc=example,dc=org', timeout: '500ms'};
  const {by, api} = await startApi(t, {auth: {ldap}});
  const startedAt = performance.now();
  const answer = await api
    .get('/api/v1/teams')
    .set('Authorization', basic('somebody', 'a password'));
  t.is(answer.status, 503);
  // To make an account it must be known that nobody has the name there.
  const body = {username: 'new', password: 'a long password'};
  const made = await by('root').post('/api/v1/users').send(body);
  t.true([201, 503].includes(made.status));
  t.true(performance.now() - startedAt < 20_000);
});

test('with rules about names in place of teams, only what one belongs to is seen', async (t) => {
  const rules = [{accounts: ['anna'], repositories: ['**'], actions: ['pull'], allow: true}];
  const holdfast = await startApi(t, {namespaces: {policy: 'rules', rules: rules as never}});
  await holdfast.team('makers', {anna: 'owner'});
  await holdfast.namespace('open', 'makers', 'public');
  const [anna, bert] = await Promise.all(
    ['anna', 'bert'].map(async (name) =>
      itemsOf(await holdfast.by(name).get('/api/v1/namespaces').expect(200)),
    ),
  );
  t.deepEqual(
    anna?.map(({name}) => name),
    ['anna', 'open'],
  );
  t.deepEqual(
    bert?.map(({name}) => name),
    ['bert'],
  );
});
