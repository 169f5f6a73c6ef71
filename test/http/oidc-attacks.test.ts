/** What strangers, and providers that are not what they should be, try with a sign-in. */
import test, {type ExecutionContext} from 'ava';
import {startWithAccounts, type WithAccounts} from '../support/accounts.ts';
import {type Issuer, newSigningKey, startIssuer} from '../support/issuer.ts';
import {comeBack, problemOf, signIn, startWithProvider, whoIs} from '../support/sign-in.ts';
import {WebClient, type WebAnswer} from '../support/web-client.ts';

test('an answer of the provider counts once', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('x', {preferred_username: 'anna'});
  const client = new WebClient();
  const back = await comeBack(holdfast, 'x', client);
  const sealed = client.cookies.find(({name}) => name === 'holdfast-login');
  t.is(problemOf(await client.get(back)), null);
  t.is(client.cookie('holdfast-login'), undefined);
  // Even where the browser still has what it should have forgotten.
  if (sealed) client.plant(sealed);
  const again = await client.get(back);
  t.is(problemOf(again), 'not-begun');
});

test('an answer that comes after ten minutes counts no more', async (t) => {
  let time = Date.now();
  const holdfast = await startWithProvider(t, {}, {now: () => new Date(time)});
  holdfast.provider.people.set('x', {preferred_username: 'anna'});
  const client = new WebClient();
  const back = await comeBack(holdfast, 'x', client);
  time += 600_001;
  t.is(problemOf(await client.get(back)), 'not-begun');
  t.is(await whoIs(holdfast, client), undefined);
});

test('an answer that another browser got signs nobody in', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('attacker', {preferred_username: 'mallory'});
  const link = await comeBack(holdfast, 'attacker', new WebClient());
  const victim = new WebClient();
  t.is(problemOf(await victim.get(link)), 'not-begun');
  // One of his own is under way.
  await victim.get(`${holdfast.url}/auth/oidc/corp`);
  const answer = await victim.get(link);
  t.is(problemOf(answer), 'not-begun');
  t.is(await whoIs(holdfast, victim), undefined);
});

test('an answer with another state, two states or none signs nobody in', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('x', {preferred_username: 'anna'});
  for (const change of [
    (url: URL) => {
      url.searchParams.set('state', 'another');
    },
    (url: URL) => {
      url.searchParams.append('state', 'another');
    },
    (url: URL) => {
      url.searchParams.delete('state');
    },
    (url: URL) => {
      url.searchParams.set('more', 'x'.repeat(20_000));
    },
  ]) {
    const client = new WebClient();
    const back = new URL(await comeBack(holdfast, 'x', client));
    change(back);
    const problem = problemOf(await client.get(back.href)) ?? '';
    t.regex(problem, /^(?:not-begun|invalid)$/, back.search.slice(0, 200));
    t.is(await whoIs(holdfast, client), undefined);
  }
});

test('an error that comes without a login of this browser is none of ours, and its word is in the log', async (t) => {
  const holdfast = await startWithProvider(t);
  const back = `${holdfast.url}/auth/oidc/corp/callback`;
  const answer = await new WebClient().get(`${back}?error=invalid_scope&error_description=Call+us`);
  t.is(problemOf(answer), 'not-begun');
  t.notRegex(answer.url + answer.body, /invalid_scope|Call.us/);
  t.true(
    holdfast.log.some(({error, provider}) => error === 'invalid_scope' && provider === 'corp'),
  );
});

test('a session that was planted before the sign-in is not the one after it', async (t) => {
  const holdfast = await startWithProvider(t);
  const {people} = holdfast.provider;
  people.set('attacker', {preferred_username: 'mallory'});
  people.set('victim', {preferred_username: 'anna'});
  const attacker = (await signIn(holdfast, 'attacker')).client;
  const client = new WebClient();
  const planted = attacker.cookies.find(({name}) => name === 'holdfast');
  if (planted) client.plant(planted);
  await signIn(holdfast, 'victim', {client});
  t.is((await whoIs(holdfast, client))?.name, 'anna');
  t.not(client.cookie('holdfast'), planted?.value);
  // The browser's former one is over for all who have it.
  t.is(await whoIs(holdfast, attacker), undefined);
});

