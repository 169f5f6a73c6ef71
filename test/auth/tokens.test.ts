import test from 'ava';
import {decodeJwt} from 'jose';
import {createTokenIssuer} from '../../src/auth/token-issuer.ts';
import {createTokenVerifier} from '../../src/auth/token-verifier.ts';
import type {PublicKey} from '../../src/auth/keys/public-key.ts';
import {issuer, keysBench, minute, service} from './keys-workbench.ts';

const access = [
  {type: 'repository', name: 'a/b', actions: ['pull', 'push']},
  {type: 'registry', name: 'catalog', actions: ['*']},
];

test('a token says what the Docker token specification asks for, in whole seconds', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const issued = await bench.issue(keys, {
    access,
    accountId: 'u1',
    generation: 7,
    expiresIn: 59_001,
  });
  const seconds = Math.floor(bench.time.getTime() / 1000);
  t.deepEqual(decodeJwt(issued.token), {
    iss: issuer,
    sub: 'ann',
    aud: service,
    exp: seconds + 60,
    nbf: seconds,
    iat: seconds,
    jti: issued.id,
    access,
    holdfast: {account: 'u1', generation: 7},
  });
  t.is(issued.expiresIn, 60);
  t.deepEqual(issued.issuedAt, new Date(seconds * 1000));
  t.regex(issued.id, /^[A-Za-z0-9_-]{22}$/);
});

test('the verifier tells what the issuer was told', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const limits = {namespaces: ['a'], isPullOnly: true};
  const {token, id, issuedAt} = await bench.issue(keys, {
    access,
    accountId: 'u1',
    generation: 0,
    limits,
  });
  t.deepEqual(await bench.verify(keys, token), {
    outcome: 'accepted',
    token: {
      id,
      subject: 'ann',
      audience: service,
      accountId: 'u1',
      generation: 0,
      limits,
      access,
      notBefore: issuedAt,
      issuedAt,
      expiresAt: new Date(issuedAt.getTime() + 15 * minute),
    },
  });
});

test('an anonymous token has an empty subject and nothing of an account', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const {token} = await createTokenIssuer({keys, issuer, now: () => bench.time}).issue({
    subject: '',
    audience: service,
    access: [],
    expiresIn: minute,
  });
  t.false('holdfast' in decodeJwt(token));
  const answer = await bench.verify(keys, token);
  if (answer.outcome !== 'accepted') return t.fail();
  t.is(answer.token.subject, '');
  t.false('accountId' in answer.token);
  t.false('generation' in answer.token);
});

test('no two tokens have the same id', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const issued = await Promise.all(Array.from({length: 200}, async () => bench.issue(keys)));
  t.is(new Set(issued.map(({id}) => id)).size, 200);
});

test('each accepted service is an audience', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const services = [service, 'registry.example.org:5000'];
  const verifier = createTokenVerifier({keys, issuer, services, now: () => bench.time});
  for (const audience of services) {
    const {token} = await bench.issue(keys, {audience});
    t.is((await verifier.verify(token)).outcome, 'accepted');
  }
});

const ways = {'over one connection': {}, 'each time over another connection': undefined};

for (const [way, connection] of Object.entries(ways)) {
  test(`a token that comes ${way} is verified once, and its end is looked at each time`, async (t) => {
    const bench = await keysBench(t);
    const signing = await bench.open();
    let asked = 0;
    const keys = {
      trusted: (kid: string) => signing.trusted(kid),
      find: async (kid: string): Promise<PublicKey | undefined> => {
        asked++;
        return signing.find(kid);
      },
    };
    const verifier = createTokenVerifier({
      keys,
      issuer,
      services: [service],
      now: () => bench.time,
    });
    const {token} = await bench.issue(signing);
    t.is((await verifier.verify(token, connection)).outcome, 'accepted');
    t.is((await verifier.verify(token, connection)).outcome, 'accepted');
    bench.later(17 * minute);
    t.like(await verifier.verify(token, connection), {outcome: 'rejected', reason: 'expired'});
    t.is(asked, 1);
  });
}

test('of two tokens that come by one connection each is what it is', async (t) => {
  const bench = await keysBench(t);
  const keys = await bench.open();
  const verifier = createTokenVerifier({keys, issuer, services: [service], now: () => bench.time});
  const connection = {};
  const subjects = ['anna', 'bert', 'anna', 'bert'];
  const tokens = new Map<string, string>();
  for (const subject of subjects) {
    const token = tokens.get(subject) ?? (await bench.issue(keys, {subject})).token;
    tokens.set(subject, token);
    t.like(await verifier.verify(token, connection), {outcome: 'accepted', token: {subject}});
  }
});
