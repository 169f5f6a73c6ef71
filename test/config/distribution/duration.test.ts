/** Durations as Distribution writes them, in milliseconds and as settings have them. */
import test from 'ava';
import {parseGoDuration, writtenDuration} from '../../../src/config/distribution/duration.ts';

const durations: readonly (readonly [unknown, string])[] = [
  ['0', '0ms'],
  ['168h', '7d'],
  ['36h', '36h'],
  ['1m30s', '90s'],
  ['1.5h', '90m'],
  ['.5s', '500ms'],
  ['2m0s', '2m'],
  ['+5s', '5s'],
  ['-5s', '0ms'],
  ['1ns', '1ms'],
  ['1500µs', '2ms'],
  [30_000_000_000, '30s'],
  [-1, '0ms'],
];

for (const [text, written] of durations) {
  test(`${JSON.stringify(text)} is ${written}`, (t) => {
    t.is(writtenDuration(parseGoDuration(text) ?? Number.NaN), written);
  });
}

for (const text of [
  '',
  '5',
  '5d',
  's',
  '5 s',
  '1.2.3s',
  '--5s',
  '5s!',
  '٥s',
  true,
  [],
  undefined,
]) {
  test(`${JSON.stringify(text)} is no duration`, (t) => {
    t.is(parseGoDuration(text), undefined);
  });
}

test('a duration of a hundred thousand parts is none, and found at once', (t) => {
  t.is(parseGoDuration('1s'.repeat(100_000)), undefined);
});
