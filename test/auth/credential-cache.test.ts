import {randomBytes} from 'node:crypto';
import {buffer} from 'node:stream/consumers';
import {getHeapSnapshot} from 'node:v8';
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

/** Backwards, so that the words themselves are nowhere but where the cache has put them. */
function keepSomebody(cache: CredentialCache): Readonly<Record<'name' | 'password', Buffer>> {
  const [username, password] = [randomBytes(20).toString('hex'), randomBytes(20).toString('hex')];
  cache.keep({username, password}, verified, cache.epoch);
  return {name: Buffer.from(username).reverse(), password: Buffer.from(password).reverse()};
}

test('a dump of the memory holds neither the name nor the password of what is kept', async (t) => {
  t.timeout(60_000);
  const cache = new CredentialCache();
  const {name, password} = keepSomebody(cache);
  const dump = await buffer(getHeapSnapshot());
  t.is(cache.size, 1);
  t.true(dump.includes('hex'), 'it holds texts');
  t.false(dump.includes(name.reverse()));
  t.false(dump.includes(password.reverse()));
});
