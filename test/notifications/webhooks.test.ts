/** Webhooks of namespaces, by the API. */
import test from 'ava';
import type {ExecutionContext} from 'ava';
import {signature} from '../../src/notifications/message.ts';
import {pushImage} from '../support/content.ts';
import {until} from '../support/raw-request.ts';
import {startReceiver} from '../support/receiver/receiver.ts';
import {secret} from '../support/secrets.ts';
import {faultOf, type Item, itemOf, itemsOf, startApi} from '../http/api/workbench.ts';

const loopback = {allowedTargets: ['127.0.0.0/8', '::1']};
const list = '/api/v1/namespaces/tools/webhooks';

/** The team makers of anna owns the namespace tools; bert may pull from it. */
async function startHooked(t: ExecutionContext, notifications: object = loopback) {
  const api = await startApi(t, {notifications});
  await api.team('makers', {anna: 'owner', bert: 'viewer'});
  await api.namespace('tools', 'makers');
  const hook = async (body: object): Promise<Item> =>
    itemOf(
      await api
        .by('anna')
        .post(list)
        .send({name: 'ci', ...body})
        .expect(201),
    );
  const deliveries = async (id: unknown): Promise<readonly Item[]> => {
    const answer = await api.by('anna').get(`/api/v1/webhooks/${String(id)}/deliveries`);
    return itemOf(answer)['deliveries'] as readonly Item[];
  };
  const pushAs = async (name: string, repository: string, tag = 'v1') =>
    pushImage(
      api.as(`Bearer ${await api.token(name, `repository:${repository}:pull,push`)}`),
      repository,
      {tag},
    );
  return {...api, hook, deliveries, pushAs};
}

test('a webhook is told of pushes to its namespace, by whom, and of no other', async (t) => {
  const {hook, pushAs, team, namespace} = await startHooked(t);
  const receiver = await startReceiver(t);
  await team('others', {anna: 'owner'});
  await namespace('tools/inner', 'others');
  await namespace('elsewhere', 'others');
  await hook({url: receiver.url});
  await pushAs('anna', 'elsewhere/app');
  await pushAs('anna', 'tools/inner/app');
  await pushAs('anna', 'tools/app');
  await receiver.told(1);
  const [event] = receiver.events();
  t.is(event?.target['repository'], 'tools/app');
  t.is(event?.actor.name, 'anna');
});

test('what a webhook is made with is shown, but for its secrets', async (t) => {
  const {hook, by} = await startHooked(t);
  const made = await hook({
    url: 'https://ci.example.org/hooks',
    format: 'cloudevents',
    method: 'post',
    actions: ['push', 'tag'],
    repositories: ['app', 'lib/**'],
    media_types: ['application/vnd.oci.image.*'],
    headers: [{name: 'X-Token', value: secret('a header')}],
    username: 'holdfast',
    password: secret('a webhook password'),
    secret: secret('a webhook secret'),
    enabled: false,
  });
  const {id, created_at: createdAt} = made;
  t.deepEqual(made, {
    id,
    created_at: createdAt,
    namespace: 'tools',
    name: 'ci',
    url: 'https://ci.example.org/hooks',
    method: 'post',
    content_type: 'json',
    format: 'cloudevents',
    actions: ['push', 'tag'],
    repositories: ['app', 'lib/**'],
    media_types: ['application/vnd.oci.image.*'],
    headers: ['X-Token'],
    username: 'holdfast',
    has_password: true,
    has_secret: true,
    enabled: false,
  });
  t.deepEqual(itemsOf(await by('anna').get(list).expect(200)), [made]);
  t.deepEqual(
    itemOf(
      await by('root')
        .get(`/api/v1/webhooks/${String(id)}`)
        .expect(200),
    ),
    made,
  );
});

