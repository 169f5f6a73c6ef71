import test from 'ava';
import fc from 'fast-check';
import {parseStrictJson, StrictJsonError} from '../../src/oci/strict-json.ts';

const parse = (text: string): unknown => parseStrictJson(Buffer.from(text));

test('all JSON means what JSON.parse says, as long as no key stands twice', (t) => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      t.deepEqual(parse(text), JSON.parse(text) as unknown);
    }),
    {numRuns: 1000},
  );
});

test('spaces, escapes and indents make no difference', (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat({max: 4}), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent).replaceAll('\n', '\r\n\t');
      const escaped = text.replace(
        /[^\0-\x7f]/g,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      t.deepEqual(parse(escaped), JSON.parse(escaped) as unknown);
    }),
    {numRuns: 1000},
  );
});

test('what is no JSON to JSON.parse is none here, and the other way round', (t) => {
  const pieces = ['{', '}', '[', ']', ':', ',', '"a"', '"b"', '"\\"', '\\', '1', 'null', ' ', '"'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), {maxLength: 12}), (parts) => {
      const text = parts.join('');
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        t.throws(() => parse(text), {instanceOf: StrictJsonError}, text);
        return;
      }
      try {
        t.deepEqual(parse(text), value, text);
      } catch (error) {
        t.regex(error instanceof StrictJsonError ? error.message : '', /stands twice/, text);
      }
    }),
    {numRuns: 5000},
  );
});

test('a key that stands twice in one object is found, wherever and however it is written', (t) => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.jsonValue(), (key, first, second) => {
      const [a, b] = [JSON.stringify(first), JSON.stringify(second)];
      const plain = JSON.stringify(key);
      const escaped = `"${[...Array(key.length).keys()]
        .map((at) => `\\u${key.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join('')}"`;
      for (const text of [
        `{${plain}:${a},${plain}:${b}}`,
        `{${plain}:${a},${escaped} :${b}}`,
        `[{"x":{${escaped}:${a}, ${escaped}\n: ${b}}}]`,
      ]) {
        t.throws(() => parse(text), {instanceOf: StrictJsonError, message: /stands twice/}, text);
      }
    }),
  );
});

for (const text of [
  '{"a":{"a":1},"b":{"a":1}}',
  '[{"a":1},{"a":1}]',
  '{"a":"b","b":"a"}',
  '{"a":"\\"a\\":1,","b":"{\\"b\\":"}',
  '{"a":["a","a",{"a":"a"}]}',
  '{"":1,"a":""}',
  '{"A":1,"a":2}',
]) {
  test(`no key stands twice in ${text}`, (t) => {
    t.deepEqual(parse(text), JSON.parse(text) as unknown);
  });
}

test('JSON may be nested 64 deep, and no deeper', (t) => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  t.notThrows(() => parse(nested(64)));
  for (const depth of [65, 1000, 1_000_000]) {
    t.throws(() => parse(nested(depth)), {message: 'nested more than 64 deep'});
    t.throws(() => parse('{"a":'.repeat(depth)), {message: 'nested more than 64 deep'});
  }
});

test('__proto__ is a key as any other', (t) => {
  const value = parse('{"__proto__":{"a":1}}') as object;
  t.deepEqual(Object.keys(value), ['__proto__']);
  t.false('a' in value);
  t.throws(() => parse('{"__proto__":1,"__proto__":2}'), {message: /stands twice/});
});

for (const [what, bytes] of [
  ['a byte order mark', Buffer.from('\ufeff{}')],
  ['a byte that is not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22])],
  ['half a surrogate pair', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
  ['UTF-16', Buffer.from('{}', 'utf16le')],
  ['nothing', Buffer.of()],
  ['NUL', Buffer.of(0)],
] as const) {
  test(`${what} is not JSON`, (t) => {
    t.throws(() => parseStrictJson(bytes), {instanceOf: StrictJsonError, message: /^not JSON/});
  });
}
