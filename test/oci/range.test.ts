import test from 'ava';
import fc from 'fast-check';
import {parseContentRange, parseRange, type Range, uploadRange} from '../../src/oci/range.ts';

/** Byte by byte: which of `size` bytes a range names. */
function model(spec: string, size: number): Range | 'unsatisfiable' {
  const [first = '', last = ''] = spec.split('-');
  const isWanted = (at: number): boolean =>
    first === ''
      ? at >= size - Number(last)
      : at >= Number(first) && (last === '' || at <= Number(last));
  const wanted = Array.from({length: size}, (_, at) => at).filter(isWanted);
  const [start, end] = [wanted.at(0), wanted.at(-1)];
  return start === undefined || end === undefined ? 'unsatisfiable' : {start, end};
}

test('a range names the bytes that a naive reader of RFC 9110 would count', (t) => {
  const position = fc.nat({max: 30}).map(String);
  const spec = fc.oneof(
    fc.tuple(position, position).map(([first, last]) => `${first}-${last}`),
    position.map((first) => `${first}-`),
    position.map((last) => `-${last}`),
  );
  fc.assert(
    fc.property(spec, fc.nat({max: 25}), (text, size) => {
      t.deepEqual(parseRange(`bytes=${text}`, size), model(text, size), `${text} of ${size}`);
    }),
    {numRuns: 3000},
  );
});

test('what a range says lies within the size, whatever the header', (t) => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^bytes= ?\d*-\d* ?$/)),
      fc.nat(),
      (header, size) => {
        const range = parseRange(header, size);
        if (typeof range !== 'object') return;
        t.true(0 <= range.start && range.start <= range.end && range.end < size, header);
      },
    ),
  );
});

for (const header of [
  undefined,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=0-1,2-3',
  'bytes=0-1,',
  'bytes=+1-2',
  'bytes=1.5-2',
  'items=0-1',
  'bytes=0-1 x',
]) {
  test(`Range ${String(header)} asks for the whole`, (t) => {
    t.is(parseRange(header, 10), undefined);
  });
}

const contentRanges: readonly (readonly [header: string, range: Range | undefined])[] = [
  ['0-0', {start: 0, end: 0}],
  ['0-9', {start: 0, end: 9}],
  ['007-010', {start: 7, end: 10}],
  ['999999999999999-999999999999999', {start: 999_999_999_999_999, end: 999_999_999_999_999}],
  ['9-0', undefined],
  ['1000000000000000-1000000000000000', undefined],
  ['bytes 0-9/10', undefined],
  ['bytes=0-9', undefined],
  ['0-9/10', undefined],
  ['0-', undefined],
  ['-9', undefined],
  ['0 - 9', undefined],
  ['0-9\n', undefined],
  ['', undefined],
];

for (const [header, range] of contentRanges) {
  test(`Content-Range ${JSON.stringify(header)} is ${range ? 'one of a chunk' : 'none'}`, (t) => {
    t.deepEqual(parseContentRange(header), range);
  });
}

test('the Range of an upload ends at its last byte, and is 0-0 where there is none', (t) => {
  t.is(uploadRange(0), '0-0');
  t.is(uploadRange(1), '0-0');
  t.is(uploadRange(10), '0-9');
});