test('who does not own the namespace neither sees its webhooks nor changes them', async (t) => {
  const {hook, by, person} = await startHooked(t);
  await person('cora');
  const {id} = await hook({url: 'https://ci.example.org/'});
  const path = `/api/v1/webhooks/${String(id)}`;
  for (const [name, status] of [
    ['bert', 403],
    ['cora', 404],
  ] as const) {
    await by(name).get(list).expect(status);
    await by(name).post(list).send({name: 'x', url: 'https://x.example.org'}).expect(status);
  }
  for (const name of ['bert', 'cora']) {
    await by(name).get(path).expect(403);
    await by(name).put(path).send({name: 'x'}).expect(403);
    await by(name).delete(path).expect(403);
    await by(name).post(`${path}/test`).expect(403);
    await by(name).get(`${path}/deliveries`).expect(403);
    // As of one that there is not.
    const answer = await by(name).get('/api/v1/webhooks/none').expect(403);
    t.is(answer.text, (await by(name).get(path)).text);
  }
  await by('root').delete(path).expect(204);
  await by('root').get(path).expect(404);
});

test('owners make webhooks where permissions let them, and admins always', async (t) => {
  const api = await startApi(t, {permissions: {createWebhooks: false, manageWebhooks: false}});
  await api.team('makers', {anna: 'owner'});
  await api.namespace('tools', 'makers');
  const body = {name: 'ci', url: 'https://ci.example.org/'};
  await api.by('anna').post(list).send(body).expect(403);
  await api.by('anna').get(list).expect(403);
  t.like(itemOf(await api.by('root').post(list).send(body).expect(201)), {name: 'ci'});
});

test('a change keeps what it does not name, and null takes away', async (t) => {
  const {hook, by} = await startHooked(t);
  const receiver = await startReceiver(t);
  const headers = [{name: 'X-Kept', value: 'kept'}];
  const {id} = await hook({
    url: receiver.url,
    headers,
    username: 'a',
    password: 'b',
    secret: 'a secret of length',
  });
  const path = `/api/v1/webhooks/${String(id)}`;
  const change = {
    headers: [{name: 'x-kept'}, {name: 'X-New', value: 'new'}],
    username: null,
    password: null,
  };
  const changed = itemOf(await by('anna').put(path).send(change).expect(200));
  t.like(changed, {
    username: null,
    has_password: false,
    has_secret: true,
    headers: ['x-kept', 'X-New'],
  });
  await by('anna').post(`${path}/test`).expect(202);
  const [request] = await receiver.count(1);
  t.is(request?.headers['x-kept'], 'kept');
  t.is(request?.headers['x-new'], 'new');
  t.is(request?.headers.authorization, undefined);
});

test('two who change a webhook at once do not undo each other', async (t) => {
  const {hook, by} = await startHooked(t);
  const {id} = await hook({url: 'https://ci.example.org/'});
  const path = `/api/v1/webhooks/${String(id)}`;
  const etag = (await by('anna').get(path).expect(200)).get('ETag') ?? '';
  await by('anna').put(path).set('If-Match', etag).send({name: 'one'}).expect(200);
  await by('anna').put(path).set('If-Match', etag).send({name: 'two'}).expect(412);
  t.is(itemOf(await by('anna').get(path).expect(200))['name'], 'one');
});

test('a trial tells an event of the action test, and its delivery shows what was sent and answered', async (t) => {
  const {hook, by, deliveries} = await startHooked(t);
  const receiver = await startReceiver(t);
  receiver.answer({status: 201, body: 'thank you'});
  const {id} = await hook({
    url: receiver.url,
    username: 'holdfast',
    password: secret('a password'),
  });
  const path = `/api/v1/webhooks/${String(id)}`;
  const {delivery} = itemOf(await by('anna').post(`${path}/test`).expect(202));
  const [request] = await receiver.count(1);
  t.is(receiver.events()[0]?.action, 'test');
  t.is(
    request?.headers.authorization,
    `Basic ${Buffer.from(`holdfast:${secret('a password')}`).toString('base64')}`,
  );
  await until(async () => (await deliveries(id))[0]?.['state'] === 'delivered');
  const shown = itemOf(
    await by('anna')
      .get(`${path}/deliveries/${String(delivery)}`)
      .expect(200),
  );
  t.like(shown, {state: 'delivered', action: 'test', status: 201, attempts: 1});
  t.like(shown['response'], {status: 201, body: 'thank you'});
  const sent = shown['request'] as {headers: Readonly<Record<string, string>>; body: string};
  t.is(sent.headers['authorization'], '(hidden)');
  t.is(sent.body, request?.body ?? '');
});

