/**
 * The power is cut at random moments of a load: what was acknowledged is there, whatever the file system has kept of that which was not synced.
 * CRASH_POINTS says how many moments, CRASH_SEED which.
 */
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {Random} from '../load/random.ts';
import {shared} from '../support/lifetime.ts';
import {missingPrograms} from '../support/programs.ts';
import {testUnless, unlessRoot} from '../support/test-with.ts';
import {historyOf} from './disk-history.ts';
import {omissions} from './omissions.ts';
import {randomPoint, tryPoint} from './points.ts';
import {cutPower} from './power-cut.ts';
import {recordLoad} from './recorded-load.ts';

const points = Number(process.env['CRASH_POINTS'] ?? '10');
const seed = Number(process.env['CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const isLong = points > 50;

const reasons = [...missingPrograms(['gcc', 'unshare']), ...unlessRoot];
const load = shared(async (life) =>
  recordLoad(life, {pushers: isLong ? 6 : 3, rounds: isLong ? 5 : 2}),
);

testUnless(reasons, 'the record of the calls is what the disk shows', async (t) => {
  const {dataDir, record} = await load(t);
  const history = historyOf(record, record.length, dataDir);
  const {files} = cutPower(history, {names: 'all', bytes: 'all'}, () => 0);
  t.true(files.size > 100);
  for (const [name, {bytes, alsoAt}] of files) {
    // SQLite writes that one through the memory; it is made anew after a crash.
    if (alsoAt !== undefined || name.endsWith('-shm')) continue;
    t.true(bytes.equals(await readFile(path.join(dataDir, name))), name);
  }
});

testUnless(
  reasons,
  `what was acknowledged is there after the power was cut, at ${points} moments`,
  async (t) => {
    t.timeout(points * 20_000 + 120_000);
    const recorded = await load(t);
    const random = new Random(seed);
    for (let at = 0; at < points; at += 1) {
      const point = randomPoint(recorded, random);
      const findings = await tryPoint(t, recorded, point, random);
      t.deepEqual(findings, [], `CRASH_SEED=${seed}, moment ${at}: ${JSON.stringify(point)}`);
    }
    t.log(`${points} moments among ${recorded.record.length} calls, CRASH_SEED=${seed}`);
  },
);

/** At the end, and then anywhere. */
const tries = 60;

for (const [what, {keeps, style, isQuick}] of Object.entries(omissions)) {
  if (!isLong && !isQuick) continue;
  testUnless(
    reasons,
    `a server that would not sync ${what} is found to lose something`,
    async (t) => {
      t.timeout(600_000);
      const recorded = await load(t);
      const random = new Random(seed);
      let findings: readonly string[] = [];
      for (let at = 0; at < tries && findings.length === 0; at += 1) {
        const {count} = at === 0 ? {count: recorded.record.length} : randomPoint(recorded, random);
        const point = {count, style, isElsewhere: false};
        findings = await tryPoint(t, recorded, point, random, keeps);
      }
      t.true(findings.length > 0, `no loss at ${tries} moments, CRASH_SEED=${seed}`);
      t.log(`${findings.length} findings, one of them: ${findings[0]?.slice(0, 300) ?? ''}`);
    },
  );
}
