import test from 'ava';
import {findLoginToken} from '../../src/auth/account-source.ts';
import {createSecretToken} from '../../src/auth/secret-token.ts';
import {setEnabled} from '../../src/metadata/accounts.ts';
import {createApplicationToken} from '../../src/metadata/application-tokens.ts';
import {freshDatabase, now, person} from '../metadata/workbench.ts';
import type {UserWithPassword} from '../../src/metadata/users.ts';
import {htpasswd, line} from './providers/htpasswd-file.ts';
import {type Frame, frame, localProvider, localUser} from './workbench.ts';

const [fewest, most] = [6, 60];
const limits = {failures: 1000, attemptsPerMinute: 1_000_000};
/** What a hash that is left out exceeds by far, and chance does not. */
const alike = 1.6;

const users = (): Promise<UserWithPassword[]> =>
  Promise.all([
    localUser('anna', 'correct horse'),
    localUser('dora', 'correct horse', {isEnabled: false}),
    localUser('ci', undefined, {isRobot: true}),
  ]);

/**
 * How many times as long as the fastest name the slowest takes for a wrong password. Each counts with its shortest time: what was longer was
 * disturbed. On a machine that disturbs a lot it takes more rounds, and a hash that is left out stays left out.
 */
async function spread(
  {outcome}: Frame,
  names: readonly string[],
  passwordFor = (_name: string, round: number) => `wrong password ${round}`,
): Promise<number> {
  const shortest = names.map(() => Infinity);
  const ratio = (): number => Math.max(...shortest) / Math.min(...shortest);
  // The thread starts, the code gets warm.
  for (const name of names) await outcome(name, passwordFor(name, -1));
  for (let round = 0; round < fewest || (round < most && ratio() >= alike); round += 1) {
    for (const [index, name] of names.entries()) {
      const password = passwordFor(name, round);
      const start = performance.now();
      const reason = await outcome(name, password);
      shortest[index] = Math.min(shortest[index] ?? Infinity, performance.now() - start);
      if (reason !== 'bad-credentials' && reason !== 'disabled') throw new Error(reason);
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

test.serial('the right password of a disabled account takes as long as a wrong one', async (t) => {
  const bench = frame(t, [localProvider(await users())], {limits});
  const passwordFor = (name: string, round: number): string =>
    name === 'dora' ? 'correct horse' : `wrong password ${round}`;
  const ratio = await spread(bench, ['anna', 'dora', 'nobody'], passwordFor);
  t.log(ratio);
  t.true(ratio < alike, String(ratio));
});

test.serial('a wrong application token takes as long whosever it is said to be', async (t) => {
  const db = await freshDatabase(t);
  const tokens = new Map<string, string>();
  for (const name of ['anna', 'dora']) {
    const {id: userId} = await person(db, name);
    const {id, text} = createSecretToken('application');
    const {hash} = createSecretToken('application');
    await createApplicationToken(db, {id, userId, name: 'x', hash, isPullOnly: false, now});
    await setEnabled(db, {id: userId, isEnabled: name === 'anna', now});
    tokens.set(name, text);
  }
  await person(db, 'bert');
  const bench = frame(t, [localProvider(await users())], {
    limits,
    findToken: async (username, id) => findLoginToken(db, username, id),
  });
  // Of anna and dora their own, with another secret; of the others one that nobody has.
  const passwordFor = (name: string): string =>
    tokens.get(name) ?? createSecretToken('application').text;
  const ratio = await spread(bench, ['anna', 'bert', 'dora', 'nobody'], passwordFor);
  t.log(ratio);
  t.true(ratio < alike, String(ratio));
});
