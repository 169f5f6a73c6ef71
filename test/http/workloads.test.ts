/** ID tokens of a CI as the password of a robot. */
import {createServer} from 'node:net';
import {once} from 'node:events';
import test, {type ExecutionContext} from 'ava';
import {SignJWT, type JWTPayload} from 'jose';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {findUserByName} from '../../src/metadata/users.ts';
import {
  basic,
  lastRefused,
  soon,
  startWithAccounts,
  type WithAccounts,
} from '../support/accounts.ts';
import {pushImage} from '../support/content.ts';
import type {Settings} from '../support/in-process.ts';
import {type Issuer, newSigningKey, startIssuer} from '../support/issuer.ts';
import {findValue, metrics} from '../support/metrics.ts';
import {secret} from '../support/secrets.ts';

interface Place extends WithAccounts {
  readonly issuer: Issuer;
  /** The status of the token realm to this robot with these claims over the right ones. */
  status(claims?: JWTPayload, robot?: string): Promise<number>;
}

const right = {
  sub: 'project_path:acme/app:ref_type:branch:ref:main',
  aud: 'registry.example.org',
  project_path: 'acme/app',
  ref_protected: 'true',
};

async function start(
  t: ExecutionContext,
  {
    auth,
    timeout = '20s',
    ...settings
  }: Settings & {readonly now?: () => Date; readonly timeout?: string} = {},
): Promise<Place> {
  const issuer = await startIssuer(t);
  const workloads = [
    {
      issuer: issuer.url,
      caFile: issuer.caFile,
      timeout,
      audience: right.aud,
      claims: {project_path: ['acme/*', 'tools'], ref_protected: 'true'},
      robot: 'ci',
    },
  ];
  const holdfast = await startWithAccounts(t, {...settings, auth: {...auth, workloads}});
  await holdfast.person('owner');
  await holdfast.team('acme', {owner: 'owner'});
  await holdfast.namespace('acme', 'acme');
  await holdfast.robot('ci', 'acme', 'contributor');
  return {
    ...holdfast,
    issuer,
    status: async (claims = {}, robot = 'ci') => {
      const token = await issuer.sign({...right, ...claims});
      return (await holdfast.as(basic(robot, token)).get('/auth/token')).status;
    },
  };
}

/** Of the last login that was refused. */
const reasonIn = ({log}: Place): unknown =>
  log.findLast(({msg}) => msg === 'login refused')?.['reason'];

test('an ID token that is at its end gives a token that is soon over, and not one that was over before', async (t) => {
  const holdfast = await start(t);
  // Clocks may differ by so much.
  const exp = Math.floor(Date.now() / 1000) - 15;
  const token = await holdfast.issuer.sign({...right, exp});
  const answer = await holdfast.as(basic('ci', token)).get('/auth/token').expect(200);
  t.is((answer.body as {expires_in: number}).expires_in, 1);
});

test('a pipeline pushes with its ID token, by a token and by Basic', async (t) => {
  const holdfast = await start(t);
  const token = await holdfast.issuer.sign(right);
  await pushImage(holdfast.as(basic('ci', token)), 'acme/app', {tag: 'v1'});
  const answer = await holdfast
    .as(basic('ci', token))
    .get('/auth/token?scope=repository:acme/app:pull,push')
    .expect(200);
  const {token: access} = answer.body as {token: string};
  const list = await holdfast.as(`Bearer ${secret(access)}`).get('/v2/acme/app/tags/list');
  t.deepEqual(list.body, {name: 'acme/app', tags: ['v1']});
});

test('no refresh token comes of an ID token, and no session', async (t) => {
  const holdfast = await start(t);
  const token = await holdfast.issuer.sign(right);
  const answer = await holdfast.as(basic('ci', token)).get('/auth/token?offline_token=true');
  t.is(answer.status, 200);
  t.is((answer.body as {refresh_token?: string}).refresh_token, undefined);
  const given = {username: 'ci', password: token};
  await holdfast.api.post('/api/v1/session').send(given).expect(401);
});