test('nobody is led elsewhere, whatever is written behind the address', async (t) => {
  const holdfast = await startWithProvider(t);
  holdfast.provider.people.set('x', {preferred_username: 'anna'});
  const client = new WebClient();
  const back = await comeBack(holdfast, 'x', client);
  const answer = await client.get(`${back}&next=https://evil.example&return_to=//evil.example`, {
    follow: false,
  });
  t.is(answer.status, 303);
  t.is(answer.headers.location, '/');
});

interface Hostile {
  readonly holdfast: WithAccounts;
  readonly issuer: Issuer;
}

/** A provider of our own making: `idToken` is what it answers to the code. */
async function startHostile(t: ExecutionContext, timeout = '20s'): Promise<Hostile> {
  const issuer = await startIssuer(t);
  const {url, caFile} = issuer;
  const oidc = [{id: 'corp', issuer: url, clientId: 'holdfast', caFile, timeout}];
  return {issuer, holdfast: await startWithAccounts(t, {auth: {oidc}})};
}

type Claims = Readonly<Record<string, unknown>>;

/** The whole of a login, with the claims that are given over the right ones; `iss` of the answer as well. */
async function login(
  {holdfast, issuer}: Hostile,
  {
    claims = {},
    iss = issuer.url,
    token = async (given) => issuer.sign(given),
  }: {
    readonly claims?: Claims;
    readonly iss?: string | null;
    readonly token?: (claims: Claims) => Promise<string>;
  } = {},
): Promise<{readonly client: WebClient; readonly answer: WebAnswer}> {
  const client = new WebClient();
  const begun = await client.get(`${holdfast.url}/auth/oidc/corp`, {follow: false});
  const {searchParams} = new URL(begun.headers.location ?? '');
  const right = {
    sub: 'somebody',
    aud: 'holdfast',
    nonce: searchParams.get('nonce'),
    preferred_username: 'zoe',
    name: 'Zoe',
    email: 'zoe@example.org',
  };
  issuer.answers['/token'] = async () => ({
    access_token: 'an access token',
    token_type: 'Bearer',
    id_token: await token({...right, ...claims}),
  });
  const query = new URLSearchParams({code: 'a code', state: searchParams.get('state') ?? ''});
  if (iss !== null) query.set('iss', iss);
  const callback = searchParams.get('redirect_uri') ?? '';
  return {client, answer: await client.get(`${callback}?${query.toString()}`)};
}

test('a provider of our own making signs people in, where all is right', async (t) => {
  const place = await startHostile(t);
  const {answer, client} = await login(place);
  t.is(problemOf(answer), null);
  t.is((await whoIs(place.holdfast, client))?.name, 'zoe');
});

const forgeries: Readonly<Record<string, (issuer: Issuer) => Parameters<typeof login>[1]>> = {
  'another nonce': () => ({claims: {nonce: 'another'}}),
  'no nonce': () => ({claims: {nonce: undefined}}),
  'another audience': () => ({claims: {aud: 'another-client'}}),
  'another issuer': () => ({claims: {iss: 'https://another.example'}}),
  'an end in the past': () => ({claims: {exp: Math.floor(Date.now() / 1000) - 3600}}),
  'the signature of another key': (issuer) => ({
    token: async (claims) => issuer.sign(claims, await newSigningKey('another')),
  }),
  'the signature of another key under the name of its own': (issuer) => ({
    token: async (claims) =>
      issuer.sign(claims, {...(await newSigningKey('another')), id: issuer.key.id}),
  }),
  'a payload that was changed': (issuer) => ({
    token: async (claims) => {
      const [head, , signature] = (await issuer.sign(claims)).split('.');
      const body = JSON.stringify({...claims, iss: issuer.url, sub: 'the admin', exp: 9e9, iat: 1});
      return [head, Buffer.from(body).toString('base64url'), signature].join('.');
    },
  }),
  'no signature at all': (issuer) => ({
    token: async (claims) =>
      Promise.resolve(
        [{alg: 'none'}, {...claims, iss: issuer.url, exp: 9e9, iat: 1}]
          .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
          .join('.')
          .concat('.'),
      ),
  }),
  'no token but a word': () => ({token: async () => Promise.resolve('garbage')}),
  'the name of another issuer beside the code': () => ({iss: 'https://another.example'}),
  'no issuer beside the code, where it promises one': () => ({iss: null}),
};

