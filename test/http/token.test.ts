import test from 'ava';
import {decodeJwt} from 'jose';
import {basic, bearer, passwordOf, startWithAccounts} from '../support/accounts.ts';

const issuedShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

test('GET with a name and a password answers a token under both names, with its times', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const got = await holdfast.api
    .get('/auth/token?service=holdfast&scope=repository:anna/app:pull,push&account=somebody-else')
    .set('Authorization', basic('anna'))
    .expect(200);
  const answer = got.body as Record<string, unknown>;
  t.deepEqual(Object.keys(answer).sort(), ['access_token', 'expires_in', 'issued_at', 'token']);
  t.is(answer['token'], answer['access_token']);
  t.is(answer['expires_in'], 900);
  t.regex(String(answer['issued_at']), issuedShape);
  t.is(got.get('cache-control'), 'no-store');
  const claims = decodeJwt(String(answer['token']));
  t.is(claims.sub, 'anna');
  t.is(claims.aud, 'holdfast');
  t.deepEqual(claims['access'], [
    {type: 'repository', name: 'anna/app', actions: ['pull', 'push']},
  ]);
});

for (const path of ['/token', '/token/', '/v2/token', '/service/token', '/auth/token']) {
  test(`tokens are given out at ${path}`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const got = await holdfast.api.get(path).expect(200);
    t.is(typeof (got.body as {token: unknown}).token, 'string');
  });
}

test('scopes are repeated, joined by spaces, or both', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const token = await holdfast.token(
    'anna',
    'repository:anna/a:pull repository:anna/b:push',
    'registry:catalog:*',
    '',
  );
  t.deepEqual(decodeJwt(token)['access'], [
    {type: 'repository', name: 'anna/a', actions: ['pull']},
    {type: 'repository', name: 'anna/b', actions: ['push']},
    {type: 'registry', name: 'catalog', actions: ['*']},
  ]);
});

test('less than was asked for is no error', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  const token = await holdfast.token('bert', 'repository:anna/app:pull,push', 'thing:x:pull');
  t.deepEqual(decodeJwt(token)['access'], []);
});

test('without credentials there is an anonymous token, which may pull what is public', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.team('web', {anna: 'owner'});
  await holdfast.namespace('open', 'web', 'public');
  const token = await holdfast.token(
    undefined,
    'repository:open/app:pull,push',
    'repository:anna/app:pull',
  );
  const {sub, access} = decodeJwt(token);
  t.is(sub, '');
  t.deepEqual(access, [{type: 'repository', name: 'open/app', actions: ['pull']}]);
});

test('where anonymous callers get nothing, a request without credentials is answered 401', async (t) => {
  const holdfast = await startWithAccounts(t, {auth: {anonymous: false}});
  const got = await holdfast.api.get('/auth/token').expect(401);
  t.is(got.get('www-authenticate'), 'Basic realm="holdfast"');
  t.is((got.body as {errors: {code: string}[]}).errors[0]?.code, 'UNAUTHORIZED');
});

for (const [what, header] of Object.entries({
  'a wrong password': basic('anna', 'wrong'),
  'an unknown name': basic('nobody'),
  'an empty password': basic('anna', ''),
  'no colon': `Basic ${Buffer.from('anna').toString('base64')}`,
  'no base64': 'Basic !!!!',
  'no UTF-8': `Basic ${Buffer.from([0x61, 0x3a, 0xff]).toString('base64')}`,
  'another scheme': 'Digest username="anna"',
  'a Bearer token': 'Bearer abc',
})) {
  test(`${what} is answered 401, with a challenge that clients understand`, async (t) => {
    const holdfast = await startWithAccounts(t);
    await holdfast.person('anna');
    const got = await holdfast.api.get('/auth/token').set('Authorization', header).expect(401);
    t.is(got.get('www-authenticate'), 'Basic realm="holdfast"');
    t.is(got.get('cache-control'), 'no-store');
    t.is((got.body as {errors: {code: string}[]}).errors[0]?.code, 'UNAUTHORIZED');
  });
}

for (const query of [
  'scope=repository',
  'scope=repository:a/b:PULL',
  'scope=a:b:c%22',
  'service=elsewhere',
  `client_id=${'x'.repeat(201)}`,
  Array.from({length: 101}, (_, index) => `scope=repository:a/${index}:pull`).join('&'),
  Array.from({length: 20}, (_, index) => `scope=repository:${index}${'/a'.repeat(60)}:pull`).join(
    '&',
  ),
]) {
  test(`a request that makes no sense is answered 400: ${query.slice(0, 40)}`, async (t) => {
    const holdfast = await startWithAccounts(t);
    const got = await holdfast.api.get(`/auth/token?${query}`).expect(400);
    t.is((got.body as {errors: {code: string}[]}).errors[0]?.code, 'UNSUPPORTED');
  });
}

test('after as many wrong passwords as auth.failures says the name is locked for this address: 429, with the time to wait', async (t) => {
  const holdfast = await startWithAccounts(t, {auth: {failures: 3}});
  await holdfast.person('anna');
  for (let attempt = 0; attempt < 3; attempt++) {
    await holdfast.api.get('/auth/token').set('Authorization', basic('anna', 'no')).expect(401);
  }
  const got = await holdfast.api.get('/auth/token').set('Authorization', basic('anna')).expect(429);
  t.true(Number(got.get('retry-after')) > 500);
  t.like((got.body as {errors: object[]}).errors[0], {
    code: 'TOOMANYREQUESTS',
    message: 'too many failed logins for anna from this address: again in 10 minutes',
  });
});

