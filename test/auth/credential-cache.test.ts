import test from 'ava';
import {CredentialCache} from '../../src/auth/credential-cache.ts';
import {account} from './workbench.ts';

const anna = {username: 'anna', password: 'correct horse'};
const verified = {account: account('anna')};

test('what was verified is known for its lifetime, and no other name or password in its place', (t) => {
  let time = 0;
  const cache = new CredentialCache({lifetime: 1000, now: () => time});
  cache.keep(anna, verified, cache.epoch);
  t.is(cache.get(anna), verified);
  t.is(cache.get({...anna, password: 'correct hors'}), undefined);
  t.is(cache.get({username: 'annac', password: 'orrect horse'}), undefined);
  t.is(cache.get({username: 'ann', password: 'acorrect horse'}), undefined);
  time = 999;
  t.is(cache.get(anna), verified);
  time = 1000;
  t.is(cache.get(anna), undefined);
  t.is(cache.size, 0);
});

test('use does not lengthen the lifetime, and a token ends with itself', (t) => {
  let time = 0;
  const cache = new CredentialCache({lifetime: 1000, now: () => time});
  cache.keep(anna, {...verified, expiresAt: 500}, cache.epoch);
  time = 499;
  t.truthy(cache.get(anna));
  time = 500;
  t.is(cache.get(anna), undefined);
});

test('a change drops all, and what was verified before it is not kept after it', (t) => {
  const cache = new CredentialCache();
  const bert = {username: 'bert', password: 'battery staple'};
  const fill = (): void => {
    cache.keep(anna, verified, cache.epoch);
    cache.keep(bert, {account: account('bert')}, cache.epoch);
  };
  fill();
  t.truthy(cache.get(bert));
  const later = cache.epoch;
  cache.clear();
  t.is(cache.size, 0);
  cache.keep(anna, verified, later);
  t.is(cache.size, 0);
});

test('it holds so many, and those used last', (t) => {
  const cache = new CredentialCache({most: 100});
  cache.keep(anna, verified, cache.epoch);
  for (let index = 0; index < 1000; index += 1) {
    cache.keep({username: 'bert', password: String(index)}, verified, cache.epoch);
    cache.get(anna);
  }
  t.is(cache.size, 100);
  t.is(cache.get(anna), verified);
});
