import {hash as argon2} from '@node-rs/argon2';
import test from 'ava';
import {BusyError, Gate} from '../../src/auth/gate.ts';
import {needsRehash, PasswordHasher} from '../../src/auth/password-hash.ts';
import {isCheckable, passwordFault} from '../../src/auth/password-rules.ts';

const hasher = new PasswordHasher();

test('a password is kept as argon2id with the parameters of OWASP and a salt of its own', async (t) => {
  const [one, other] = await Promise.all([
    hasher.hash('correct horse'),
    hasher.hash('correct horse'),
  ]);
  t.regex(one, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  t.not(one, other);
  t.true(await hasher.verify(one, 'correct horse'));
  t.false(await hasher.verify(one, 'correct hors'));
  t.false(needsRehash(one));
  t.true(needsRehash(await argon2('correct horse', {memoryCost: 1024})));
});

test('a hash that is weaker in any way is made anew, and a stronger one is left as it is', async (t) => {
  const made = async (memoryCost: number, timeCost: number): Promise<boolean> =>
    needsRehash(await argon2('correct horse', {memoryCost, timeCost}));
  t.true(await made(19_455, 2));
  t.true(await made(19_456, 1));
  t.true(await made(65_536, 1));
  t.false(await made(19_456, 3));
  t.false(await made(32_768, 2));
  t.true(needsRehash('$argon2i$v=19$m=65536,t=3,p=1$c2FsdHNhbHQ$aGFzaGhhc2g'));
});

test('without a hash no password is right', async (t) => {
  t.false(await hasher.verify(undefined, 'correct horse'));
});

test('hashes of other parameters count, of other kinds or too costly ones are failures that do not name them', async (t) => {
  t.true(await hasher.verify(await argon2('correct horse', {memoryCost: 1024}), 'correct horse'));
  for (const stored of [
    '',
    'correct horse',
    '$2b$05$abcdefghijklmnopqrstuuabcdefghijklmnopqrstuabcdefghijklmno',
    '$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
    '$argon2id$v=19$m=1024,t=4000,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
  ]) {
    const error = await t.throwsAsync(hasher.verify(stored, 'correct horse'), undefined, stored);
    t.notRegex(error.message, /correct|c2Fsd/);
  }
});

test('a password has 8 to 128 characters, whatever their bytes, and can be sent', (t) => {
  for (const good of [
    '12345678',
    '密码密码密码密码',
    '🔑'.repeat(128),
    ' a b c d ',
    'a:b%"\'\\$é',
  ]) {
    t.is(passwordFault(good), undefined, good);
  }
  for (const [bad, fault] of [
    ['1234567', /8 to 128 characters, and has 7/],
    ['🔑'.repeat(7), /and has 7/],
    ['x'.repeat(129), /and has 129/],
    ['12345678\n', /control characters/],
    ['1234\u0000567', /control characters/],
    ['1234567\uD800', /Unicode/],
    ['hfa_12345678', /tokens/],
  ] as const) {
    t.regex(passwordFault(bad) ?? '', fault);
  }
});

test('up to 4 KiB are checked', (t) => {
  t.true(isCheckable('é'.repeat(2048)));
  t.false(isCheckable('é'.repeat(2048) + 'x'));
});

test('so many run at once, so many wait in their order, and the next is refused', async (t) => {
  const gate = new Gate({running: 2, waiting: 3});
  const started: number[] = [];
  const ends = Array.from({length: 5}, () => Promise.withResolvers<undefined>());
  const runs = ends.map(({promise}, index) =>
    gate.run(async () => {
      started.push(index);
      await promise;
    }),
  );
  await t.throwsAsync(
    gate.run(() => Promise.resolve()),
    {instanceOf: BusyError},
  );
  t.deepEqual(started, [0, 1]);
  ends[1]?.resolve(undefined);
  await runs[1];
  await Promise.resolve();
  t.deepEqual(started, [0, 1, 2]);
  for (const {resolve} of ends) resolve(undefined);
  await Promise.all(runs);
  t.deepEqual(started, [0, 1, 2, 3, 4]);
});

test('work that fails gives its place back, and whoever has gone leaves the queue', async (t) => {
  const gate = new Gate({running: 1, waiting: 1});
  const end = Promise.withResolvers<undefined>();
  const first = gate.run(() => end.promise);
  const controller = new AbortController();
  const gone = new Error('gone');
  const waiting = gate.run(() => Promise.reject(new Error('must not run')), controller.signal);
  controller.abort(gone);
  t.is(await t.throwsAsync(waiting), gone);
  const second = gate.run(() => Promise.reject(new Error('failed')));
  end.resolve(undefined);
  await first;
  await t.throwsAsync(second, {message: 'failed'});
  t.is(await gate.run(() => Promise.resolve('ran')), 'ran');
});
