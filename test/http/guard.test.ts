/** Each route asks for its scope before anything else. */
import {once} from 'node:events';
import http from 'node:http';
import test from 'ava';
import type {Response} from 'supertest';
import {basic, bearer, startWithAccounts} from '../support/accounts.ts';
import {
  codesOf,
  errorsOf,
  pushBlob,
  pushImage,
  putManifest,
  randomContent,
  strangeDigest,
} from '../support/content.ts';

const detailOf = (answer: Response): unknown => errorsOf(answer)[0]?.detail;

const repository = (name: string, actions: string): string => `repository:${name}:${actions}`;

const routes: readonly (readonly [method: string, path: string, scope: string])[] = [
  ['get', '/v2/', ''],
  ['get', '/v2', ''],
  ['get', '/v2/_catalog', 'registry:catalog:*'],
  ['get', '/v2/anna/app/tags/list', repository('anna/app', 'pull')],
  ['get', `/v2/anna/app/referrers/${strangeDigest}`, repository('anna/app', 'pull')],
  ['get', `/v2/anna/app/blobs/${strangeDigest}`, repository('anna/app', 'pull')],
  ['head', `/v2/anna/app/blobs/${strangeDigest}`, repository('anna/app', 'pull')],
  ['delete', `/v2/anna/app/blobs/${strangeDigest}`, repository('anna/app', 'delete')],
  ['get', '/v2/anna/app/manifests/latest', repository('anna/app', 'pull')],
  ['head', '/v2/anna/app/manifests/latest', repository('anna/app', 'pull')],
  ['put', '/v2/anna/app/manifests/latest', repository('anna/app', 'pull,push')],
  ['delete', '/v2/anna/app/manifests/latest', repository('anna/app', 'delete')],
  ['post', '/v2/anna/app/blobs/uploads/', repository('anna/app', 'pull,push')],
  ['post', '/v2/anna/app/blobs/uploads', repository('anna/app', 'pull,push')],
  [
    'post',
    `/v2/anna/app/blobs/uploads/?mount=${strangeDigest}&from=web/app`,
    `${repository('anna/app', 'pull,push')} ${repository('web/app', 'pull')}`,
  ],
  ['get', '/v2/anna/app/blobs/uploads/x', repository('anna/app', 'pull,push')],
  ['patch', '/v2/anna/app/blobs/uploads/x', repository('anna/app', 'pull,push')],
  ['put', '/v2/anna/app/blobs/uploads/x', repository('anna/app', 'pull,push')],
  ['delete', '/v2/anna/app/blobs/uploads/x', repository('anna/app', 'pull,push')],
];

test('each route answers 401 to nobody, with one challenge that names its scope', async (t) => {
  const holdfast = await startWithAccounts(t);
  for (const [method, path, scope] of routes) {
    const response = await fetch(`${holdfast.url}${path}`, {method: method.toUpperCase()});
    t.is(response.status, 401, `${method} ${path}`);
    t.is(
      response.headers.get('www-authenticate'),
      `Bearer realm="${holdfast.realm}",service="holdfast"${scope === '' ? '' : `,scope="${scope}"`}`,
    );
    t.is(response.headers.get('docker-distribution-api-version'), 'registry/2.0');
    if (method !== 'head') t.deepEqual(codesOf({body: await response.json()}), ['UNAUTHORIZED']);
  }
});

test('each route but the first answers insufficient_scope to a token without scopes', async (t) => {
  const holdfast = await startWithAccounts(t);
  const token = await holdfast.token(undefined);
  for (const [method, path, scope] of routes) {
    const headers = {Authorization: bearer(token)};
    const response = await fetch(`${holdfast.url}${path}`, {method: method.toUpperCase(), headers});
    t.is(response.status, scope === '' ? 200 : 401, `${method} ${path}`);
    if (scope === '') continue;
    t.true(
      response.headers
        .get('www-authenticate')
        ?.includes(`,scope="${scope}",error="insufficient_scope"`),
    );
  }
});