test('a delivery is sent again when somebody asks for it', async (t) => {
  const {hook, by, deliveries, pushAs} = await startHooked(t);
  const receiver = await startReceiver(t);
  const {id} = await hook({url: receiver.url});
  await pushAs('anna', 'tools/app');
  await receiver.told(1);
  const [first] = await deliveries(id);
  const path = `/api/v1/webhooks/${String(id)}/deliveries/${String(first?.['id'])}/resend`;
  await by('anna').post(path).expect(202);
  await receiver.told(2);
  const [one, two] = receiver.events();
  t.is(one?.id, two?.id);
  t.is((await deliveries(id)).length, 2);
  await by('anna')
    .post(path.replace(String(first?.['id']), 'none'))
    .expect(404);
});

test('one that is switched off is told nothing, and not what it missed', async (t) => {
  const {hook, by, pushAs} = await startHooked(t);
  const receiver = await startReceiver(t);
  const {id} = await hook({url: receiver.url, enabled: false});
  const witness = await startReceiver(t);
  await hook({url: witness.url, name: 'witness'});
  await pushAs('anna', 'tools/app', 'v1');
  await witness.told(1);
  await by('anna')
    .put(`/api/v1/webhooks/${String(id)}`)
    .send({enabled: true})
    .expect(200);
  await pushAs('anna', 'tools/app', 'v2');
  await receiver.told(1);
  t.is(receiver.events()[0]?.target['tag'], 'v2');
});

test('patterns of repositories lie below the namespace', async (t) => {
  const {hook, pushAs} = await startHooked(t);
  const receiver = await startReceiver(t);
  await hook({url: receiver.url, repositories: ['app', 'lib/**']});
  for (const name of ['tools/other', 'tools/app/x', 'tools/lib/a/b', 'tools/app'])
    await pushAs('anna', name);
  await receiver.told(2);
  t.deepEqual(
    new Set(receiver.events().map(({target}) => target['repository'])),
    new Set(['tools/lib/a/b', 'tools/app']),
  );
});

test('the format event is one event as Portus sent it, under the content type that was chosen', async (t) => {
  const {hook, pushAs} = await startHooked(t);
  const receiver = await startReceiver(t);
  await hook({url: receiver.url, format: 'event', content_type: 'form', method: 'get'});
  await pushAs('anna', 'tools/app');
  const [request] = await receiver.count(1);
  t.is(request?.method, 'GET');
  t.is(request?.headers['content-type'], 'application/x-www-form-urlencoded');
  t.like(JSON.parse(request?.body ?? ''), {action: 'push', target: {repository: 'tools/app'}});
});

test('CloudEvents have the attributes that they must have, and the event of Distribution as their data', async (t) => {
  const {hook, pushAs} = await startHooked(t);
  const receiver = await startReceiver(t);
  await hook({url: receiver.url, format: 'cloudevents'});
  const {digest} = await pushAs('anna', 'tools/app');
  const [request] = await receiver.count(1);
  t.is(request?.headers['content-type'], 'application/cloudevents+json; charset=utf-8');
  const event = JSON.parse(request?.body ?? '') as Item;
  t.like(event, {specversion: '1.0', type: 'holdfast.manifest.push', subject: 'tools/app:v1'});
  t.like(event['data'], {action: 'push', target: {digest}});
  t.true(String(event['source']).length > 2);
  t.true(Number.isFinite(Date.parse(String(event['time']))));
});

