import {
  createApplicationToken,
  deleteApplicationToken,
  findApplicationToken,
  listApplicationTokens,
  purgeApplicationTokens,
  recordApplicationTokenUse,
} from '../../src/metadata/application-tokens.ts';
import {
  createRefreshToken,
  findRefreshToken,
  type NewRefreshToken,
  purgeRefreshTokens,
  recordRefreshTokenUse,
} from '../../src/metadata/refresh-tokens.ts';
import {readRevision} from '../../src/metadata/revisions.ts';
import {
  createSession,
  deleteSessionsOf,
  findSession,
  listSessions,
  recordSessionUse,
} from '../../src/metadata/sessions.ts';
import {
  hasLease,
  hasLeasedBlob,
  leaseUpload,
  purgeLeases,
  recordLeasedBlob,
} from '../../src/metadata/upload-leases.ts';
import {freshOn, onEachEngine} from '../contract/engines.ts';
import {made, now, person} from './workbench.ts';

const day = 86_400_000;

onEachEngine(
  'an application token is found with its hash, and listed without it',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const limits = {namespaces: ['a', 'b/c'], isPullOnly: true, expiresAt: now + day};
    const ci = {id: 'one', userId, name: 'ci', hash: 'secret', ...limits, now};
    const token = made(await createApplicationToken(db, ci));
    t.like(token, limits);
    t.deepEqual(await findApplicationToken(db, 'one'), {token, hash: 'secret'});
    const plain = {id: 'two', userId, name: 'all', hash: 'secret', isPullOnly: false, now};
    made(await createApplicationToken(db, plain));
    const listed = await listApplicationTokens(db, userId);
    t.like(listed, [{name: 'all', namespaces: undefined, expiresAt: undefined}, {name: 'ci'}]);
    t.false(JSON.stringify(listed).includes('secret'));
    t.is(await createApplicationToken(db, {...ci, id: 'three'}), 'taken');
    const stray = {...ci, id: 'three', userId: 'nobody'};
    t.is(await createApplicationToken(db, stray), 'unknown-user');
  },
);

onEachEngine('a user has a hundred application tokens at most', async (t, engine) => {
  const db = await freshOn(t, engine);
  const {id: userId} = await person(db, 'ada');
  const token = (number: number) => {
    const id = `token-${number}`;
    return {id, userId, name: id, hash: 'h', isPullOnly: false, now};
  };
  for (let number = 1; number <= 100; number += 1) {
    made(await createApplicationToken(db, token(number)));
  }
  t.is(await createApplicationToken(db, token(101)), 'too-many');
});

onEachEngine(
  'an application token is deleted by its user alone, and takes its refresh tokens along',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const token = {id: 'one', userId, name: 'ci', hash: 'h', isPullOnly: false, now};
    made(await createApplicationToken(db, token));
    const refresh = {id: 'r', userId, service: 's', clientId: 'c', hash: 'h', generation: 1};
    const times = {now, expiresAt: now + day};
    const application = {applicationTokenId: 'one'};
    t.true(await createRefreshToken(db, {...refresh, ...application, ...times}));
    t.false(await deleteApplicationToken(db, {id: 'one', userId: 'other'}));
    const before = await readRevision(db);
    t.true(await deleteApplicationToken(db, {id: 'one', userId}));
    t.is(await readRevision(db), before + 1);
    t.is(await findRefreshToken(db, {id: 'r', now}), undefined);
    t.false(await createRefreshToken(db, {...refresh, ...application, ...times}));
    t.false(await createRefreshToken(db, {...refresh, ...times, userId: 'nobody'}));
  },
);

onEachEngine(
  'the use of an application token is noted once a minute; expired ones are purged',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const common = {userId, hash: 'h', isPullOnly: false, now};
    made(await createApplicationToken(db, {...common, id: 'a', name: 'a', expiresAt: now + day}));
    made(await createApplicationToken(db, {...common, id: 'b', name: 'b'}));
    for (const [later, noted] of [
      [0, 0],
      [59_999, 0],
      [60_000, 60_000],
    ] as const) {
      await recordApplicationTokenUse(db, {id: 'a', now: now + later});
      t.is((await findApplicationToken(db, 'a'))?.token.lastUsedAt, now + noted);
    }
    t.is(await purgeApplicationTokens(db, {expiredBefore: now}), 0);
    t.is(await purgeApplicationTokens(db, {expiredBefore: now + day}), 1);
    t.like(await listApplicationTokens(db, userId), [{id: 'b'}]);
  },
);

const refreshToken = (userId: string, id: string): NewRefreshToken => ({
  id,
  userId,
  service: 'holdfast',
  clientId: 'docker',
  hash: 'secret',
  generation: 1,
  now,
  expiresAt: now + 90 * day,
});

onEachEngine(
  'a refresh token that is used goes on, and one that is left alone ends',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    t.true(await createRefreshToken(db, refreshToken(userId, 'one')));
    const ends = async () => (await findRefreshToken(db, {id: 'one', now}))?.token.expiresAt;
    const use = async (at: number) =>
      recordRefreshTokenUse(db, {id: 'one', now: at, expiresAt: at + 90 * day});
    await use(now + 60_000);
    t.is(await ends(), now + 90 * day);
    await use(now + day);
    t.is(await ends(), now + 91 * day);
    t.is(await findRefreshToken(db, {id: 'one', now: now + 91 * day}), undefined);
    await use(now + 91 * day);
    t.is(await ends(), now + 91 * day);
    t.is(await purgeRefreshTokens(db, {now: now + 91 * day - 1}), 0);
    t.is(await purgeRefreshTokens(db, {now: now + 91 * day}), 1);
  },
);

