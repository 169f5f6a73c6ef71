import test from 'ava';
import type {PasswordProvider} from '../../src/auth/ports.ts';
import {htpasswd, line} from './providers/htpasswd-file.ts';
import {Barrier, frame, localProvider, localUser} from './workbench.ts';

const password = 'correct horse';

/** The same provider, with a count of what it was asked. */
function counted(provider: PasswordProvider): {
  readonly provider: PasswordProvider;
  readonly asked: () => number;
} {
  let count = 0;
  return {
    asked: () => count,
    provider: {
      id: provider.id,
      displayName: provider.displayName,
      login(credentials, signal) {
        count += 1;
        return provider.login(credentials, signal);
      },
      check: (signal) => provider.check(signal),
      close: () => provider.close(),
    },
  };
}

/** The same provider, which keeps its answers back until the barrier is opened. */
const heldBack = (provider: PasswordProvider, barrier: Barrier): PasswordProvider => ({
  id: provider.id,
  displayName: provider.displayName,
  async login(credentials, signal) {
    const result = await provider.login(credentials, signal);
    await barrier.pass();
    return result;
  },
  check: (signal) => provider.check(signal),
  close: () => provider.close(),
});

test('100 logins at once with one password cost one hash, and so do those of the next minute', async (t) => {
  const {provider, asked} = counted(localProvider([await localUser('anna', password)]));
  let verified = 0;
  const bench = frame(t, [provider], {onAccepted: () => (verified += 1)});
  const outcomes = await Promise.all(
    Array.from({length: 100}, () => bench.outcome('anna', password)),
  );
  t.deepEqual([...new Set(outcomes)], ['accepted']);
  t.is(await bench.outcome('anna', password, '192.0.2.77'), 'accepted');
  t.is(asked(), 1);
  t.is(verified, 1);
  bench.time += 60_000;
  t.is(await bench.outcome('anna', password), 'accepted');
  t.is(asked(), 2);
});

test('100 people at once log in from one address', async (t) => {
  const users = await Promise.all(
    Array.from({length: 100}, (_, index) => localUser(`user${index}`, `password ${index}`)),
  );
  const {outcome} = frame(t, [localProvider(users)]);
  const outcomes = await Promise.all(
    users.map(({user}, index) => outcome(user.name, `password ${index}`)),
  );
  t.deepEqual([...new Set(outcomes)], ['accepted']);
});

test('of 100 guesses at once ten are answered, and the right one among the others is not', async (t) => {
  const {provider, asked} = counted(localProvider([await localUser('anna', password)]));
  const {outcome} = frame(t, [provider]);
  const outcomes = await Promise.all(
    Array.from({length: 100}, (_, index) =>
      outcome('anna', index === 50 ? password : `wrong password ${index}`),
    ),
  );
  t.is(asked(), 10);
  t.is(outcomes.filter((one) => one === 'bad-credentials').length, 10);
  t.is(outcomes.filter((one) => one === 'locked').length, 90);
});

test('a change while a login is under way keeps its password out of the cache', async (t) => {
  const barrier = new Barrier();
  const local = counted(localProvider([await localUser('anna', password)]));
  const {outcome, cache} = frame(t, [heldBack(local.provider, barrier)]);
  const under = outcome('anna', password);
  await barrier.reached;
  cache.clear();
  barrier.open();
  t.is(await under, 'accepted');
  t.is(cache.size, 0);
  t.is(await outcome('anna', password), 'accepted');
  t.is(local.asked(), 2);
});

test('a changed account is asked for anew at once', async (t) => {
  const users = [await localUser('anna', password), await localUser('bert', password)];
  const {provider, asked} = counted(localProvider(users));
  const {outcome, cache} = frame(t, [provider]);
  await outcome('anna', password);
  await outcome('bert', password);
  users[0] = await localUser('anna', 'battery staple');
  t.is(await outcome('anna', password), 'accepted');
  cache.clear();
  t.is(await outcome('anna', password), 'bad-credentials');
  t.is(await outcome('anna', 'battery staple'), 'accepted');
  t.is(asked(), 4);
  t.is(await outcome('bert', password), 'accepted');
  t.is(asked(), 5);
});

test('a name taken out of the htpasswd file is out of the cache too', async (t) => {
  const file = await htpasswd(t, [await line('anna', password)], {pollInterval: 20});
  const {outcome, cache} = frame(t, [file.provider]);
  t.is(await outcome('anna', password), 'accepted');
  const changed = file.changed().then(() => {
    cache.clear();
  });
  await file.write();
  await changed;
  t.is(await outcome('anna', password), 'bad-credentials');
});
