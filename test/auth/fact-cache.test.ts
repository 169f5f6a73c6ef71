import test from 'ava';
import {FactCache} from '../../src/auth/fact-cache.ts';
import type {FactSources} from '../../src/auth/facts.ts';

/** Answers nothing, and counts how often it is asked for namespaces. */
function counted(): {readonly sources: FactSources; readonly asked: () => number} {
  let count = 0;
  return {
    asked: () => count,
    sources: {
      namespaces: () => {
        count += 1;
        return Promise.resolve([]);
      },
      allNamespaces: () => Promise.resolve(new Map()),
      roles: () => Promise.resolve([]),
      accountNames: () => Promise.resolve([]),
      occupied: () => Promise.resolve([]),
    },
  };
}

test('what was asked a moment ago is known, until something changes', async (t) => {
  const {sources, asked} = counted();
  const cache = new FactCache();
  const {namespaces} = cache.over(sources);
  await namespaces(['a/b', 'a']);
  await namespaces(['a/b', 'a']);
  t.is(asked(), 1);
  cache.clear();
  await namespaces(['a/b', 'a']);
  t.is(asked(), 2);
});

test('a question of more than 2,000 characters is kept by nobody: a stranger can put any number of them', async (t) => {
  const {sources, asked} = counted();
  const {namespaces} = new FactCache().over(sources);
  const long = Array.from({length: 10}, (_, index) => `${index}`.repeat(200));
  await namespaces(long);
  await namespaces(long);
  t.is(asked(), 2);
});
