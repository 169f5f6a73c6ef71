import {rm} from 'node:fs/promises';
import test, {type ExecutionContext} from 'ava';
import {BusyError} from '../../src/auth/gate.ts';
import {LoginUnavailable} from '../../src/auth/login-unavailable.ts';
import type {PasswordProvider} from '../../src/auth/ports.ts';
import {htpasswd, line} from './providers/htpasswd-file.ts';
import {account, type Frame, frame, localProvider, localUser, never} from './workbench.ts';

const password = 'correct horse';

/** anna is local, bert in an htpasswd file that is asked second. */
async function two(t: ExecutionContext): Promise<Frame & {readonly file: string}> {
  const {provider, path} = await htpasswd(t, [await line('bert', 'battery staple')]);
  const local = localProvider([
    await localUser('anna', password),
    await localUser('dora', password, {isEnabled: false}),
  ]);
  return Object.assign(frame(t, [local, provider]), {file: path});
}

test('names of each provider log in with their own password alone', async (t) => {
  const {login, outcome} = await two(t);
  t.deepEqual(await login('anna', password), {outcome: 'accepted', account: account('anna')});
  t.deepEqual(await login('bert', 'battery staple'), {
    outcome: 'accepted',
    account: account('bert'),
  });
  t.is(await outcome('anna', 'battery staple'), 'bad-credentials');
  t.is(await outcome('bert', password), 'bad-credentials');
});

test('an unknown name, a wrong password and a disabled account are refused alike', async (t) => {
  const {login} = await two(t);
  const answers = await Promise.all(
    ['anna', 'bert', 'carl', 'dora'].map((name) => login(name, 'wrong password')),
  );
  for (const answer of answers) {
    t.deepEqual(answer, {outcome: 'refused', reason: 'bad-credentials'});
  }
  t.deepEqual(await login('dora', password), {outcome: 'refused', reason: 'disabled'});
});

test('impossible names and passwords are refused, and count as failures', async (t) => {
  const {outcome} = await two(t);
  for (const [index, [name, tried]] of (
    [
      ['anna', ''],
      ['anna', `${password}\0`],
      ['anna', password.repeat(400)],
      ['', password],
      ['anna\0', password],
      ['anna\n', password],
      ['x'.repeat(256), password],
      ['\uD800', password],
      ['__proto__', password],
    ] as const
  ).entries()) {
    const address = `198.51.100.${index}`;
    for (let count = 0; count < 10; count += 1) {
      t.is(await outcome(name, tried, address), 'bad-credentials', JSON.stringify(name));
    }
    t.is(await outcome(name, tried, address), 'locked');
  }
});

test('ten failures lock even the right password, say for how long, and not from elsewhere', async (t) => {
  const bench = await two(t);
  for (let count = 0; count < 10; count += 1) {
    t.is(await bench.outcome('anna', `wrong password ${count}`), 'bad-credentials');
  }
  const locked = {outcome: 'refused', reason: 'locked', retryAfter: 600, username: 'anna'};
  t.like(await bench.login('anna', password), locked);
  t.is(await bench.outcome('anna', password, '192.0.2.2'), 'accepted');
  t.like(await bench.login('anna', password), locked);
  bench.time += 600_000;
  t.is(await bench.outcome('anna', password), 'accepted');
  t.is(bench.lines.filter(({message}) => message === 'login locked').length, 1);
});

test('a name that nobody has is locked as well', async (t) => {
  const {outcome} = await two(t);
  for (let count = 0; count < 10; count += 1) await outcome('nobody', password);
  t.is(await outcome('nobody', password), 'locked');
});

test('a success clears the failures before it', async (t) => {
  const {outcome, cache} = await two(t);
  for (let round = 0; round < 3; round += 1) {
    for (let count = 0; count < 9; count += 1) await outcome('bert', 'wrong');
    t.is(await outcome('bert', 'battery staple'), 'accepted');
    cache.clear();
  }
});

test('while a provider is down its names and unknown ones are unavailable, and nothing is counted', async (t) => {
  const bench = await two(t);
  await rm(bench.file);
  for (const name of ['bert', 'nobody']) {
    for (let count = 0; count < 12; count += 1) {
      const error = await t.throwsAsync(bench.login(name, 'battery staple'), {
        instanceOf: LoginUnavailable,
      });
      t.is(error.source, 'htpasswd file');
    }
  }
  t.is(await bench.outcome('anna', password), 'accepted');
  for (const {id, check} of bench.chain.dependencies) {
    t.is(id, 'htpasswd');
    await t.throwsAsync(check(never));
  }
});