test('a message is signed as Standard Webhooks says', async (t) => {
  const {hook, pushAs} = await startHooked(t);
  const receiver = await startReceiver(t);
  const key = secret('a signing secret');
  await hook({url: receiver.url, secret: key});
  await pushAs('anna', 'tools/app');
  const [request] = await receiver.count(1);
  const {body = ''} = request ?? {};
  const headers = request?.headers ?? {};
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  t.is(headers['webhook-signature'], signature(key, signed));
  // The example of the specification.
  t.is(
    signature(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}',
    ),
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});

const inside = [
  'http://127.0.0.1:5000/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://169.254.169.254/latest/meta-data',
  'http://10.1.2.3/',
  'http://192.168.0.1/',
  'http://[fe80::1]/',
  'http://[fd00::1]/',
  'http://0.0.0.0/',
  'http://2130706433/',
  'http://0x7f.1/',
];

for (const url of inside) {
  test(`a webhook to ${url} is refused, and told why`, async (t) => {
    const {by} = await startHooked(t, {});
    const fault = faultOf(await by('anna').post(list).send({name: 'x', url}).expect(422));
    t.is(fault?.field, 'url');
    t.regex(fault?.message ?? '', /is no public address.*notifications\.allowedTargets/);
  });
}

test('a name that leads to the host itself is refused when something is to be sent there', async (t) => {
  const {hook, by, deliveries} = await startHooked(t, {});
  const receiver = await startReceiver(t);
  const {id} = await hook({url: receiver.url.replace('127.0.0.1', 'localhost')});
  await by('anna')
    .post(`/api/v1/webhooks/${String(id)}/test`)
    .expect(202);
  await until(async () => (await deliveries(id))[0]?.['state'] === 'failed');
  const [failed] = await deliveries(id);
  t.regex(String(failed?.['problem']), /^localhost is (?:127\.0\.0\.1|::1), which is no public/);
  t.is(receiver.received.length, 0);
});

const wrong = [
  ['an address that is none', {url: 'ci.example.org'}, 'url'],
  ['an address of another kind', {url: 'file:///etc/passwd'}, 'url'],
  ['an address with a password', {url: 'https://a:b@ci.example.org/'}, 'url'],
  [
    'a header that would end the head',
    {headers: [{name: 'X', value: 'a\r\nEvil: 1'}]},
    'headers.0.value',
  ],
  ['a header whose name is none', {headers: [{name: 'a b', value: 'x'}]}, 'headers.0.name'],
  ['an action that there is not', {actions: ['explode']}, 'actions.0'],
  ['no action', {actions: []}, 'actions'],
  ['a pattern that is none', {repositories: ['../x']}, 'repositories.0'],
  ['a name without a password', {username: 'a'}, 'password'],
  ['a secret that is too short', {secret: 'short'}, 'secret'],
] as const;

for (const [what, body, field] of wrong) {
  test(`a webhook with ${what} is refused by its field`, async (t) => {
    const {by} = await startHooked(t);
    const whole = {name: 'ci', url: 'https://ci.example.org/', ...body};
    const fault = faultOf(await by('anna').post(list).send(whole).expect(422));
    t.is(fault?.field, field);
  });
}

test('what an endpoint of the configuration was sent is shown to admins, by its name', async (t) => {
  const receiver = await startReceiver(t);
  const endpoints = [{name: 'audit', url: receiver.url}];
  const {by} = await startHooked(t, {endpoints});
  const path = '/api/v1/webhooks/endpoint:audit';
  const {delivery} = itemOf(await by('root').post(`${path}/test`).expect(202));
  await receiver.count(1);
  t.is(receiver.events()[0]?.action, 'test');
  await until(
    async () =>
      itemOf(await by('root').get(`${path}/deliveries/${String(delivery)}`))['state'] ===
      'delivered',
  );
  await by('anna').get(`${path}/deliveries`).expect(403);
  await by('root').get('/api/v1/webhooks/endpoint:other/deliveries').expect(404);
});
