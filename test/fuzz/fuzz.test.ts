/** Some seconds of nonsense; `npm run fuzz` is the same for as long as one likes. */
import test from 'ava';
import {secret} from '../support/secrets.ts';
import {fuzz} from './fuzz.ts';
import {summary} from './summary.ts';

for (const [what, adminPassword] of [
  ['without accounts', undefined],
  ['with accounts', secret('password of the fuzzed admin')],
] as const) {
  test.serial(
    `whatever is said for a while to a server ${what}, it answers as the specification says, and holds nothing back`,
    async (t) => {
      t.timeout(170_000);
      const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
      t.log(`FUZZ_SEED=${seed}`);
      const lines: string[] = [];
      const result = await fuzz({
        seed,
        milliseconds: 5_000,
        clients: 8,
        adminPassword,
        say: (line) => lines.push(line),
      });
      t.log(lines.join('\n'));
      t.log(summary(result));
      t.deepEqual(result.failures, []);
      t.deepEqual(result.faults, []);
      t.true(result.cases > 100);
    },
  );
}