for (const name of ['nobody', 'x\u202Ey', '"><b>', `a${'b'.repeat(200)}`]) {
  test(`a name that nobody has is locked in the same words: ${JSON.stringify(name)}`, async (t) => {
    const holdfast = await startWithAccounts(t, {auth: {failures: 1}});
    const ask = () => holdfast.api.get('/auth/token').set('Authorization', basic(name, 'no'));
    t.is((await ask()).status, 401);
    const answer = await ask();
    const told = name === 'nobody' ? 'nobody' : 'this name';
    const message = `too many failed logins for ${told} from this address: again in 10 minutes`;
    t.deepEqual(answer.body, {errors: [{code: 'TOOMANYREQUESTS', message}]});
  });
}

test('an address from which too many logins failed is told so, without a name', async (t) => {
  const holdfast = await startWithAccounts(t, {auth: {attemptsPerMinute: 1}});
  const ask = (name: string) =>
    holdfast.api.get('/auth/token').set('Authorization', basic(name, 'no'));
  t.is((await ask('one')).status, 401);
  const answer = await ask('two');
  const message = 'too many failed logins from this address: again in a minute';
  t.deepEqual(answer.body, {errors: [{code: 'TOOMANYREQUESTS', message}]});
});

test('a token for another registry has its service as audience, and is none for this one', async (t) => {
  const holdfast = await startWithAccounts(t, {token: {otherServices: ['other']}});
  await holdfast.person('anna');
  const got = await holdfast.api
    .get('/auth/token?service=other&scope=registry:catalog:*')
    .set('Authorization', basic('anna'))
    .expect(200);
  const {token} = got.body as {token: string};
  const claims = decodeJwt(token);
  t.is(claims.aud, 'other');
  t.deepEqual(claims['access'], []);
  await holdfast.as(bearer(token)).get('/v2/').expect(401);
});

test('a token, and one by the refresh token, lasts no longer than the application token it came of', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const own = await holdfast.applicationToken('anna', {expiresAt: Date.now() + 30_000});
  const got = await holdfast.api
    .get('/auth/token?offline_token=true&client_id=test')
    .set('Authorization', basic('anna', own))
    .expect(200);
  const {expires_in: seconds, refresh_token: refresh} = got.body as {
    expires_in: number;
    refresh_token: string;
  };
  t.true(seconds > 20 && seconds <= 30, String(seconds));
  const again = await holdfast.api
    .post('/auth/token')
    .type('form')
    .send({grant_type: 'refresh_token', refresh_token: refresh, client_id: 'test'})
    .expect(200);
  t.true((again.body as {expires_in: number}).expires_in <= 30);
});

test('a former name of this registry is as good as its own', async (t) => {
  const holdfast = await startWithAccounts(t, {token: {acceptedServices: ['former']}});
  await holdfast.person('anna');
  const got = await holdfast.api
    .get('/auth/token?service=former&scope=registry:catalog:*')
    .set('Authorization', basic('anna'))
    .expect(200);
  const {token} = got.body as {token: string};
  await holdfast.as(bearer(token)).get('/v2/_catalog').expect(200);
  t.is(decodeJwt(token).aud, 'former');
});

test('POST with a password answers the granted scopes, and a refresh token where it is wanted', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const got = await holdfast.api
    .post('/auth/token')
    .type('form')
    .send({
      grant_type: 'password',
      service: 'holdfast',
      client_id: 'docker',
      access_type: 'offline',
      scope: 'repository:anna/app:pull,push repository:other/app:pull',
      username: 'anna',
      password: passwordOf('anna'),
    })
    .expect(200);
  const answer = got.body as Record<string, string>;
  t.is(answer['scope'], 'repository:anna/app:pull,push');
  t.regex(answer['refresh_token'] ?? '', /^hfr_/);
});

const badForms: readonly (readonly [string, number, Readonly<Record<string, string>>])[] = [
  ['no grant', 400, {service: 'holdfast'}],
  ['another grant', 400, {grant_type: 'authorization_code'}],
  ['no password', 400, {grant_type: 'password', username: 'anna'}],
  ['a wrong password', 401, {grant_type: 'password', username: 'anna', password: 'x'}],
  ['a refresh token that is none', 401, {grant_type: 'refresh_token', refresh_token: 'hfr_x'}],
  ['more than 64 KiB', 413, {grant_type: 'password', username: 'a'.repeat(70_000)}],
];
for (const [what, status, form] of badForms) {
  test(`POST with ${what} is answered ${status}`, async (t) => {
    const holdfast = await startWithAccounts(t);
    await holdfast.person('anna');
    t.is((await holdfast.api.post('/auth/token').type('form').send(form)).status, status);
  });
}

test('POST with JSON is answered 400', async (t) => {
  const holdfast = await startWithAccounts(t);
  t.is((await holdfast.api.post('/auth/token').send({grant_type: 'password'})).status, 400);
});

test('the keys that verify tokens are public', async (t) => {
  const holdfast = await startWithAccounts(t);
  const got = await holdfast.api.get('/.well-known/jwks.json').expect(200);
  const {keys} = got.body as {keys: readonly Record<string, unknown>[]};
  t.true(keys.length > 0);
  t.true(keys.every((key) => key['d'] === undefined && key['kid'] !== undefined));
});

test('passwords and tokens do not come into the log', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const token = await holdfast.token('anna', 'repository:anna/app:pull');
  await holdfast.api
    .get('/auth/token')
    .set('Authorization', basic('anna', 'guessed-it'))
    .expect(401);
  await holdfast.api.get('/v2/').set('Authorization', `Bearer ${token}`).expect(200);
  const log = JSON.stringify(holdfast.log);
  t.true(log.includes('anna'));
  t.false(log.includes('guessed-it'));
  t.false(log.includes(token.split('.')[2] ?? token));
  t.false(log.includes(passwordOf('anna')));
});
