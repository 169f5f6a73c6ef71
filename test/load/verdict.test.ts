import test from 'ava';
import {type Sample, slope, verdict} from './verdict.ts';

const MiB = 1024 * 1024;
const samples = (rssAt: (at: number) => number): readonly Sample[] =>
  Array.from({length: 100}, (_, at) => ({at, rss: rssAt(at) * MiB}));

test('memory that goes up and down, and settles after a start, is not said to grow', (t) => {
  const settled = samples((at) => 200 - 100 / (1 + at) + (at % 7) * 5 + (at === 90 ? 300 : 0));
  t.false(verdict(settled).isGrowing);
});

test('memory that grows by 2 MiB a sample is said to grow, whatever its noise', (t) => {
  const growing = samples((at) => 200 + 2 * at + (at % 7) * 5);
  t.true(verdict(growing).isGrowing);
  t.true(Math.abs(slope(growing) / MiB - 2) < 0.2);
});