test('a token is for its repository and its actions alone', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const image = await pushImage(holdfast.as(basic('anna')), 'anna/app', {tag: 'v1'});
  const pull = holdfast.as(bearer(await holdfast.token('anna', 'repository:anna/app:pull')));
  await pull.get('/v2/anna/app/manifests/v1').expect(200);
  await pull.get('/v2/anna/app2/manifests/v1').expect(401);
  await pull.get('/v2/anna/manifests/v1').expect(401);
  await pull.post('/v2/anna/app/blobs/uploads/').expect(401);
  await pull.delete(`/v2/anna/app/manifests/${image.digest}`).expect(401);
  const push = holdfast.as(bearer(await holdfast.token('anna', 'repository:anna/app:push')));
  await push.get('/v2/anna/app/manifests/v1').expect(401);
  await push.delete(`/v2/anna/app/manifests/${image.digest}`).expect(401);
  const all = holdfast.as(bearer(await holdfast.token('anna', 'repository:anna/app:*')));
  t.is((await all.delete(`/v2/anna/app/manifests/${image.digest}`)).status, 202);
});

for (const [what, change] of Object.entries({
  'a changed signature': (token: string) => token.replace(/.{4}$/, 'AAAA'),
  'changed claims': (token: string) => {
    const [head = '', claims = '', signature = ''] = token.split('.');
    const text = Buffer.from(claims, 'base64url').toString().replace('bert/app', 'anna/app');
    return [head, Buffer.from(text).toString('base64url'), signature].join('.');
  },
  'no signature': (token: string) => token.replace(/[^.]+$/, ''),
  'something else': () => 'x',
  'something huge': () => 'x'.repeat(40_000),
})) {
  test(`a token with ${what} is answered invalid_token`, async (t) => {
    const holdfast = await startWithAccounts(t);
    await holdfast.person('bert');
    const token = await holdfast.token('bert', 'repository:bert/app:pull');
    const forged = holdfast.as(bearer(change(token)));
    for (const path of ['/v2/', '/v2/anna/app/tags/list', '/v2/bert/app/tags/list']) {
      const answer = await forged.get(path).expect(401);
      t.true(answer.get('WWW-Authenticate')?.endsWith(',error="invalid_token"'));
    }
  });
}

test('headers beyond their limit are answered 431', async (t) => {
  const holdfast = await startWithAccounts(t);
  const answer = await holdfast.api
    .get('/v2/')
    .set('Authorization', `Bearer ${'x'.repeat(70_000)}`);
  t.is(answer.status, 431);
});

test('a name and a password do where a client knows no tokens', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const anna = holdfast.as(basic('anna'));
  await anna.get('/v2/').expect(200);
  const {digest} = await pushImage(anna, 'anna/app', {tag: 'v1'});
  const got = await anna.get('/v2/anna/app/manifests/v1').expect(200);
  t.is(got.get('Docker-Content-Digest'), digest);
});

test('a wrong password is answered 401 with the same challenge, and 429 once the name is locked', async (t) => {
  const holdfast = await startWithAccounts(t, {auth: {failures: 1}});
  await holdfast.person('anna');
  const wrong = holdfast.as(basic('anna', 'wrong'));
  const first = await wrong.get('/v2/anna/app/tags/list').expect(401);
  t.is(
    first.get('WWW-Authenticate'),
    `Bearer realm="${holdfast.realm}",service="holdfast",scope="repository:anna/app:pull"`,
  );
  const second = await wrong.get('/v2/anna/app/tags/list').expect(429);
  t.true(Number(second.get('Retry-After')) > 0);
});

test('who is known and may not is answered 403, with a reason that tells nothing of private namespaces', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  const bert = holdfast.as(basic('bert'));
  const there = await bert.get('/v2/anna/app/tags/list').expect(403);
  const missing = await bert.get('/v2/ann/app/tags/list').expect(403);
  t.deepEqual(codesOf(there), ['DENIED']);
  const say = (name: string) =>
    `bert may not pull from ${name}: there is no namespace for it, or it is private to a team of others`;
  t.is(detailOf(there), say('anna/app'));
  t.is(detailOf(missing), say('ann/app'));
});

