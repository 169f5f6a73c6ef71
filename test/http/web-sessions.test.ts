/** Sign-ins with a browser: how they begin, what they are good for, and how they end. */
import test from 'ava';
import {PasswordHasher} from '../../src/auth/password-hash.ts';
import {accessExpiry} from '../../src/jobs/access-expiry.ts';
import {setPassword} from '../../src/metadata/users.ts';
import {keptLog} from '../auth/workbench.ts';
import {never} from '../auth/workbench.ts';
import {basic, lastRefused, passwordOf, soon, startWithAccounts} from '../support/accounts.ts';
import {secret} from '../support/secrets.ts';
import {signInHere, whoIs} from '../support/sign-in.ts';
import {WebClient} from '../support/web-client.ts';

test('name and password sign in, and signing out ends it, for whoever has kept the cookie too', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = new WebClient();
  const session = `${holdfast.url}/api/v1/session`;
  const given = {username: 'anna', password: passwordOf('anna')};
  const wrong = await client.ask('POST', session, {...given, password: 'wrong password'});
  t.is(wrong.status, 401);
  // A browser would ask for name and password once more, in a window of its own.
  t.is(wrong.headers['www-authenticate'], undefined);
  t.regex(wrong.body, /The name or the password is not right/);
  t.is((await client.ask('POST', session, given)).status, 201);
  t.is((await whoIs(holdfast, client))?.name, 'anna');
  const kept = client.cookies.find(({name}) => name === 'holdfast');
  t.is((await client.ask('DELETE', session)).status, 204);
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
  t.like(after.body, {user: undefined, providers: [], hasAdmin: true});
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

test('below a path of a proxy one signs in, with a cookie for that host', async (t) => {
  const externalUrl = 'https://registry.example.org/images';
  const holdfast = await startWithAccounts(t, {externalUrl});
  await holdfast.person('anna');
  const answer = await holdfast.api
    .post('/images/api/v1/session')
    .set('Origin', 'https://registry.example.org')
    .send({username: 'anna', password: passwordOf('anna')})
    .expect(201);
  const [cookie = ''] = answer.get('Set-Cookie') ?? [];
  t.regex(cookie, /^__Host-holdfast=\w+; Path=\/; HttpOnly; SameSite=Lax; Secure$/);
  const Cookie = secret(cookie.split(';')[0] ?? '');
  const shown = await holdfast.api.get('/images/api/v1/session').set({Cookie}).expect(200);
  t.like(shown.body, {user: {name: 'anna'}});
});

test('what changes something is refused from another site', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signInHere(holdfast, 'anna');
  const {url} = holdfast;
  const changes = [
    ['POST', '/session', {username: 'anna', password: passwordOf('anna')}],
    ['DELETE', '/session', undefined],
    ['POST', '/users/anna/application_tokens', {application: 'x'}],
    ['PUT', '/users/anna', {display_name: 'x'}],
    ['DELETE', '/users/anna/sessions', undefined],
    ['POST', '/setup/claim', {}],
  ] as const;
  for (const headers of [
    {Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site'},
    {Origin: url, 'Sec-Fetch-Site': 'same-site'},
    {Origin: 'https://evil.example', 'Sec-Fetch-Site': ''},
    {Origin: 'null', 'Sec-Fetch-Site': ''},
    {Origin: `${url}0`, 'Sec-Fetch-Site': ''},
    {Origin: url.replace('http:', 'https:'), 'Sec-Fetch-Site': ''},
  ]) {
    for (const [method, path, body] of changes) {
      const answer = await client.ask(method, `${url}/api/v1${path}`, body, {headers});
      t.is(answer.status, 403, `${method} ${path} ${JSON.stringify(headers)}`);
    }
  }
  // What a page of others can send without asking first is no JSON.
  const form = await client.post(`${url}/api/v1/session`, {username: 'anna'});
  t.is(form.status, 415);
  t.is((await whoIs(holdfast, client))?.name, 'anna');
  const tokens = await holdfast.db.selectFrom('application_tokens').selectAll().execute();
  t.deepEqual(tokens, []);
});

test('a sign-in of this site is taken behind a proxy that names the port, and from browsers that say less', async (t) => {
  const holdfast = await startWithAccounts(t, {http: {trustedProxies: ['127.0.0.1']}});
  await holdfast.person('anna');
  const proxied = {'X-Forwarded-Proto': 'https', 'X-Forwarded-Host': 'registry.example:443'};
  const own = 'https://registry.example';
  for (const [headers, status] of [
    [{...proxied, Origin: own, 'Sec-Fetch-Site': 'same-origin'}, 201],
    [{...proxied, Origin: own}, 201],
    [{...proxied, Origin: 'http://registry.example'}, 403],
    [{...proxied, Origin: 'https://registry.example:8443'}, 403],
  ] as const) {
    const answer = await holdfast.api
      .post('/api/v1/session')
      .set(headers)
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
  const client = await signInHere(holdfast, 'anna');
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
  const client = await signInHere(holdfast, 'anna');
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
  const [left, used] = [await signInHere(holdfast, 'anna'), await signInHere(holdfast, 'anna')];
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

test('whoever revokes a token of his stays signed in, and it counts no more', async (t) => {
  const holdfast = await startWithAccounts(t);
  await holdfast.person('anna');
  const client = await signInHere(holdfast, 'anna');
  const base = `${holdfast.url}/api/v1/users`;
  const made = await client.ask('POST', `${base}/anna/application_tokens`, {application: 'laptop'});
  const {id, plain_token: token} = JSON.parse(made.body) as {id: string; plain_token: string};
  await holdfast
    .as(basic('anna', secret(token)))
    .get('/auth/token')
    .expect(200);
  const listed = await client.get(`${base}/anna/application_tokens`);
  t.false(listed.body.includes(token));
  t.is((await client.ask('DELETE', `${base}/application_tokens/${id}`)).status, 204);
  await holdfast.as(basic('anna', token)).get('/auth/token').expect(401);
  t.is((await whoIs(holdfast, client))?.name, 'anna');
});
