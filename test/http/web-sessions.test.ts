/** Sign-ins with a browser: how they begin, what they are good for, and how they end. */
import test from 'ava';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {accessExpiry} from '../../src/jobs/access-expiry.ts';
import {findUserByName, setPassword} from '../../src/metadata/users.ts';
import {keptLog} from '../auth/workbench.ts';
import {never} from '../auth/workbench.ts';
import {
  basic,
  lastRefused,
  passwordOf,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';
import {secret} from '../support/secrets.ts';
import {whoIs} from '../support/sign-in.ts';
import {WebClient} from '../support/web-client.ts';

const json = {'Content-Type': 'application/json'};

async function signedIn({url}: WithAccounts, name: string): Promise<WebClient> {
  const client = new WebClient();
  await client.post(`${url}/sign-in`, {username: name, password: passwordOf(name)});
  return client;
}

const tokenIn = (body: string): string =>
  secret(/<code id="token">([^<]+)<\/code>/.exec(body)?.[1] ?? '');

test('name and password sign in on the page, and signing out ends it', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = new WebClient();
  const page = await client.get(`${holdfast.url}/signed-in`);
  t.is(page.url, `${holdfast.url}/sign-in`);
  const wrong = await client.post(page.url, {username: 'anna', password: 'wrong password'});
  t.is(wrong.status, 401);
  t.is(wrong.headers['www-authenticate'], undefined);
  t.regex(wrong.body, /role="alert">The name or the password is not right/);
  const right = await client.post(page.url, {username: 'anna', password: passwordOf('anna')});
  t.is(right.url, `${holdfast.url}/signed-in`);
  t.regex(right.body, /Signed in as anna/);
  const kept = client.cookies.find(({name}) => name === 'holdfast');
  const out = await client.post(`${holdfast.url}/sign-out`, {});
  t.is(out.url, `${holdfast.url}/sign-in`);
  t.is(client.cookie('holdfast'), undefined);
  if (kept) client.plant(kept);
  t.is(await whoIs(holdfast, client), undefined);
});

test('the API signs in, tells who it is, and signs out', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna', {admin: 'yes'});
  const {api} = holdfast;
  const given = {username: 'anna', password: passwordOf('anna')};
  const answer = await api.post('/api/v1/session').send(given).expect(201);
  t.deepEqual(answer.body, {user: {name: 'anna', isAdmin: true}});
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  t.regex(cookie, /^holdfast=hfs_\w+; Path=\/; HttpOnly; SameSite=Lax$/);
  const Cookie = secret(cookie.split(';')[0] ?? '');
  const shown = await api.get('/api/v1/session').set({Cookie}).expect(200);
  t.like(shown.body, {
    user: {name: 'anna', isAdmin: true, provider: 'local'},
    providers: [],
    hasAdmin: true,
  });
  await api.delete('/api/v1/session').set({Cookie}).expect(204);
  const after = await api.get('/api/v1/session').set({Cookie}).expect(200);
  t.deepEqual(after.body, {providers: [], hasAdmin: true});
  await api
    .post('/api/v1/session')
    .send({...given, password: 'not hers'})
    .expect(401);
  await api.post('/api/v1/session').send({username: 1}).expect(422);
  await api.post('/api/v1/session').type('form').send(given).expect(415);
});

