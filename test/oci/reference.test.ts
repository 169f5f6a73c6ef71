import test from 'ava';
import fc from 'fast-check';
import {parseReference} from '../../src/oci/reference.ts';
import {isTag} from '../../src/oci/tag.ts';
import {RegistryError} from '../../src/oci/errors.ts';

const grammar = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

test('a tag is what the specification’s regular expression says', (t) => {
  const nearlyTags = fc
    .array(fc.constantFrom('a', 'Z', '0', '.', '_', '-', '/', ':', '\n'), {maxLength: 6})
    .map((characters) => characters.join(''));
  fc.assert(
    fc.property(fc.oneof(nearlyTags, fc.string(), fc.stringMatching(grammar)), (text) => {
      t.is(isTag(text), grammar.test(text) && !text.endsWith('\n'), JSON.stringify(text));
    }),
    {numRuns: 3000},
  );
});

for (const [text, isOne] of [
  ['a'.repeat(128), true],
  ['a'.repeat(129), false],
  ['_', true],
  ['.', false],
  ['-', false],
  ['', false],
  ['latest\n', false],
] as const) {
  test(`${JSON.stringify(text.slice(0, 10))} of ${text.length} characters is ${isOne ? 'a' : 'no'} tag`, (t) => {
    t.is(isTag(text), isOne);
  });
}

test('a reference is a tag or a digest, nothing else', (t) => {
  const digest = `sha256:${'a'.repeat(64)}`;
  t.deepEqual<unknown, unknown>(parseReference('latest'), {tag: 'latest'});
  t.deepEqual<unknown, unknown>(parseReference(digest), {digest});
  t.is(parseReference('a/b'), undefined);
  t.is(parseReference(''), undefined);
  t.throws(() => parseReference('sha256:abc'), {instanceOf: RegistryError});
});