onEachEngine(
  'sessions and refresh tokens are used until their last moment, whatever that is',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const session = {id: 'one', userId, hash: 'h', generation: 1, provider: 'local', now};
    const expiresAt = now + 100_001;
    t.true(await createSession(db, {...session, expiresAt}));
    t.true(await createRefreshToken(db, {...refreshToken(userId, 'one'), expiresAt}));
    for (const at of [now + 2000, now + 100_000]) {
      await recordSessionUse(db, {id: 'one', now: at, expiresAt});
      await recordRefreshTokenUse(db, {id: 'one', now: at, expiresAt});
      t.is((await findSession(db, {id: 'one', now: at}))?.session.lastUsedAt, at);
      t.is((await findRefreshToken(db, {id: 'one', now: at}))?.token.lastUsedAt, at);
    }
    t.is(await findSession(db, {id: 'one', now: expiresAt}), undefined);
  },
);

onEachEngine(
  'sessions are listed as far as they count, the one used last first, and ended one by one or all but one',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const {id: other} = await person(db, 'bert');
    const session = {userId, hash: 'h', generation: 1, provider: 'local', now};
    const expiresAt = now + day;
    const place = {address: '192.0.2.7', userAgent: 'Browser/1.0', isRemembered: true};
    await createSession(db, {...session, ...place, id: 'one', expiresAt});
    await createSession(db, {...session, id: 'two', now: now + 1, expiresAt});
    await createSession(db, {...session, id: 'three', now: now + 2, expiresAt});
    await createSession(db, {...session, id: 'former', generation: 0, expiresAt});
    await createSession(db, {...session, id: 'over', expiresAt: now + 10});
    await createSession(db, {...session, id: 'of another', userId: other, expiresAt});
    const list = async () => listSessions(db, {userId, generation: 1, now: now + 10});
    const ids = async () => (await list()).map(({id}) => id);
    t.deepEqual(await ids(), ['three', 'two', 'one']);
    const [, second, first] = await list();
    t.like(first, place);
    t.like(second, {address: undefined, userAgent: undefined, isRemembered: false});
    t.is(await deleteSessionsOf(db, {userId: other, only: 'two'}), 0);
    t.is(await deleteSessionsOf(db, {userId, only: 'two'}), 1);
    t.deepEqual(await ids(), ['three', 'one']);
    t.is(await deleteSessionsOf(db, {userId, except: 'one'}), 3);
    t.deepEqual(await ids(), ['one']);
    t.not(await findSession(db, {id: 'of another', now}), undefined);
  },
);

onEachEngine(
  'refresh tokens are found with their hash, and made without a new revision',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    const before = await readRevision(db);
    for (const id of ['one', 'two', 'three']) {
      t.true(await createRefreshToken(db, refreshToken(userId, id)));
    }
    t.is(await readRevision(db), before);
    t.like(await findRefreshToken(db, {id: 'one', now}), {hash: 'secret', token: {userId}});
  },
);

onEachEngine(
  'a user has 5,000 refresh tokens at most: the one unused for longest makes room',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const {id: userId} = await person(db, 'ada');
    await db.transaction().execute(async (turn) => {
      for (let number = 0; number < 5001; number += 1) {
        const token = refreshToken(userId, `token-${number}`);
        await createRefreshToken(turn, {...token, now: now + number});
      }
    });
    const {length} = await db.selectFrom('refresh_tokens').select('id').execute();
    t.is(length, 5000);
    t.is(await findRefreshToken(db, {id: 'token-0', now}), undefined);
    t.truthy(await findRefreshToken(db, {id: 'token-1', now}));
  },
);

onEachEngine(
  'a lease is of one token and one repository, and ends; it never gets shorter',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const key = {tokenId: 'jti', repository: 'a/b'};
    t.false(await hasLease(db, {...key, now}));
    await leaseUpload(db, {...key, expiresAt: now + 10});
    await leaseUpload(db, {...key, expiresAt: now + 20});
    await leaseUpload(db, {...key, expiresAt: now + 5});
    t.true(await hasLease(db, {...key, now: now + 19}));
    t.false(await hasLease(db, {...key, now: now + 20}));
    t.false(await hasLease(db, {...key, repository: 'a/c', now}));
    t.false(await hasLease(db, {...key, tokenId: 'other', now}));
  },
);

onEachEngine(
  'of the blobs of a manifest one that the token has uploaded is found, among thousands',
  async (t, engine) => {
    const db = await freshOn(t, engine);
    const key = {tokenId: 'jti', repository: 'a/b'};
    const digests = Array.from({length: 5000}, (_, number) => `sha256:${number}`);
    t.false(await hasLeasedBlob(db, {...key, digests, now}));
    t.false(await hasLeasedBlob(db, {...key, digests: [], now}));
    for (const expiresAt of [now + 10, now + 20, now + 5]) {
      await recordLeasedBlob(db, {...key, digest: 'sha256:4999', expiresAt});
    }
    t.true(await hasLeasedBlob(db, {...key, digests, now: now + 19}));
    t.false(await hasLeasedBlob(db, {...key, digests, now: now + 20}));
    t.false(await hasLeasedBlob(db, {...key, repository: 'a/c', digests, now}));
    t.false(await hasLeasedBlob(db, {...key, tokenId: 'other', digests, now}));
    await leaseUpload(db, {...key, expiresAt: now + 10});
    t.is(await purgeLeases(db, {now: now + 9}), 0);
    t.is(await purgeLeases(db, {now: now + 10}), 1);
    t.is(await purgeLeases(db, {now: now + 20}), 1);
  },
);
