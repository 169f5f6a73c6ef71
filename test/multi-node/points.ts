/** Moments at which the power is cut, and what a server makes of what is left. */
import path from 'node:path';
import type {Lifetime} from '../support/lifetime.ts';
import type {Random} from '../load/random.ts';
import {memoryDirectory} from '../support/temporary-directory.ts';
import {historyOf, type Keeps} from './disk-history.ts';
import {findingsAfter} from './findings.ts';
import {layDown} from './lay-down.ts';
import {byteStyles, cutPower, type CutStyle, nameStyles} from './power-cut.ts';
import type {RecordedLoad} from './recorded-load.ts';

export interface Point {
  /** So many calls were made. */
  readonly count: number;
  readonly style: CutStyle;
  /** The disk is mounted by another host, to which nobody can say whether the first still lives. */
  readonly isElsewhere: boolean;
}

/** Half of them right after an answer: then most was promised. */
export function randomPoint({record, ledger}: RecordedLoad, random: Random): Point {
  const answers = [...ledger.settings.values()].flat().filter(({answered}) => answered < Infinity);
  const answered = random.pick(answers)?.answered ?? 0;
  const count = random.chance(0.5)
    ? record.filter(({end}) => end <= answered).length
    : random.below(record.length + 1);
  const style = {
    names: random.pick(nameStyles),
    bytes: random.pick(byteStyles),
  };
  return {count, style, isElsewhere: random.chance(0.3)};
}

const onAnotherHost = ['unshare', '--uts', 'sh', '-c', 'hostname another && exec "$@"', 'sh'];

export async function tryPoint(
  life: Lifetime,
  {dataDir, record, ledger}: RecordedLoad,
  {count, style, isElsewhere}: Point,
  random: Random,
  keeps?: Keeps,
): Promise<readonly string[]> {
  const history = historyOf(record, count, dataDir, keeps);
  const tree = cutPower(history, style, () => random.next());
  await using ends = new AsyncDisposableStack();
  const own: Lifetime = {
    teardown: (end) => {
      ends.defer(async () => {
        await end();
      });
    },
    log: (...values) => {
      life.log(...values);
    },
  };
  const found = path.join(await memoryDirectory(own), 'data');
  await layDown(found, tree);
  const length = record[count - 1]?.end ?? 0;
  const prefix = isElsewhere ? onAnotherHost : [];
  return await findingsAfter(own, {dataDir: found, ledger, length, prefix});
}