test('behind a provider that is down only those get in who have an account; who has none may be somebody else there', async (t) => {
  const down: PasswordProvider = {
    id: 'directory',
    displayName: 'Directory',
    login: () => Promise.reject(new Error('connection refused')),
    check: () => Promise.reject(new Error('connection refused')),
    close: () => Promise.resolve(),
  };
  const people = [await localUser('anna', password), await localUser('bert', password)];
  const {outcome, login, lines} = frame(t, [down, localProvider(people)], {
    admit: async ({username}, {onlyKnown}) =>
      Promise.resolve(onlyKnown && username === 'bert' ? 'unknown' : account(username)),
    limits: {failures: 3},
  });
  t.is(await outcome('anna', password), 'accepted');
  await t.throwsAsync(login('bert', password), {instanceOf: LoginUnavailable});
  await t.throwsAsync(login('nobody', password), {instanceOf: LoginUnavailable});
  t.true(lines.some(({fields}) => fields['provider'] === 'directory'));
  // What the next provider has refused is a guess all the same.
  for (let guess = 0; guess < 3; guess += 1) {
    await t.throwsAsync(login('anna', 'wrong'), {instanceOf: LoginUnavailable});
  }
  t.is(await outcome('anna', 'wrong'), 'locked');
});

test('who comes behind a provider that is down locks nobody out whom it does not know', async (t) => {
  let isDown = true;
  const down: PasswordProvider = {
    id: 'directory',
    displayName: 'Directory',
    login: ({username}) =>
      isDown
        ? Promise.reject(new Error('connection refused'))
        : Promise.resolve({
            outcome: 'accepted',
            identity: {provider: 'directory', subject: username, username},
          }),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const {provider} = await htpasswd(t, [await line('bert', 'battery staple')]);
  const {login, outcome} = frame(t, [down, provider], {limits: {failures: 3}});
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await t.throwsAsync(login('anna', password), {instanceOf: LoginUnavailable});
  }
  isDown = false;
  t.is(await outcome('anna', password), 'accepted');
});

test('behind a provider that is down, the no of one that tells no names is a guess', async (t) => {
  const answering = (login: PasswordProvider['login'], hidesNames?: true): PasswordProvider => ({
    id: 'provider',
    displayName: 'Provider',
    ...(hidesNames ? {hidesNames} : {}),
    login,
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  });
  const down = answering(() => Promise.reject(new Error('connection refused')));
  const mute = answering(() => Promise.resolve({outcome: 'not-accepted'}), true);
  const {login, outcome} = frame(t, [down, mute], {limits: {failures: 3}});
  for (let guess = 0; guess < 3; guess += 1) {
    await t.throwsAsync(login('anna', 'wrong'), {instanceOf: LoginUnavailable});
  }
  t.is(await outcome('anna', 'wrong'), 'locked');
});

test('where there is too much to check nobody is down, and nothing was guessed', async (t) => {
  let isBusy = true;
  const people = localProvider([await localUser('anna', password)]);
  const busy: PasswordProvider = {
    id: 'local',
    displayName: 'Holdfast',
    login: (...asked) => (isBusy ? Promise.reject(new BusyError()) : people.login(...asked)),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const {provider} = await htpasswd(t, []);
  const {login, outcome, lines} = frame(t, [busy, provider], {limits: {failures: 3}});
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await t.throwsAsync(login('anna', password), {instanceOf: LoginUnavailable});
  }
  t.false(lines.some(({message}) => message === 'provider can not be asked'));
  isBusy = false;
  t.is(await outcome('anna', password), 'accepted');
});

test('guesses count also where another provider fails to pretend', async (t) => {
  const {provider} = await htpasswd(t, []);
  const failing: PasswordProvider = {
    id: 'failing',
    displayName: 'Failing',
    login: (credentials, signal) => provider.login(credentials, signal),
    pretend: () => Promise.reject(new Error('busy')),
    check: (signal) => provider.check(signal),
    close: () => Promise.resolve(),
  };
  const {login, outcome} = frame(t, [localProvider([await localUser('anna', password)]), failing]);
  for (let count = 0; count < 10; count += 1) {
    await t.throwsAsync(login('anna', 'wrong password'), {instanceOf: LoginUnavailable});
  }
  t.is(await outcome('anna', 'wrong password'), 'locked');
});

test('what a provider accepted and has no account is refused, and is no failure', async (t) => {
  for (const reason of ['disabled', 'name-taken'] as const) {
    const {outcome} = frame(t, [localProvider([await localUser('anna', password)])], {
      admit: () => Promise.resolve(reason),
    });
    for (let count = 0; count < 12; count += 1) t.is(await outcome('anna', password), reason);
  }
});