test('a token that lacks a scope is told why it does: to people in the body, to docker in the challenge', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  await holdfast.team('we "build" ü', {anna: 'owner', bert: 'viewer'});
  await holdfast.namespace('web', 'we "build" ü');
  const refusalOf = async (name: string | undefined, repository: string) => {
    const token = await holdfast.token(name, `repository:${repository}:pull,push`);
    const as = holdfast.as(bearer(token));
    const answer = await as.post(`/v2/${repository}/blobs/uploads/`).expect(401);
    const [, description] =
      /error_description="([^"]*)"$/.exec(answer.get('WWW-Authenticate') ?? '') ?? [];
    return [detailOf(answer), description];
  };
  const hidden =
    'bert may not push to anna/app: there is no namespace for it, or it is private to a team of others';
  t.deepEqual(await refusalOf('bert', 'anna/app'), [hidden, hidden]);
  const role = (team: string) =>
    `bert may not push to web/app: the namespace web belongs to the team ${team}, where the role viewer is less than contributor`;
  t.deepEqual(await refusalOf('bert', 'web/app'), [
    role(String.raw`"we \"build\" ü"`),
    role("'we ?'build?' ?'"),
  ]);
  const anonymous =
    'a caller without an account may not push to anna/app: an account is needed for that, so log in';
  t.deepEqual(await refusalOf(undefined, 'anna/app'), [anonymous, anonymous]);
});

test('a token that was not asked for the scope tells of no reason', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const anna = holdfast.as(bearer(await holdfast.token('anna')));
  const answer = await anna.get('/v2/anna/app/tags/list').expect(401);
  t.true(answer.get('WWW-Authenticate')?.endsWith(',error="insufficient_scope"'));
  t.deepEqual(detailOf(answer), [{type: 'repository', name: 'anna/app', actions: ['pull']}]);
});

test('a blob is mounted from where the caller may pull, and is uploaded otherwise', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  const blob = randomContent();
  await pushBlob(holdfast.as(basic('anna')), 'anna/app', blob);
  const mount = `/v2/bert/app/blobs/uploads/?mount=${blob.digest}`;
  const both = ['repository:bert/app:pull,push', 'repository:anna/app:pull'];
  const callers = [basic('bert'), bearer(await holdfast.token('bert', ...both))];
  for (const caller of callers) {
    const bert = holdfast.as(caller);
    await bert.post(`${mount}&from=anna/app`).expect(202);
    await bert.post(mount).expect(202);
    await bert.head(`/v2/bert/app/blobs/${blob.digest}`).expect(404);
  }
  await holdfast.team('web', {anna: 'owner', bert: 'viewer'});
  await holdfast.namespace('shared', 'web');
  await pushBlob(holdfast.as(basic('anna')), 'shared/app', blob);
  const scopes = ['repository:bert/app:pull,push', 'repository:shared/app:pull'];
  const lacking = holdfast.as(bearer(await holdfast.token('bert', scopes[0] ?? '')));
  await lacking.post(`${mount}&from=shared/app`).expect(202);
  const allowed = holdfast.as(bearer(await holdfast.token('bert', ...scopes)));
  await allowed.post(`${mount}&from=shared/app`).expect(201);
  t.is((await allowed.head(`/v2/bert/app/blobs/${blob.digest}`)).status, 200);
});

test('a mount that names no source finds the blob in the same namespace, as far as the caller may pull there', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  await holdfast.team('web', {bert: 'contributor'});
  await holdfast.namespace('anna/shared', 'web');
  const anna = holdfast.as(basic('anna'));
  const [own, strange, elsewhere] = [randomContent(), randomContent(), randomContent()];
  await pushBlob(anna, 'anna/base', own);
  await pushBlob(holdfast.as(basic('bert')), 'anna/shared/app', strange);
  await pushBlob(holdfast.as(basic('bert')), 'bert/app', elsewhere);
  const token = bearer(await holdfast.token('anna', 'repository:anna/app:pull,push'));
  const limits = {namespaces: ['anna/app']};
  const limited = basic('anna', await holdfast.applicationToken('anna', limits));
  const mount = async (proof: string, {digest}: {digest: string}, name = 'anna/app') =>
    (await holdfast.as(proof).post(`/v2/${name}/blobs/uploads/?mount=${digest}`)).status;
  t.is(await mount(limited, own, 'anna/app/one'), 202);
  for (const blob of [strange, elsewhere]) t.is(await mount(token, blob), 202);
  t.is(await mount(token, own), 201);
  await holdfast.as(token).head(`/v2/anna/app/blobs/${own.digest}`).expect(200);
  t.is(await mount(basic('anna'), own, 'anna/other'), 201);
});

