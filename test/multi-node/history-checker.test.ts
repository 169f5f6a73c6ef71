/** The checker of histories finds each anomaly in a history that was made up to hold it, and none where there is none. */
import test from 'ava';
import type {Anomaly, Operation, Value} from './history.ts';
import {findAnomalies} from './history-checker.ts';

type At = readonly [begin: number, end: number];

const span = ([begin, end]: At, node = 'a') => ({begin, end, client: 1, node});
const place = {repository: 'r', tag: 't'};

const write = (value: Value, at: At, node?: string): Operation => ({
  ...{...span(at, node), ...place},
  ...{kind: 'write', value, isAcknowledged: true},
});
const lost = (value: Value, at: At): Operation => ({
  ...{...span(at), ...place},
  ...{kind: 'write', value, isAcknowledged: false},
});
const read = (value: Value, at: At, node?: string): Operation => ({
  ...{...span(at, node), ...place},
  ...{kind: 'read', value},
});
const list = (tags: readonly string[], at: At): Operation => ({
  ...span(at),
  ...{kind: 'list', repository: 'r', tags},
});
const put = (at: At): Operation => ({
  ...span(at),
  ...{kind: 'put', path: '/v2/r/blobs/x', isAcknowledged: true},
});
const get = (found: 'right' | 'wrong' | 'nothing', at: At): Operation => ({
  ...span(at),
  ...{kind: 'get', path: '/v2/r/blobs/x', found},
});

const histories: readonly (readonly [
  title: string,
  wanted: readonly Anomaly['kind'][],
  history: readonly Operation[],
])[] = [
  ['what was written is read', [], [write('1', [1, 2]), read('1', [3, 4])]],
  ['nothing was written, nothing is read', [], [read(undefined, [1, 2]), list([], [1, 2])]],
  [
    'an acknowledged tag that is not there is lost',
    ['lost write'],
    [write('1', [1, 2]), read(undefined, [3, 4])],
  ],
  [
    'an acknowledged tag that a list has not is lost',
    ['lost write'],
    [write('1', [1, 2]), list([], [3, 4])],
  ],
  [
    'a tag is stale after its acknowledged overwrite',
    ['stale tag'],
    [write('1', [1, 2]), write('2', [3, 4]), read('1', [5, 6])],
  ],
  [
    'while it is overwritten either may be read',
    [],
    [write('1', [1, 2]), write('2', [3, 9]), read('1', [4, 5]), read('2', [6, 7])],
  ],
  [
    'who was read as new is not read as old afterwards, although nobody acknowledged it',
    ['stale tag'],
    [write('1', [1, 2]), lost('2', [3, 4]), read('2', [5, 6]), read('1', [7, 8])],
  ],
  [
    'a write that was not answered may have happened, or not, or happen later',
    [],
    [
      ...[write('1', [1, 2]), lost('2', [3, 4])],
      ...[read('1', [5, 6]), read('2', [7, 8]), list(['t'], [9, 10])],
    ],
  ],
  [
    'of two writes at once either may be the last',
    [],
    [write('1', [1, 4]), write('2', [2, 3]), read('1', [5, 6])],
  ],
  ['and so may the other', [], [write('1', [1, 4]), write('2', [2, 3]), read('2', [5, 6])]],
  [
    'a deleted tag comes back',
    ['deleted tag came back'],
    [write('1', [1, 2]), write(undefined, [3, 4]), read('1', [5, 6])],
  ],
  [
    'a deleted tag comes back in a list',
    ['deleted tag came back'],
    [write('1', [1, 2]), write(undefined, [3, 4]), list(['t'], [5, 6])],
  ],
  [
    'a deletion that was not answered may have happened',
    [],
    [write('1', [1, 2]), lost(undefined, [3, 4]), read(undefined, [5, 6]), list([], [5, 6])],
  ],
  [
    'a tag that is written after its deletion is there',
    ['lost write'],
    [write('1', [1, 2]), write(undefined, [3, 4]), write('2', [5, 6]), read(undefined, [7, 8])],
  ],
  ['a tag is what nobody wrote', ['value from nowhere'], [write('1', [1, 2]), read('2', [3, 4])]],
  [
    'a tag is what is written only later',
    ['value from nowhere'],
    [read('1', [1, 2]), write('1', [3, 4])],
  ],
  ['a list has what nobody wrote', ['value from nowhere'], [list(['x'], [3, 4])]],
  ['other bytes are served', ['wrong bytes'], [put([1, 2]), get('wrong', [3, 4])]],
  [
    'content is gone',
    ['lost content'],
    [put([1, 2]), get('right', [3, 4]), get('nothing', [5, 6])],
  ],
  ['content is not there before it is acknowledged', [], [get('nothing', [1, 3]), put([2, 4])]],
  [
    'an answer that no client counts on is told',
    ['surprising answer'],
    [{...span([1, 2]), kind: 'surprise', of: 'PUT', answer: '500'}],
  ],
];

for (const [title, wanted, history] of histories) {
  test(title, (t) => {
    t.deepEqual(
      findAnomalies(history).map(({kind}) => kind),
      wanted,
    );
  });
}

test('of several nodes each knows at once what itself has acknowledged, and all what was acknowledged when they have settled', (t) => {
  const overwritten = [write('1', [1, 2], 'a'), write('2', [3, 4], 'a')];
  const kinds = (...more: readonly Operation[]) =>
    findAnomalies([...overwritten, ...more], {isSameNode: true, settledAt: 100}).map(
      ({kind}) => kind,
    );
  t.deepEqual(kinds(read('1', [5, 6], 'a')), ['stale tag']);
  t.deepEqual(kinds(read('1', [5, 6], 'b')), []);
  t.deepEqual(kinds(read('1', [101, 102], 'b')), ['stale tag']);
});
