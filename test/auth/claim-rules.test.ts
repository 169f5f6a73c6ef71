/** Rules about claims, against whatever a stranger writes into one. */
import test from 'ava';
import fc from 'fast-check';
import {anyMatch, hasClaim, isMatch, valuesOf} from '../../src/auth/providers/claim-rules.ts';

test('a star stands for any text, everything else for itself', (t) => {
  for (const [pattern, text, expected] of [
    ['acme/*', 'acme/app', true],
    ['acme/*', 'acme/', true],
    ['acme/*', 'acme', false],
    ['acme/*', 'evil/acme/app', false],
    ['*', '', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'acb', false],
    ['ab*ba', 'aba', false],
    ['a.c', 'abc', false],
    ['refs/heads/main', 'refs/heads/main', true],
    ['refs/heads/main', 'refs/heads/main2', false],
    ['[a-z]', 'a', false],
  ] as const) {
    t.is(isMatch(pattern, text), expected, `${pattern} ${text}`);
  }
});

test('a pattern matches what a regular expression of it would', (t) => {
  const letters = fc.string({unit: fc.constantFrom('a', 'b', '*'), maxLength: 8});
  const text = fc.string({unit: fc.constantFrom('a', 'b'), maxLength: 10});
  const isAsExpected = fc.property(letters, text, (pattern, given) => {
    const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(given);
    return isMatch(pattern, given) === expected;
  });
  t.notThrows(() => {
    fc.assert(isAsExpected);
  });
});

test('a hostile claim takes no time', (t) => {
  const startedAt = performance.now();
  t.false(isMatch('a*a*a*a*a*a*b', 'a'.repeat(200_000)));
  t.true(performance.now() - startedAt < 1000);
});

test('values are those of a claim or a list, also within another; nothing comes of a prototype', (t) => {
  const claims = {
    one: 'x',
    many: ['x', 1, true, null, {a: 1}],
    realm_access: {roles: ['admin']},
    'https://example.org/groups': ['g'],
    'a.b': 'whole',
  };
  t.deepEqual(valuesOf(claims, 'one'), ['x']);
  t.deepEqual(valuesOf(claims, 'many'), ['x', '1', 'true']);
  t.deepEqual(valuesOf(claims, 'realm_access.roles'), ['admin']);
  t.deepEqual(valuesOf(claims, 'https://example.org/groups'), ['g']);
  t.deepEqual(valuesOf(claims, 'a.b'), ['whole']);
  for (const name of ['constructor.name', '__proto__', 'one.length', 'none', 'realm_access.none']) {
    t.deepEqual(valuesOf(claims, name), [], name);
  }
  t.false(hasClaim(claims, 'constructor'));
  t.false(anyMatch(['x'], []));
});