test('a group that is missing is told as a disabled account, and by its name in the log', async (t) => {
  const provider: PasswordProvider = {
    id: 'directory',
    displayName: 'Directory',
    login: () => Promise.resolve({outcome: 'rejected', reason: 'missing-group'}),
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const {outcome, lines} = frame(t, [provider]);
  t.is(await outcome('anna', password), 'disabled');
  t.like(lines.at(-1)?.fields, {reason: 'missing-group'});
});

test('the log has names, addresses and reasons, and no password', async (t) => {
  const {outcome, lines} = await two(t);
  await outcome('anna', 'wrong-secret');
  await outcome('anna', password, '2001:db8::1');
  await outcome('hfa_secret-where-the-name-belongs', 'wrong-secret');
  t.deepEqual(
    lines.map(({level, message}) => [level, message]),
    [
      ['info', 'login refused'],
      ['info', 'login accepted'],
      ['info', 'login refused'],
    ],
  );
  t.deepEqual(lines[0]?.fields, {
    username: 'anna',
    address: '192.0.2.1',
    reason: 'bad-credentials',
  });
  t.like(lines[1]?.fields, {username: 'anna', address: '2001:db8::1'});
  t.notRegex(JSON.stringify(lines), /secret|correct horse/);
});

test('what a provider has said counts for as long as it vouches, and no longer', async (t) => {
  let asked = 0;
  const provider: PasswordProvider = {
    id: 'keystone',
    displayName: 'Keystone',
    trustFor: 15_000,
    login: ({username}) => {
      asked += 1;
      made.time += 10;
      const identity = {provider: 'keystone', subject: '1', username};
      return Promise.resolve({outcome: 'accepted', identity});
    },
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const made = frame(t, [provider]);
  for (const [time, questions] of [
    [0, 1],
    [14_999, 1],
    [15_000, 2],
    [29_999, 2],
    [30_000, 3],
    // From the question on, however long the answer took.
    [45_000, 4],
    [60_000, 5],
  ] as const) {
    made.time = 1_000_000 + time;
    t.is(await made.outcome('anna', password), 'accepted');
    t.is(asked, questions, String(time));
  }
});

test('a provider is asked few questions at once, and every one in its turn', async (t) => {
  const open = new Set<() => void>();
  let most = 0;
  const provider: PasswordProvider = {
    id: 'ldap',
    displayName: 'LDAP',
    login: async ({username}) => {
      await new Promise<void>((resolve) => {
        open.add(resolve);
        most = Math.max(most, open.size);
      });
      return {outcome: 'accepted', identity: {provider: 'ldap', subject: username, username}};
    },
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const {login, logins} = frame(t, [provider]);
  const asked = Array.from({length: 100}, (_, index) =>
    login(`user${index}`, password, `192.0.${index}.1`),
  );
  const gone = new AbortController();
  const attempt = {username: 'gone', password, address: '198.51.100.1'};
  const left = t.throwsAsync(logins.login(attempt, gone.signal), {message: 'gone'});
  const answered = Promise.all(asked);
  setImmediate(() => {
    gone.abort(new Error('gone'));
  });
  await left;
  const answer = setInterval(() => {
    for (const each of open) {
      open.delete(each);
      each();
    }
  });
  t.true((await answered).every(({outcome}) => outcome === 'accepted'));
  clearInterval(answer);
  t.is(most, 32);
});

test('who pretends to be asked waits in the same line, and the line has an end', async (t) => {
  let [running, most] = [0, 0];
  const never = new Promise<never>(() => undefined);
  const provider: PasswordProvider = {
    id: 'ldap',
    displayName: 'LDAP',
    login: () => Promise.resolve({outcome: 'not-accepted'}),
    pretend: async () => {
      running += 1;
      most = Math.max(most, running);
      await never;
    },
    check: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const local = localProvider([await localUser('anna', undefined)]);
  const {chain} = frame(t, [local, provider]);
  const credentials = {username: 'anna', password};
  const gone = new AbortController();
  const asked = Array.from({length: 1100}, async () =>
    chain.pretend(local, credentials, gone.signal).then(
      () => 'done',
      (error: unknown) => (error instanceof LoginUnavailable ? 'busy' : 'gone'),
    ),
  );
  t.is(await Promise.race(asked), 'busy');
  t.is(most, 32);
  gone.abort();
  const outcomes = await Promise.all(asked.slice(32));
  t.is(outcomes.filter((each) => each === 'busy').length, 1100 - 32 - 1024);
});

test('whoever has gone is no outage', async (t) => {
  const {logins} = await two(t);
  const gone = new Error('gone');
  const attempt = {username: 'anna', password, address: '192.0.2.1'};
  t.is(await t.throwsAsync(logins.login(attempt, AbortSignal.abort(gone))), gone);
});