for (const [what, forge] of Object.entries(forgeries)) {
  test(`an answer with ${what} signs nobody in, and the log says why`, async (t) => {
    const place = await startHostile(t);
    const {answer, client} = await login(place, forge(place.issuer));
    t.is(problemOf(answer), 'invalid');
    t.is(await whoIs(place.holdfast, client), undefined);
    const line = place.holdfast.log.find(({msg}) => msg === 'login refused');
    t.is(line?.['reason'], 'invalid');
    t.regex(String(line?.['why']), /\w{4}/);
  });
}

test('what a provider writes is cleaned and is text, and its groups are not taken for none where they are elsewhere', async (t) => {
  const issuer = await startIssuer(t);
  const {url, caFile} = issuer;
  const provider = {id: 'corp', issuer: url, clientId: 'holdfast', caFile};
  const oidc = [{...provider, teams: [{group: 'x', team: 'x'}]}];
  const place = {issuer, holdfast: await startWithAccounts(t, {auth: {oidc}})};
  const name = '<script>alert(1)</script>"&\u202E';
  const {client} = await login(place, {claims: {name, groups: []}});
  const session = await client.get(`${place.holdfast.url}/api/v1/session`);
  t.regex(String(session.headers['content-type']), /^application\/json/);
  t.is(session.headers['x-content-type-options'], 'nosniff');
  t.like(JSON.parse(session.body), {user: {displayName: '<script>alert(1)</script>"&'}});
  issuer.answers['/userinfo'] = () => ({sub: 'somebody'});
  const claims = {_claim_names: {groups: 'src1'}};
  const overflow = await login(place, {claims});
  t.is(problemOf(overflow.answer), 'unavailable');
  t.true(place.holdfast.log.some(({err}) => JSON.stringify(err ?? '').includes('more groups')));
});

const troubles: Readonly<Record<string, (issuer: Issuer) => void>> = {
  'answers garbage for tokens': (issuer) => {
    issuer.answers['/token'] = (_form, response) => {
      response.end('<html>garbage');
    };
  },
  'answers 500 for tokens': (issuer) => {
    issuer.answers['/token'] = (_form, response) => {
      response.statusCode = 500;
      response.end('oh');
    };
  },
  'redirects what has a secret in it': (issuer) => {
    issuer.answers['/token'] = (_form, response) => {
      response.writeHead(307, {Location: `${issuer.url}/elsewhere`}).end();
    };
  },
  'does not know the client': (issuer) => {
    issuer.answers['/token'] = (_form, response) => {
      response.statusCode = 401;
      return {error: 'invalid_client', error_description: 'who are you'};
    };
  },
  'says nothing when asked for tokens': (issuer) => {
    issuer.answers['/token'] = () => undefined;
  },
  'has no keys': (issuer) => {
    issuer.answers['/keys'] = (_form, response) => {
      response.end('garbage');
    };
  },
};

for (const [what, spoil] of Object.entries(troubles)) {
  test(`a provider that ${what} is told on the page of the sign-in, and the log says what to change`, async (t) => {
    const isSilent = what.startsWith('says nothing');
    const place = await startHostile(t, isSilent ? '4s' : '20s');
    const client = new WebClient();
    const begun = await client.get(`${place.holdfast.url}/auth/oidc/corp`, {follow: false});
    const {searchParams} = new URL(begun.headers.location ?? '');
    place.issuer.answers['/token'] = async () => ({
      access_token: 'an access token',
      token_type: 'Bearer',
      id_token: await place.issuer.sign({
        sub: 'x',
        aud: 'holdfast',
        nonce: searchParams.get('nonce'),
      }),
    });
    spoil(place.issuer);
    const query = new URLSearchParams({
      code: 'a code',
      state: searchParams.get('state') ?? '',
      iss: place.issuer.url,
    });
    const callback = searchParams.get('redirect_uri') ?? '';
    const answer = await client.get(`${callback}?${query.toString()}`);
    t.regex(problemOf(answer) ?? '', /^(?:unavailable|not-set-up)$/);
    t.is(await whoIs(place.holdfast, client), undefined);
    t.is(place.issuer.asked.get('/elsewhere'), undefined);
    const line = place.holdfast.log.find(({msg}) => msg === 'provider can not be asked');
    t.regex(JSON.stringify(line), /https:\/\/127\.0\.0\.1:\d+/);
  });
}