for (const [what, claims, reason] of [
  ['another audience', {aud: 'another'}, /claim aud/],
  ['another value of a claim', {project_path: 'evil/app'}, /the claim project_path/],
  ['a claim missing', {ref_protected: undefined}, /the claim ref_protected/],
  ['an end that is over', {exp: Math.floor(Date.now() / 1000) - 120}, /has expired/],
  ['a beginning to come', {nbf: Math.floor(Date.now() / 1000) + 600}, /claim nbf/],
] as const) {
  test(`an ID token with ${what} is refused, and the log says why`, async (t) => {
    const holdfast = await start(t);
    t.is(await holdfast.status(claims), 401);
    t.regex(String(reasonIn(holdfast)), reason);
    t.is(await holdfast.status(), 200);
  });
}

test('an ID token is the password of the robot of its rule alone', async (t) => {
  const holdfast = await start(t);
  await holdfast.robot('other', 'acme', 'viewer');
  t.is(await holdfast.status({}, 'other'), 401);
  t.is(await holdfast.status({}, 'owner'), 401);
  t.regex(String(reasonIn(holdfast)), /no rule makes/);
});

test('forged ID tokens are refused: another key, none, the public key as a secret', async (t) => {
  const holdfast = await start(t);
  const {issuer} = holdfast;
  const another = await newSigningKey('another');
  const claims = {...right, iss: issuer.url};
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + 600;
  const shared = new TextEncoder().encode(JSON.stringify(issuer.key.publicKey));
  const forged = [
    await issuer.sign(right, another),
    await issuer.sign(right, {...another, id: issuer.key.id}),
    `${encode({alg: 'none'})}.${encode({...claims, exp})}.`,
    await new SignJWT({...claims, exp}).setProtectedHeader({alg: 'HS256'}).sign(shared),
    `${(await issuer.sign(right)).slice(0, -4)}AAAA`,
    await issuer.sign({...right, iss: 'https://another.example'}),
    `eyJhbGciOiJFUzI1NiJ9.eyJ${'a'.repeat(40_000)}.x`,
  ];
  for (const token of forged) {
    await holdfast.as(basic('ci', token)).get('/auth/token').expect(401);
  }
  t.is(await holdfast.status(), 200);
});

test('guesses with ID tokens lock nobody out', async (t) => {
  const holdfast = await start(t, {auth: {failures: 2}});
  for (let count = 0; count < 5; count += 1) t.is(await holdfast.status({aud: 'no'}), 401);
  t.is(await holdfast.status(), 200);
});

test('the keys of an issuer are asked for once for many tokens', async (t) => {
  const holdfast = await start(t);
  t.is(await holdfast.status(), 200);
  const asked = holdfast.issuer.asked.get('/keys');
  t.is(await holdfast.status({jti: 'another'}), 200);
  t.is(holdfast.issuer.asked.get('/keys'), asked);
});

test('an issuer that is down is a 503 for its pipelines, and nothing for all others', async (t) => {
  const holdfast = await start(t, {metrics});
  await holdfast.issuer.stop();
  const token = await holdfast.issuer.sign(right);
  const answer = await holdfast.as(basic('ci', token)).get('/auth/token').expect(503);
  const {host} = new URL(holdfast.issuer.url);
  t.true(answer.text.includes(`logins can not be checked at present: ${host} can not be asked`));
  t.is(await findValue(holdfast, `holdfast_login_provider_up{provider="workloads:${host}"}`), 0);
  const ready = await holdfast.api.get('/readyz').expect(200);
  const {checks} = ready.body as {checks: {name: string; status: string}[]};
  t.is(checks.find(({name}) => name === `provider workloads:${host}`)?.status, 'degraded');
  await holdfast.as(basic('owner')).get('/auth/token').expect(200);
  await holdfast.issuer.start();
  t.is(await holdfast.status(), 200);
  t.is(await findValue(holdfast, `holdfast_login_provider_up{provider="workloads:${host}"}`), 1);
});

