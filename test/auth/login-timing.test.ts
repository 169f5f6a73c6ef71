import test from 'ava';
import type {LocalUser} from '../../src/auth/providers/local.ts';
import {htpasswd, line} from './providers/htpasswd-file.ts';
import {type Frame, frame, localProvider, localUser} from './workbench.ts';

const [fewest, most] = [10, 60];
const limits = {failures: 1000, attemptsPerMinute: 1_000_000};
/** What a hash that is left out exceeds by far, and chance does not. */
const alike = 1.6;

const users = (): Promise<LocalUser[]> =>
  Promise.all([
    localUser('anna', 'correct horse'),
    localUser('dora', 'correct horse', {isEnabled: false}),
    localUser('ci', 'correct horse', {isRobot: true, passwordHash: null}),
  ]);

/**
 * How many times as long as the fastest name the slowest takes for a wrong password. Each counts with its shortest time: what was longer was
 * disturbed. On a machine that disturbs a lot it takes more rounds, and a hash that is left out stays left out.
 */
async function spread({outcome}: Frame, names: readonly string[]): Promise<number> {
  const shortest = names.map(() => Infinity);
  const ratio = (): number => Math.max(...shortest) / Math.min(...shortest);
  // The thread starts, the code gets warm.
  for (const name of names) await outcome(name, 'warm up');
  for (let round = 0; round < fewest || (round < most && ratio() >= alike); round += 1) {
    for (const [index, name] of names.entries()) {
      const start = performance.now();
      const reason = await outcome(name, `wrong password ${round}`);
      shortest[index] = Math.min(shortest[index] ?? Infinity, performance.now() - start);
      if (reason !== 'bad-credentials') throw new Error(reason);
    }
  }
  return ratio();
}

test.serial('an unknown name takes as long as a wrong password', async (t) => {
  const bench = frame(t, [localProvider(await users())], {limits});
  const ratio = await spread(bench, ['anna', 'dora', 'ci', 'nobody', 'noone']);
  t.log(ratio);
  t.true(ratio < alike, String(ratio));
});

test.serial(
  'of two providers the time does not tell which has the name, nor whether one has it',
  async (t) => {
    // Costs several times what argon2 does.
    const {provider} = await htpasswd(t, [await line('bert', 'battery staple', 10)]);
    const bench = frame(t, [localProvider(await users()), provider], {limits});
    const ratio = await spread(bench, ['anna', 'bert', 'dora', 'nobody']);
    t.log(ratio);
    t.true(ratio < alike, String(ratio));
  },
);
