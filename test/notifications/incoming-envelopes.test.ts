/** What is sent to where a Distribution tells of its events: by whom, and what of it counts. */
import test, {type ExecutionContext} from 'ava';
import Sqlite from 'better-sqlite3';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {codesOf, pushImage, strangeDigest} from '../support/content.ts';
import {type InProcess, startInProcess} from '../support/in-process.ts';
import {secret} from '../support/secrets.ts';

const path = '/v2/webhooks/events';
const token = secret('the-token-of-both-registries');
const incoming = {enabled: true, token};
const Authorization = `Bearer ${token}`;
const v1 = 'application/vnd.docker.distribution.events.v1+json';
const image = 'application/vnd.oci.image.manifest.v1+json';

const start = async (t: ExecutionContext) => startInProcess(t, {notifications: {incoming}});

const send = ({api}: Pick<InProcess, 'api'>, body: string | object, type = v1) =>
  api
    .post(path)
    .set({Authorization, 'Content-Type': type})
    .send(typeof body === 'string' ? body : JSON.stringify(body));

const push = (target: object, more: object = {}) => ({
  action: 'push',
  target: {mediaType: image, ...target},
  ...more,
});

const past = async ({api}: Pick<InProcess, 'api'>) => {
  const answer = await api.get('/api/v1/events/past').expect(200);
  const {events} = answer.body as {events: Record<string, unknown>[]};
  return events.map((each) => [each['action'], each['object'], each['repository'], each['tag']]);
};

test('unless it is switched on, there is nothing at its address', async (t) => {
  const {api} = await startInProcess(t);
  const asked = api.post(path).set({Authorization, 'Content-Type': v1});
  t.is((await asked.send('{"events": []}')).status, 404);
});

test('without the token, and with another one, nothing is read', async (t) => {
  const {api} = await start(t);
  for (const wrong of [
    '',
    'Bearer',
    'Bearer x',
    `Bearer ${token}x`,
    `Basic ${token}`,
    basic('a'),
  ]) {
    const answer = await api
      .post(path)
      .set({...(wrong === '' ? {} : {Authorization: wrong}), 'Content-Type': v1})
      .send('no JSON');
    t.is(answer.status, 401, wrong);
    t.deepEqual(codesOf(answer), ['UNAUTHORIZED']);
  }
});

test('an admin may send events, by password or application token; nobody else may', async (t) => {
  const holdfast = await startWithAccounts(t, {notifications: {incoming: {enabled: true}}});
  await holdfast.person('root', {admin: 'yes'});
  await holdfast.person('anna');
  const whole = await holdfast.applicationToken('root');
  const pullOnly = await holdfast.applicationToken('root', {isPullOnly: true});
  const statuses = {
    [basic('root')]: 200,
    [basic('root', whole)]: 200,
    [basic('root', pullOnly)]: 403,
    [basic('anna')]: 403,
    [basic('root', 'not hers')]: 401,
    [Authorization]: 401,
  };
  for (const [authorization, status] of Object.entries(statuses)) {
    const answer = await holdfast
      .as(authorization)
      .post(path)
      .set('Content-Type', v1)
      .send('{"events": []}');
    t.is(answer.status, status);
  }
});

test('what is no envelope is refused: other types, garbage, too much of it', async (t) => {
  const holdfast = await start(t);
  for (const body of ['', 'garbage', '[]', 'null', '{}', '{"events": {}}', '{"events": "']) {
    const {status} = await send(holdfast, body);
    t.is(status, 400, body);
  }
  t.is((await send(holdfast, {events: []}, 'text/plain')).status, 400);
  for (const type of ['application/json', 'application/vnd.docker.distribution.events.v2+json']) {
    t.is((await send(holdfast, {events: []}, type)).status, 200);
  }
  t.is((await send(holdfast, `{"events": ["${'x'.repeat(4 * 1024 * 1024)}"]}`)).status, 413);
  t.is((await send(holdfast, {events: Array.from({length: 1001}, () => ({}))})).status, 413);
  t.is((await send(holdfast, {events: Array.from({length: 1000}, () => ({}))})).status, 200);
});