test('over TLS, of its own or of a proxy that is trusted, the cookie is for this host and TLS alone', async (t) => {
  const http = {trustedProxies: ['127.0.0.1']};
  const holdfast = await startWithAccounts(t, {http});
  await holdfast.person('anna');
  const answer = await holdfast.api
    .post('/api/v1/session')
    .set('X-Forwarded-Proto', 'https')
    .send({username: 'anna', password: passwordOf('anna')})
    .expect(201);
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  t.regex(cookie, /^__Host-holdfast=\w+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
});

test('below a path of a proxy the pages stay below it, and nothing leads elsewhere', async (t) => {
  const externalUrl = 'https://registry.example.org/images';
  const holdfast = await startWithAccounts(t, {externalUrl});
  await holdfast.person('anna');
  const page = await holdfast.api.get('/images/sign-in').expect(200);
  t.true(page.text.includes('action="/images/sign-in"'));
  const answer = await holdfast.api
    .post('/images/sign-in')
    .type('form')
    .set('Origin', 'https://registry.example.org')
    .send({username: 'anna', password: passwordOf('anna')})
    .expect(303);
  t.is(answer.get('Location'), '/images/signed-in');
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  t.regex(cookie, /^__Host-holdfast=\w+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  const Cookie = secret(cookie.split(';')[0] ?? '');
  const shown = await holdfast.api.get('/images/signed-in').set({Cookie}).expect(200);
  t.regex(shown.text, /Signed in as anna/);
});

test('what changes something is refused from another site', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signedIn(holdfast, 'anna');
  const {url} = holdfast;
  const forms = [
    '/sign-out',
    '/signed-in/tokens',
    '/signed-in/tokens/revoke',
    '/signed-in/admin',
    '/signed-in/password',
    '/sign-in',
  ];
  for (const headers of [
    {Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'},
    {Origin: url, 'Sec-Fetch-Site': 'same-site'},
    {Origin: 'https://evil.example', 'Sec-Fetch-Site': ''},
    {Origin: 'null', 'Sec-Fetch-Site': ''},
    {Origin: '', 'Sec-Fetch-Site': ''},
    {Origin: `${url}0`, 'Sec-Fetch-Site': ''},
    {Origin: url.replace('http:', 'https:'), 'Sec-Fetch-Site': ''},
  ]) {
    for (const path of forms) {
      const answer = await client.post(`${url}${path}`, {name: 'x', expires: '7d'}, {headers});
      t.is(answer.status, 403, `${path} ${JSON.stringify(headers)}`);
    }
  }
  for (const headers of [{Origin: 'https://evil.example'}, {'Sec-Fetch-Site': 'cross-site'}]) {
    const of = {...json, ...headers};
    for (const method of ['POST', 'DELETE']) {
      const request = {method, headers: of, ...(method === 'POST' ? {body: '{}'} : {})};
      t.is((await client.get(`${url}/api/v1/session`, request)).status, 403);
    }
  }
  t.is((await whoIs(holdfast, client))?.name, 'anna');
  const tokens = await holdfast.db.selectFrom('application_tokens').selectAll().execute();
  t.deepEqual(tokens, []);
});

test('a form of this site is taken behind a proxy that names the port, and from browsers that say less', async (t) => {
  const holdfast = await startWithAccounts(t, {http: {trustedProxies: ['127.0.0.1']}});
  await holdfast.person('anna');
  const proxied = {'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'registry.example:443'};
  const own = 'https://registry.example';
  for (const [headers, status] of [
    [{...proxied, Origin: own, 'Sec-Fetch-Site': 'same-origin'}, 303],
    [{...proxied, Origin: own}, 303],
    [{...proxied, Origin: 'http://registry.example'}, 403],
    [{...proxied, Origin: 'https://registry.example:8443'}, 403],
  ] as const) {
    const answer = await holdfast.api
      .post('/sign-in')
      .set(headers)
      .type('form')
      .send({username: 'anna', password: passwordOf('anna')});
    t.is(answer.status, status, JSON.stringify(headers));
  }
});

test('a token opens no session, and a robot has none', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.team('crew', {anna: 'owner'});
  const robot = await holdfast.robot('ci', 'crew', 'contributor');
  const token = await holdfast.applicationToken('anna', {isPullOnly: true});
  const whole = await holdfast.applicationToken('anna');
  for (const [username, password] of [
    ['ci', robot],
    ['anna', token],
    ['anna', whole],
  ]) {
    const answer = await holdfast.api.post('/api/v1/session').send({username, password});
    t.is(answer.status, 401, username);
    t.is(answer.get('Set-Cookie'), undefined);
  }
  t.false(holdfast.log.some(({msg}) => msg === 'login accepted'));
});

test('a session is no password, and no cookie is a token', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signedIn(holdfast, 'anna');
  const session = secret(client.cookie('holdfast') ?? '');
  await holdfast.as(basic('anna', session)).get('/auth/token').expect(401);
  const Cookie = `holdfast=${session}`;
  await holdfast.api.get('/v2/_catalog').set({Cookie}).expect(401);
  const token = await holdfast.applicationToken('anna');
  client.plant({name: 'holdfast', value: token, host: '127.0.0.1', path: '/', isSecure: false});
  t.is(await whoIs(holdfast, client), undefined);
});

test('another password ends every session within a second', async (t) => {
  const holdfast = await startWithAccounts(t);
  const {id} = await holdfast.person('anna');
  const client = await signedIn(holdfast, 'anna');
  const passwordHash = await new PasswordHasher().hash('another password');
  await setPassword(holdfast.db, {id, passwordHash, now: Date.now()});
  t.true((await lastRefused(async () => (await whoIs(holdfast, client)) === undefined)) < soon);
});

test('a session ends by being left alone, and after a week however much it is used', async (t) => {
  let time = Date.now();
  const now = () => new Date(time);
  const holdfast = await startWithAccounts(t, {now, auth: {sessionExpiresIn: '12h'}});
  await holdfast.person('anna');
  const hour = 3_600_000;
  const [left, used] = [await signedIn(holdfast, 'anna'), await signedIn(holdfast, 'anna')];
  for (let hours = 0; hours < 7 * 24 - 6; hours += 6) {
    time += 6 * hour;
    t.is((await whoIs(holdfast, used))?.name, 'anna', `${hours}`);
  }
  t.is(await whoIs(holdfast, left), undefined);
  time += 6 * hour;
  t.is(await whoIs(holdfast, used), undefined);
  const log = keptLog();
  const rows = async () => holdfast.db.selectFrom('sessions').select('id').execute();
  t.is((await rows()).length, 2);
  await accessExpiry({db: holdfast.db, log: log.log, now}).work(never);
  t.deepEqual(await rows(), []);
});

test('tokens are made, listed and revoked on the page, and whoever revokes one stays signed in', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signedIn(holdfast, 'anna');
  const tokens = `${holdfast.url}/signed-in/tokens`;
  const name = '<b>laptop</b>';
  const made = await client.post(tokens, {name, expires: '30d', 'pull-only': 'yes'});
  const token = tokenIn(made.body);
  t.regex(token, /^hfa_/);
  t.false(made.body.includes(name));
  const {body} = await client.get(`${holdfast.url}/signed-in`);
  t.false(body.includes(token));
  t.regex(body, /pull only, expires \d{4}-/);
  await holdfast.as(basic('anna', token)).get('/auth/token').expect(200);
  for (const [fields, said] of [
    [{name, expires: '30d'}, />anna has a token .* already\./],
    [{name: '', expires: '30d'}, /must not be empty/],
    [{name: 'x', expires: '1y'}, /must be a time/],
    [{name: 'x'}, /must be a time/],
    [{name: 'a\u202Eb', expires: 'never'}, /visible characters/],
  ] as const) {
    const refused = await client.post(tokens, fields);
    t.is(refused.status, 400);
    t.regex(refused.body, said);
  }
  const revoked = await client.post(`${tokens}/revoke`, {name});
  t.is(revoked.status, 200);
  t.regex(revoked.body, /is revoked/);
  await holdfast.as(basic('anna', token)).get('/auth/token').expect(401);
  t.is((await whoIs(holdfast, client))?.name, 'anna');
  t.is((await client.post(`${tokens}/revoke`, {name})).status, 400);
});

