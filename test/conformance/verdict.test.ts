/** What counts as a success of the official suite. */
import test from 'ava';
import {isGood, type Judged} from '../../conformance/verdict.ts';

const released: Judged = {
  specification: '1.1',
  mode: 'none',
  passed: 860,
  failed: 0,
  skipped: 0,
  disabled: 2,
  tokens: 0,
};
const next: Judged = {
  ...released,
  specification: 'dev',
  mode: 'accounts',
  passed: 986,
  disabled: 0,
  tokens: 1,
};

for (const [what, run] of [
  ['that passed whole', released],
  ['of the next specification', next],
  ['with more checks than are known', {...released, passed: 900}],
] as const) {
  test(`a run ${what} is good`, (t) => {
    t.true(isGood(run));
  });
}

for (const [what, run] of [
  ['with a failure', {...released, failed: 1}],
  ['that skipped a check', {...released, skipped: 1}],
  ['that left out one check more than it should', {...released, disabled: 3}],
  ['that left out what it should not', {...next, disabled: 2}],
  ['of three checks', {...released, passed: 3}],
  ['that lacks one check', {...released, passed: 859}],
  ['that lacks one check of the next specification', {...next, passed: 985}],
  ['of an account without any token', {...next, tokens: 0}],
] as const) {
  test(`a run ${what} is not good`, (t) => {
    t.false(isGood(run));
  });
}