const troubles: Readonly<Record<string, (issuer: Issuer) => void>> = {
  'answers garbage': ({answers}) => {
    answers['/.well-known/openid-configuration'] = (_form, response) => {
      response.end('garbage');
    };
  },
  'calls itself otherwise': ({answers, url}) => {
    answers['/.well-known/openid-configuration'] = () => ({
      issuer: 'https://another.example',
      jwks_uri: `${url}/keys`,
    });
  },
  'has keys that are garbage': ({answers}) => {
    answers['/keys'] = () => ({keys: 'none'});
  },
  'answers 500 for its keys': ({answers}) => {
    answers['/keys'] = (_form, response) => {
      response.statusCode = 500;
      return {};
    };
  },
  'says nothing': ({answers}) => {
    answers['/keys'] = () => undefined;
  },
  'sends without end': ({answers}) => {
    answers['/keys'] = (_form, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    };
  },
};

for (const [what, spoil] of Object.entries(troubles)) {
  test(`an issuer that ${what} is a 503, and the log says why`, async (t) => {
    const holdfast = await start(t, {timeout: '1s'});
    spoil(holdfast.issuer);
    t.is(await holdfast.status(), 503);
    const line = holdfast.log.find(({msg}) => msg === 'provider can not be asked');
    t.regex(JSON.stringify(line), /"provider":"workloads:.*"finding":/);
  });
}

test('an issuer whose certificate is not trusted is a 503, and the log says what to set', async (t) => {
  const issuer = await startIssuer(t);
  const rule = {audience: right.aud, claims: {project_path: 'acme/*'}, robot: 'ci'};
  const holdfast = await startWithAccounts(t, {auth: {workloads: [{...rule, issuer: issuer.url}]}});
  const token = await issuer.sign(right);
  await holdfast.as(basic('ci', token)).get('/auth/token').expect(503);
  const line = holdfast.log.find(({msg}) => msg === 'provider can not be asked');
  t.regex(JSON.stringify(line), /the certificate is not trusted.*set its caFile/);
});

test('a robot that is disabled or removed is refused at once', async (t) => {
  const holdfast = await start(t);
  t.is(await holdfast.status(), 200);
  const {id = ''} = (await findUserByName(holdfast.db, 'ci')) ?? {};
  const token = await holdfast.issuer.sign(right);
  const refused = async () =>
    (await holdfast.as(basic('ci', token)).get('/auth/token')).status === 401;
  t.false(await refused());
  await setEnabled(holdfast.db, {id, isEnabled: false, now: Date.now()});
  t.true((await lastRefused(refused)) < soon);
  t.is(await holdfast.status(), 401);
  await holdfast.db.deleteFrom('users').where('id', '=', id).execute();
  t.is(await holdfast.status(), 401);
});

test('what was right counts no longer than the ID token', async (t) => {
  let time = Date.now();
  const holdfast = await start(t, {now: () => new Date(time)});
  const exp = Math.floor(time / 1000) + 20;
  const token = await holdfast.issuer.sign({...right, exp});
  const status = async () => (await holdfast.as(basic('ci', token)).get('/auth/token')).status;
  const accepted = () => holdfast.log.filter(({msg}) => msg === 'login accepted').length;
  // What was made for the test has to be noticed first: until then nothing is remembered.
  await lastRefused(async () => {
    const before = accepted();
    t.is(await status(), 200);
    return accepted() === before;
  });
  time += 55_000;
  t.is(await status(), 401);
});

test('no provider of passwords is shown an ID token, whoever has made it', async (t) => {
  let connections = 0;
  const directory = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  t.teardown(() => directory.close());
  await once(directory, 'listening');
  const address = directory.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const ldap = {urls: [`ldap://127.0.0.1:${port}`], base: 'dc=ex,dc=org', timeout: '1s'};
  const holdfast = await start(t, {auth: {ldap}});
  t.is(await holdfast.status({aud: 'no'}, 'somebody'), 401);
  t.is(await holdfast.status({iss: 'https://another.example'}, 'somebody'), 401);
  await holdfast.issuer.stop();
  t.is(await holdfast.status({jti: 'x'}, 'somebody'), 401);
  t.is(connections, 0);
});