test('nobody revokes the tokens of others', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  await holdfast.person('bert');
  const token = await holdfast.applicationToken('bert');
  const [{name}] = (await holdfast.db
    .selectFrom('application_tokens')
    .select('name')
    .execute()) as [{name: string}];
  const client = await signedIn(holdfast, 'anna');
  t.is(
    (await client.post(`${holdfast.url}/signed-in/tokens/revoke`, {name, user: 'bert'})).status,
    400,
  );
  await holdfast.as(basic('bert', token)).get('/auth/token').expect(200);
});

test('a wrong code makes no admin on the page, the right one does', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signedIn(holdfast, 'anna');
  const wrong = await client.post(`${holdfast.url}/signed-in/admin`, {code: 'AAAAA-AAAAA'});
  t.is(wrong.status, 403);
  t.regex(wrong.body, /This is not the code/);
  t.false((await findUserByName(holdfast.db, 'anna'))?.isAdmin);
});

test('pages run no script, stand in no frame, and are kept by nobody', async (t) => {
  const holdfast = await startWithAccounts(t);
  const {headers, body} = await new WebClient().get(`${holdfast.url}/sign-in`);
  const policy = String(headers['content-security-policy']);
  t.regex(
    policy,
    /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'$/,
  );
  t.is(headers['cache-control'], 'no-store');
  t.is(headers['x-content-type-options'], 'nosniff');
  t.regex(body, /<html lang="en">/);
  t.notRegex(body, /<script|style=|onclick/);
});
