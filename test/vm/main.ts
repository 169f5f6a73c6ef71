/** `npm run test:vm -- [scenario ...]`: the real things in virtual machines, as many as are named or all; see README.md. */
import {parseArgs} from 'node:util';
import {drbdWithExt4, drbdWithXfs} from './drbd.ts';
import {activeOnNfs, standbyOnNfs, standbyOnNfsWithSqlite} from './nfs-nodes.ts';
import {missingNeeds} from './needs.ts';
import {cutUnderExt4, cutUnderXfs, cutWithoutSyncs} from './power.ts';
import {makeRack, type Outcome, type Scenario} from './rack.ts';

const scenarios: Readonly<Record<string, Scenario>> = {
  'nfs-standby': standbyOnNfs,
  'nfs-sqlite': standbyOnNfsWithSqlite,
  'nfs-active': activeOnNfs,
  'power-ext4': cutUnderExt4,
  'power-xfs': cutUnderXfs,
  'power-no-syncs': cutWithoutSyncs,
  'drbd-ext4': drbdWithExt4,
  'drbd-xfs': drbdWithXfs,
};

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {rounds: {type: 'string', default: '5'}},
});
const unknown = positionals.filter((name) => !(name in scenarios));
if (unknown.length > 0)
  throw new Error(`no ${unknown.join(', ')}: there are ${Object.keys(scenarios).join(', ')}`);
const missing = missingNeeds();
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

async function play(name: string, scenario: Scenario): Promise<Outcome> {
  const begin = performance.now();
  const say = (line: string): void => {
    const seconds = Math.round((performance.now() - begin) / 1000);
    console.log(`${name.padEnd(16)}${String(seconds).padStart(5)} s  ${line}`);
  };
  await using ends = new AsyncDisposableStack();
  const life = {
    teardown: (end: () => unknown) => {
      ends.defer(async () => {
        await end();
      });
    },
    log: (...words: unknown[]) => {
      say(words.map(String).join(' '));
    },
  };
  try {
    const rack = await makeRack(life);
    return await scenario({rack, say, rounds: Number(values.rounds)});
  } catch (error) {
    const finding = `it broke off: ${error instanceof Error ? error.message : String(error)}`;
    return {rounds: 0, acknowledged: 0, findings: [finding]};
  }
}

const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const table: object[] = [];
for (const name of names) {
  const scenario = scenarios[name];
  if (!scenario) continue;
  const begin = performance.now();
  const {rounds, acknowledged, findings} = await play(name, scenario);
  for (const finding of findings) console.log(`${name}: ${finding}`);
  const minutes = Number(((performance.now() - begin) / 60_000).toFixed(1));
  table.push({scenario: name, rounds, acknowledged, findings: findings.length, minutes});
  if (findings.length > 0) process.exitCode = 1;
}
console.table(table);
