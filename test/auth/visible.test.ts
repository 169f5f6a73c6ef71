import test from 'ava';
import fc from 'fast-check';
import {decide} from '../../src/auth/authorize.ts';
import {namespaceFinder} from '../../src/auth/namespace-tree.ts';
import {liesIn, owningNamespace} from '../../src/oci/owning-namespace.ts';
import {visibleTo} from '../../src/auth/visible.ts';
import {isRepositoryName, parseRepositoryName} from '../../src/oci/name.ts';
import {tries} from '../support/properties.ts';
import {account, factsOf, namespace, repository} from './world.ts';
import {callers, repositories, worlds} from './worlds.ts';

test('a list shows what may be pulled, but for what only a push would make', (t) => {
  fc.assert(
    fc.property(worlds, callers, repositories, (facts, caller, text) => {
      const name = parseRepositoryName(text);
      const [reason] = decide(facts, caller, [repository(name, 'pull')]).reasons;
      const visible = visibleTo(facts, caller);
      const isSeen = visible !== 'none' && visible.has(name);
      t.is(isSeen, reason?.allowed === true && reason.rule !== 'may-create');
      // Whoever reads those namespaces alone misses nothing.
      const {namespaces} = visible === 'none' ? {} : visible;
      if (isSeen) t.true(namespaces?.some((each) => liesIn(each, name)) ?? true);
    }),
    tries(2000),
  );
});

test('the tree of namespaces finds the longest, as a look at every prefix does', (t) => {
  const part = fc.array(fc.constantFrom('a', 'b', 'ab'), {minLength: 1, maxLength: 4});
  const names = fc.array(
    fc.oneof(
      part.map((parts) => parts.join('/')),
      fc.constant(''),
    ),
  );
  fc.assert(
    fc.property(names, part, (registered, parts) => {
      const namespaces = new Map(registered.map((name) => [name, `namespace ${name}`]));
      const repository = parts.join('/');
      const found = namespaceFinder(namespaces)(repository);
      t.is(found, owningNamespace(namespaces, repository));
      // Said once more in words: of those that the name lies below, the longest.
      const above = registered.filter((name) =>
        name === '' ? !repository.includes('/') : repository.startsWith(`${name}/`),
      );
      const longest = above.toSorted((one, other) => other.length - one.length)[0];
      t.is(found, longest === undefined ? undefined : `namespace ${longest}`);
    }),
    tries(1000),
  );
});

test('10,000 names among 10,000 namespaces are judged in less than a second of processor time', (t) => {
  const visibility = ['private', 'protected', 'public'] as const;
  const namespaces = Array.from({length: 10_000}, (_, index) =>
    namespace(`space${index}`, visibility[index % 3] ?? 'private'),
  );
  const facts = factsOf({namespaces, roles: {'team of space0': 'viewer'}});
  const deep = '/a'.repeat(100);
  const listed = Array.from({length: 10_000}, (_, index) => `space${index}${deep}`);
  const before = process.cpuUsage();
  const visible = visibleTo(facts, account('steve'));
  const seen = listed
    .filter(isRepositoryName)
    .filter((name) => visible !== 'none' && visible.has(name));
  const {user} = process.cpuUsage(before);
  t.true(user < 1_000_000, `${user} µs of processor time`);
  t.is(seen.length, 6666 + 1);
});