test('the first push makes the namespace where that is allowed, once and private', async (t) => {
  const holdfast = await startWithAccounts(t, {namespaces: {createOnPush: 'users'}});
  await holdfast.person('anna');
  await holdfast.person('bert');
  const token = await holdfast.token('anna', 'repository:web/app:pull,push');
  const rival = await holdfast.token('bert', 'repository:web/other:pull,push');
  const anna = holdfast.as(bearer(token));
  const answers = await Promise.all(
    [1, 2, 3].map(async () => anna.post('/v2/web/app/blobs/uploads/')),
  );
  t.deepEqual(
    answers.map(({status}) => status),
    [202, 202, 202],
  );
  await holdfast.as(basic('bert')).get('/v2/web/app/tags/list').expect(403);
  await holdfast.as(basic('bert')).post('/v2/web/other/blobs/uploads/').expect(403);
  await holdfast.as(basic('anna')).post('/v2/web/third/blobs/uploads/').expect(202);
  const rows = await holdfast.db
    .selectFrom('namespaces')
    .select('visibility')
    .where('name', '=', 'web')
    .execute();
  t.deepEqual(rows, [{visibility: 'private'}]);
  // His token is of a time when he might have made it himself.
  const bert = holdfast.as(bearer(rival));
  await bert.post('/v2/web/other/blobs/uploads/').expect(401);
  await bert.get('/v2/web/other/tags/list').expect(401);
  await anna.post('/v2/web/app/blobs/uploads/').expect(202);
});

test('a push that is refused because the registry is read-only makes no namespace, and no lease', async (t) => {
  const holdfast = await startWithAccounts(t, {
    namespaces: {createOnPush: 'users'},
    maintenance: {readonly: true},
  });
  await holdfast.person('anna');
  const token = await holdfast.token('anna', 'repository:web/app:pull,push');
  for (const anna of [basic('anna'), bearer(token)].map((proof) => holdfast.as(proof))) {
    await anna.post('/v2/web/app/blobs/uploads/').expect(405);
    await anna.put('/v2/web/app/manifests/v1').send({}).expect(405);
  }
  const {db} = holdfast;
  const namespaces = await db.selectFrom('namespaces').select('name').orderBy('name').execute();
  t.deepEqual(
    namespaces.map(({name}) => name),
    ['', 'anna'],
  );
  t.deepEqual(await db.selectFrom('upload_leases').selectAll().execute(), []);
});

test('rights are settled before the client is asked for the body', async (t) => {
  const {port} = await startWithAccounts(t);
  const path = `/v2/a/b/blobs/uploads/?digest=${strangeDigest}`;
  const headers = {Expect: '100-continue', 'Content-Length': '1000000'};
  const request = http.request({port, host: '127.0.0.1', method: 'POST', path, headers});
  request.on('continue', () => {
    t.fail('the body was asked for');
  });
  request.flushHeaders();
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  t.is(answer.statusCode, 401);
  t.is(answer.headers.connection, 'close');
  request.destroy();
});

test('a robot pushes with its application token, and a token for pull alone pulls', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.team('web', {anna: 'owner'});
  await holdfast.namespace('web', 'web');
  const secret = await holdfast.robot('builder', 'web', 'contributor');
  const robot = holdfast.as(basic('builder', secret));
  await pushImage(robot, 'web/app', {tag: 'v1'});
  const pullOnly = await holdfast.applicationToken('anna', {isPullOnly: true});
  const reader = holdfast.as(basic('anna', pullOnly));
  await reader.get('/v2/web/app/manifests/v1').expect(200);
  const blob = randomContent();
  t.is((await putManifest(reader, 'web/app', 'v2', blob)).status, 403);
});
