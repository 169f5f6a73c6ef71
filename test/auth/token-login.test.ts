import test, {type ExecutionContext} from 'ava';
import {LoginUnavailable} from '../../src/auth/login-unavailable.ts';
import type {PasswordProvider} from '../../src/auth/ports.ts';
import {createSecretToken} from '../../src/auth/secret-token.ts';
import type {FoundToken} from '../../src/auth/token-login.ts';
import {account, type Frame, frame, localProvider, localUser} from './workbench.ts';

const token = createSecretToken('application');
const kept: FoundToken = {hash: token.hash, account: account('anna'), isEnabled: true};

/** Fails the test where it is asked. */
const noProvider = (t: ExecutionContext): PasswordProvider => ({
  id: 'directory',
  displayName: 'Directory',
  login(credentials) {
    t.fail(`asked with ${credentials.password}`);
    return Promise.resolve({outcome: 'not-accepted'});
  },
  check: () => Promise.resolve(),
  close: () => Promise.resolve(),
});

const tokens = (t: ExecutionContext, others: Partial<FoundToken> = {}): Frame =>
  frame(t, [noProvider(t)], {
    findToken: (username, id) =>
      Promise.resolve(
        username === (others.account ?? kept.account).name && id === token.id
          ? {...kept, ...others}
          : undefined,
      ),
  });

test('an application token is the password of its user, with what it is limited to', async (t) => {
  const limits = {namespaces: ['a', 'b/c'], isPullOnly: true};
  const {login} = tokens(t, {account: account('anna', {limits})});
  const expected = {
    outcome: 'accepted',
    account: {...account('anna'), limits},
    applicationTokenId: token.id,
  };
  t.deepEqual(await login('anna', token.text), expected);
  t.deepEqual(await login('anna', token.text), expected);
  t.like(await login('bert', token.text), {reason: 'bad-credentials'});
});

test('a robot logs in with its token, and not with a password', async (t) => {
  const robot = account('ci', {isRobot: true});
  const {outcome} = tokens(t, {account: robot});
  t.is(await outcome('ci', token.text), 'accepted');
  const local = localProvider([await localUser('ci', 'correct horse', {isRobot: true})]);
  t.is(await frame(t, [local]).outcome('ci', 'correct horse'), 'bad-credentials');
});

test('what looks like a token of ours is never shown to a provider', async (t) => {
  const {outcome} = tokens(t);
  const other = createSecretToken('application');
  for (const password of [
    other.text,
    createSecretToken('refresh').text,
    token.text.slice(0, -1),
    ` ${token.text}`,
    'hfa_',
    `hfa_${token.id}_`,
  ]) {
    t.is(await outcome('anna', password), 'bad-credentials', password);
  }
});

test('a token with the right id and another secret is refused', async (t) => {
  const other = createSecretToken('application');
  const {outcome} = tokens(t, {hash: other.hash});
  t.is(await outcome('anna', token.text), 'bad-credentials');
});

test('a token of another account is refused, whatever the database finds', async (t) => {
  const {outcome} = frame(t, [], {findToken: () => Promise.resolve(kept)});
  t.is(await outcome('Anna', token.text), 'bad-credentials');
  t.is(await outcome('anna', token.text), 'accepted');
});

test('a token ends when it expires, also one that is known to the cache', async (t) => {
  const bench = tokens(t, {expiresAt: 1_010_000});
  t.is(await bench.outcome('anna', token.text), 'accepted');
  bench.time = 1_009_999;
  t.is(await bench.outcome('anna', token.text), 'accepted');
  bench.time = 1_010_000;
  t.is(await bench.outcome('anna', token.text), 'expired-token');
});

test('the token of a disabled account is refused; neither this nor an expired one is a guess', async (t) => {
  const disabled = tokens(t, {isEnabled: false});
  const expired = tokens(t, {expiresAt: 1});
  for (let count = 0; count < 12; count += 1) {
    t.is(await disabled.outcome('anna', token.text), 'disabled');
    t.is(await expired.outcome('anna', token.text), 'expired-token');
  }
});

test('wrong tokens lock nobody, and the right one counts where wrong passwords have locked the name', async (t) => {
  const local = localProvider([await localUser('anna', 'correct horse')]);
  const findToken = (_username: string, id: string) =>
    Promise.resolve(id === token.id ? kept : undefined);
  const {outcome} = frame(t, [local], {findToken});
  for (let count = 0; count < 11; count += 1) {
    t.is(await outcome('anna', createSecretToken('application').text), 'bad-credentials');
  }
  for (let count = 0; count < 10; count += 1) await outcome('anna', `wrong ${count}`);
  t.is(await outcome('anna', 'wrong'), 'locked');
  t.is(await outcome('anna', token.text), 'accepted');
});

test('a database that does not answer is no wrong token', async (t) => {
  const {login} = frame(t, [], {findToken: () => Promise.reject(new Error('disk I/O error'))});
  await t.throwsAsync(login('anna', token.text), {instanceOf: LoginUnavailable});
});
