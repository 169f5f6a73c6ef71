import test from 'ava';
import {clientNetwork} from '../../src/auth/client-network.ts';
import {LoginThrottle, type ThrottleOptions} from '../../src/auth/login-throttle.ts';
import {never} from './workbench.ts';

interface Frame {
  time: number;
  readonly throttle: LoginThrottle;
  /** `failed`, or why it was refused. */
  readonly fail: (username: string, address: string) => Promise<string>;
}

function frame(options: Partial<ThrottleOptions> = {}): Frame {
  const made: Frame = {
    time: 0,
    throttle: new LoginThrottle({
      failures: 3,
      lockFor: 600_000,
      attemptsPerMinute: 60,
      now: () => made.time,
      ...options,
    }),
    async fail(username, address) {
      const begun = await made.throttle.begin(username, address, never);
      if (begun.outcome === 'refused') return begun.reason;
      begun.failed();
      begun[Symbol.dispose]();
      return 'failed';
    },
  };
  return made;
}

const here = '192.0.2.1';
const there = '192.0.2.2';

test('failures lock the name for their address, and for no other', async (t) => {
  const {throttle, fail} = frame();
  for (let index = 0; index < 3; index += 1) t.is(await fail('anna', here), 'failed');
  t.deepEqual(throttle.refusal('anna', here), {
    outcome: 'refused',
    reason: 'locked',
    retryAfter: 600,
  });
  t.is(throttle.refusal('anna', there), undefined);
  t.is(throttle.refusal('bert', here), undefined);
  t.is(await fail('anna', here), 'locked');
});

test('a lock lasts its time from the last failure on, and trying meanwhile makes it no longer', async (t) => {
  const bench = frame();
  for (const time of [0, 500_000, 900_000]) {
    bench.time = time;
    await bench.fail('anna', here);
  }
  bench.time = 1_499_500;
  t.is(await bench.fail('anna', here), 'locked');
  t.is(bench.throttle.refusal('anna', here)?.retryAfter, 1);
  bench.time = 1_500_000;
  t.is(bench.throttle.refusal('anna', here), undefined);
  t.is(await bench.fail('anna', here), 'failed');
  t.is(bench.throttle.refusal('anna', here), undefined);
});

test('a lock of a year is a lock', async (t) => {
  const bench = frame({lockFor: 365 * 86_400_000});
  for (let index = 0; index < 3; index += 1) await bench.fail('anna', here);
  bench.time = 364 * 86_400_000;
  t.is(bench.throttle.refusal('anna', here)?.reason, 'locked');
});

test('a success clears the name, and not what its address has failed with others', async (t) => {
  const {throttle, fail} = frame({attemptsPerMinute: 5});
  await fail('anna', here);
  await fail('anna', here);
  const begun = await throttle.begin('anna', here, never);
  if (begun.outcome === 'begun') {
    begun.succeeded();
    begun[Symbol.dispose]();
  }
  t.is(await fail('anna', here), 'failed');
  t.is(await fail('anna', here), 'failed');
  t.is(throttle.refusal('anna', here), undefined);
  t.is(await fail('bert', here), 'failed');
  t.is(await fail('carl', here), 'rate-limited');
});

test('an address may fail so often a minute, whatever the names', async (t) => {
  const bench = frame({attemptsPerMinute: 4});
  for (const [time, name] of [
    [0, 'a'],
    [10_000, 'b'],
    [20_000, 'c'],
    [30_000, 'd'],
  ] as const) {
    bench.time = time;
    t.is(await bench.fail(name, here), 'failed');
  }
  t.deepEqual(bench.throttle.refusal('e', here), {
    outcome: 'refused',
    reason: 'rate-limited',
    retryAfter: 30,
  });
  t.is(bench.throttle.refusal('e', there), undefined);
  bench.time = 60_000;
  t.is(await bench.fail('e', here), 'failed');
});

test('addresses of one /64 are one, an IPv4 address is itself in either notation', (t) => {
  const same = (one: string, other: string): boolean => clientNetwork(one) === clientNetwork(other);
  t.true(same('2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'));
  t.false(same('2001:db8:1:2::1', '2001:db8:1:3::1'));
  t.true(same('192.0.2.1', '::ffff:192.0.2.1'));
  t.false(same('::ffff:192.0.2.1', '::ffff:192.0.2.2'));
  t.false(same('192.0.2.1', '192.0.2.2'));
  t.true(same('fe80::1%eth0', 'fe80::2%eth0'));
  t.true(same('', 'a socket'));
});

test('another case or another form of the letters is the same name', async (t) => {
  const {throttle, fail} = frame();
  for (const name of ['rené', 'RENÉ', 're\u006ee\u0301']) await fail(name, here);
  t.is(throttle.refusal('René', here)?.reason, 'locked');
});

test('of 100 guesses at once no more fail than may', async (t) => {
  const {fail} = frame();
  const results = await Promise.all(Array.from({length: 100}, () => fail('anna', here)));
  t.is(results.filter((result) => result === 'failed').length, 3);
  t.is(results.filter((result) => result === 'locked').length, 97);
});

test('of 100 names at once no more fail than an address may', async (t) => {
  const {fail} = frame({attemptsPerMinute: 7});
  const results = await Promise.all(
    Array.from({length: 100}, (_, index) => fail(`name${index}`, here)),
  );
  t.is(results.filter((result) => result === 'failed').length, 7);
  t.is(results.filter((result) => result === 'rate-limited').length, 93);
});

test('of 100 right passwords at once none is refused', async (t) => {
  const {throttle} = frame({attemptsPerMinute: 5});
  const results = await Promise.all(
    Array.from({length: 100}, async (_, index) => {
      const begun = await throttle.begin(`name${index % 10}`, here, never);
      if (begun.outcome === 'begun') {
        await Promise.resolve();
        begun.succeeded();
        begun[Symbol.dispose]();
      }
      return begun.outcome;
    }),
  );
  t.deepEqual([...new Set(results)], ['begun']);
});

test('whoever has gone does not keep others waiting', async (t) => {
  const {throttle, fail} = frame();
  const first = await throttle.begin('anna', here, never);
  const controller = new AbortController();
  const gone = new Error('gone');
  const second = throttle.begin('anna', here, controller.signal);
  const third = fail('anna', here);
  controller.abort(gone);
  t.is(await t.throwsAsync(second), gone);
  if (first.outcome === 'begun') first[Symbol.dispose]();
  t.is(await third, 'failed');
  await t.throwsAsync(throttle.begin('anna', here, AbortSignal.abort(gone)), {is: gone});
});

test('thousands that wait are refused, not kept', async (t) => {
  const {throttle} = frame();
  const first = await throttle.begin('anna', here, never);
  const controller = new AbortController();
  const waiting = Array.from({length: 1024}, () =>
    throttle.begin('anna', here, controller.signal).catch(() => 'gone'),
  );
  t.like(await throttle.begin('anna', here, never), {reason: 'rate-limited', retryAfter: 1});
  controller.abort();
  t.deepEqual([...new Set(await Promise.all(waiting))], ['gone']);
  if (first.outcome === 'begun') first[Symbol.dispose]();
});

test('of more clients than are counted those are forgotten that failed longest ago', async (t) => {
  const {throttle, fail} = frame({failures: 1, mostCounters: 10});
  for (let index = 0; index < 30; index += 1) await fail('anna', `192.0.2.${index}`);
  t.is(throttle.refusal('anna', '192.0.2.0'), undefined);
  t.is(throttle.refusal('anna', '192.0.2.29')?.reason, 'locked');
  t.is(throttle.refusal('anna', '192.0.2.20')?.reason, 'locked');
});