test('of an envelope what is bad is left out and counted, and the rest counts', async (t) => {
  const holdfast = await start(t);
  const {digest} = await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  const target = {repository: 'team/app', digest, tag: 'v1'};
  const answer = await send(holdfast, {
    events: [
      push({...target, repository: '../../etc'}),
      push({...target, repository: 'A'}),
      push({...target, digest: 'sha256:x'}),
      push({...target, tag: '../x'}),
      push({...target, digest: ''}),
      push({...target, repository: 'x'.repeat(1_000_000)}),
      {action: 'push'},
      null,
      7,
      {action: 'pull', target},
      {action: 'mount', target},
      push({...target, mediaType: 'application/octet-stream'}),
      push(target, {id: 'one', actor: {name: 'builder'}}),
    ],
  });
  t.deepEqual(answer.body, {taken: 1, known: 0, ignored: 3, bad: 9});
  const line = holdfast.log.find(({msg}) => msg === 'events of another registry received');
  t.like(line, {taken: 1, bad: 9});
  await holdfast.api.get('/api/v1/repositories').expect(200);
  t.deepEqual(await past(holdfast), [
    ['push', 'manifest', 'team/app', 'v1'],
    ['push', 'manifest', 'team/app', 'v1'],
  ]);
});

test('what is not in the storage is not believed, and what was told is not told twice', async (t) => {
  const holdfast = await start(t);
  const {digest} = await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  const repository = 'team/app';
  const real = push({repository, digest, tag: 'v1'}, {id: 'real'});
  const events = [
    push({repository, digest: strangeDigest, tag: 'v2'}, {id: 'none'}),
    push({repository: 'never/there', digest}, {id: 'nowhere'}),
    // None of these is true.
    {id: 'a', action: 'delete', target: {repository, digest}},
    {id: 'b', action: 'delete', target: {repository, tag: 'v1'}},
    {id: 'c', action: 'delete', target: {repository}},
    {id: 'd', action: 'delete', target: {repository: 'never/there'}},
    real,
    real,
  ];
  t.like((await send(holdfast, {events})).body, {taken: 7, known: 1});
  t.like((await send(holdfast, {events: [real]})).body, {taken: 0, known: 1});
  const listed = await holdfast.api.get('/api/v1/repositories').expect(200);
  t.like(listed.body, [{full_name: repository, tags_count: 1}]);
  t.is((listed.body as unknown[]).length, 1);
  t.deepEqual(await past(holdfast), [
    ['push', 'manifest', repository, 'v1'],
    ['push', 'manifest', repository, 'v1'],
  ]);
});

test('what a Holdfast sends is told by nobody: one that sends to itself comes to an end', async (t) => {
  const holdfast = await start(t);
  const {digest} = await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  const event = push({repository: 'team/app', digest, tag: 'v1'});
  const sent = send(holdfast, {events: [event]}).set('User-Agent', 'holdfast-webhook');
  t.like((await sent).body, {taken: 1});
  await holdfast.api.get('/api/v1/repositories').expect(200);
  t.is((await past(holdfast)).length, 1);
});

test('while the database takes nothing it is answered 503, and taken the next time', async (t) => {
  const holdfast = await start(t);
  const {digest} = await pushImage(holdfast.api, 'team/app', {tag: 'v1'});
  await holdfast.api.get('/api/v1/repositories').expect(200);
  const other = new Sqlite(`${holdfast.dataDir}/database/holdfast.db`, {timeout: 60_000});
  t.teardown(() => other.close());
  other.exec('begin immediate');
  const event = push({repository: 'team/app', digest, tag: 'v1'}, {id: 'one'});
  const refused = await send(holdfast, {events: [event]});
  t.is(refused.status, 503);
  t.truthy(refused.get('Retry-After'));
  other.exec('rollback');
  t.like((await send(holdfast, {events: [event]})).body, {taken: 1});
});
