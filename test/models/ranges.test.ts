/** Downloads of any range against what the blob's bytes say. */
import test from 'ava';
import fc from 'fast-check';
import {contentOf, pushBlob} from '../support/content.ts';
import {startInProcess} from '../support/in-process.ts';
import {patience, tries} from '../support/properties.ts';
import {rawRequest} from '../support/raw-request.ts';
import {boundarySizes, seededBytes} from '../support/seeded-bytes.ts';

const sizes = [0, 1, 2, 1000, ...boundarySizes, 5_000_000];
const edges = sizes.flatMap((size) => [size - 1, size, size + 1]).filter((edge) => edge >= 0);

const position = fc.oneof(
  fc.constantFrom(...edges).map(String),
  fc.nat({max: 6_000_000}).map(String),
  fc.constantFrom(
    '',
    '00',
    '007',
    '4294967296',
    '9007199254740993',
    '9'.repeat(40),
    '1'.repeat(400),
  ),
);
const unit = fc.constantFrom('bytes=', 'Bytes=', 'bytes= ', 'items=', 'bytes', '');
const spec = fc.tuple(position, position).map(([first, last]) => `${first}-${last}`);
const header = fc.oneof(
  {weight: 8, arbitrary: spec.map((text) => `bytes=${text}`)},
  {weight: 1, arbitrary: fc.tuple(unit, spec).map((parts) => parts.join(''))},
  {weight: 1, arbitrary: fc.array(spec, {maxLength: 4}).map((list) => `bytes=${list.join(',')}`)},
  {weight: 1, arbitrary: fc.stringMatching(/^[!-~]{1,30}$/)},
);

/** The bytes that RFC 9110 lets a server send, and 206 where they are a range; `undefined` for 416. */
function model(text: string, size: number): {status: 200 | 206; from: number; to: number} | 416 {
  const [, first = '', last = ''] = /^bytes= *(\d*)-(\d*)$/i.exec(text) ?? [];
  const ordered = first === '' || last === '' || BigInt(first) <= BigInt(last);
  if (first === '' && last === '') return {status: 200, from: 0, to: size};
  const [start, end] =
    first === '' ? [size - Number(last), size] : [Number(first), Number(last) + 1];
  const from = Math.max(0, start);
  const to = last === '' ? size : Math.min(size, end);
  return ordered && from < to ? {status: 206, from, to} : 416;
}

/** However slow the machine is. */
const least = 200;

test('every range of a blob of any size is answered with those bytes, and no others', async (t) => {
  t.timeout(600_000);
  const server = await startInProcess(t);
  const contents = sizes.map((size) => contentOf(seededBytes('ranges', size)));
  for (const content of contents) await pushBlob(server.api, 'a', content);
  let run = 0;
  const isLate = patience(8000, least);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...contents), header, async ({bytes, digest}, range) => {
      if (isLate()) return;
      run += 1;
      const path = `/v2/a/blobs/${digest}`;
      const answer = await rawRequest(server, {path, headers: {Range: range}});
      const expected = model(range, bytes.length);
      if (expected === 416) {
        t.is(answer.status, 416);
        t.is(answer.headers['content-range'], `bytes */${bytes.length}`);
        return;
      }
      const {status, from, to} = expected;
      t.is(answer.status, status);
      const place = status === 206 ? `bytes ${from}-${to - 1}/${bytes.length}` : undefined;
      t.is(answer.headers['content-range'], place);
      t.is(answer.headers['content-length'], String(to - from));
      t.true(answer.body.equals(bytes.subarray(from, to)));
    }),
    tries(1500),
  );
  t.log(`${run} ranges`);
  t.true(run >= tries(least).numRuns);
});
