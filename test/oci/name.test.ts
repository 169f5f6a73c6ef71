import test from 'ava';
import fc from 'fast-check';
import {isRepositoryName, parseRepositoryName} from '../../src/oci/name.ts';
import {RegistryError} from '../../src/oci/errors.ts';

/** As the specification writes it. */
const grammar = /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*$/;

/** Texts that are names, or nearly so. */
const nearlyNames = fc
  .array(fc.constantFrom('a', 'b', '0', '9', '.', '_', '-', '/', 'A', ' ', '\n', 'é', '%'), {
    maxLength: 12,
  })
  .map((characters) => characters.join(''));

test('a name is what the specification’s regular expression says', (t) => {
  fc.assert(
    fc.property(fc.oneof(nearlyNames, fc.string()), (text) => {
      t.is(isRepositoryName(text), grammar.test(text), JSON.stringify(text));
    }),
    {numRuns: 5000},
  );
});

test('every text of the specification’s regular expression is a name', (t) => {
  fc.assert(
    fc.property(fc.stringMatching(grammar), (text) => {
      t.is(isRepositoryName(text), text.length <= 255);
    }),
  );
});

test('a name has at most 255 characters', (t) => {
  t.true(isRepositoryName('a'.repeat(255)));
  t.false(isRepositoryName('a'.repeat(256)));
  const error = t.throws(() => parseRepositoryName('a'.repeat(256)), {instanceOf: RegistryError});
  t.regex(error.message, /at most 255 characters, this one has 256/);
});

test('names that nearly fit are judged in no time, however long', (t) => {
  const startedAt = performance.now();
  for (const text of ['a-'.repeat(127), '-'.repeat(254), `${'a'.repeat(254)}!`, 'a/'.repeat(127)]) {
    t.false(isRepositoryName(text));
  }
  t.true(performance.now() - startedAt < 500);
});

test('what is no name throws NAME_INVALID with the name', (t) => {
  const error = t.throws(() => parseRepositoryName('../etc'), {instanceOf: RegistryError});
  t.is(error.status, 400);
  t.is(error.errors[0]?.code, 'NAME_INVALID');
  t.deepEqual(error.errors[0]?.detail, {name: '../etc'});
});
