import {hash} from '@node-rs/argon2';
import test from 'ava';
import {needsRehash} from '../../../src/auth/password-hash.ts';
import {passwordProviderContract} from '../../contract/password-provider.ts';
import {localProvider, localUser, never} from '../workbench.ts';

passwordProviderContract(async (_t, passwords) => {
  const users = Object.entries(passwords).map(([name, password]) => localUser(name, password));
  return localProvider(await Promise.all(users));
});

const login = {username: 'anna', password: 'correct horse'};
const wrong = {outcome: 'rejected', reason: 'bad-credentials'};

test('that an account is disabled is told with the right password alone', async (t) => {
  const provider = localProvider([await localUser('anna', 'correct horse', {isEnabled: false})]);
  t.deepEqual(await provider.login(login, never), {outcome: 'rejected', reason: 'disabled'});
  t.deepEqual(await provider.login({...login, password: 'other'}, never), wrong);
});

test('robots and accounts without a password are rejected, those of other providers left to them', async (t) => {
  for (const [password, others, expected] of [
    ['correct horse', {isRobot: true}, wrong],
    [undefined, {}, wrong],
    ['correct horse', {provider: 'htpasswd'}, {outcome: 'not-accepted'}],
  ] as const) {
    const provider = localProvider([await localUser('anna', password, others)]);
    t.deepEqual(await provider.login(login, never), expected, JSON.stringify(others));
  }
});

test('a hash of former parameters is made anew at the next login, and only with the right password', async (t) => {
  const former = await hash('correct horse', {memoryCost: 1024, timeCost: 1});
  const user = await localUser('anna', undefined, {passwordHash: former});
  const kept: {former: string; next: string}[] = [];
  const provider = localProvider([user], (_user, hashes) => {
    kept.push(hashes);
    return Promise.resolve();
  });
  await provider.login({...login, password: 'other'}, never);
  t.is(kept.length, 0);
  t.like(await provider.login(login, never), {outcome: 'accepted'});
  const [{former: replaced, next} = {former: '', next: ''}] = kept;
  t.is(replaced, former);
  t.false(needsRehash(next));
  const renewed = localProvider([{...user, passwordHash: next}], () => {
    throw new Error('made anew once more');
  });
  t.like(await renewed.login(login, never), {outcome: 'accepted'});
});

test('a login does not fail because a hash could not be renewed', async (t) => {
  const former = await hash('correct horse', {memoryCost: 1024, timeCost: 1});
  const user = await localUser('anna', undefined, {passwordHash: former});
  const provider = localProvider([user], () => Promise.reject(new Error('read-only')));
  t.like(await provider.login(login, never), {outcome: 'accepted'});
});

test('a damaged hash rejects without a word of it: nobody can tell whether the password is right', async (t) => {
  const provider = localProvider([
    await localUser('anna', undefined, {passwordHash: 'plain-secret'}),
  ]);
  const error = await t.throwsAsync(provider.login(login, never));
  t.notRegex(String(error.stack), /plain-secret|correct horse/);
});
