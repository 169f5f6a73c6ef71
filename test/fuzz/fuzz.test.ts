/** A minute of nonsense; `npm run fuzz` is the same for as long as one likes. */
import test from 'ava';
import {fuzz} from './fuzz.ts';
import {summary} from './summary.ts';

test('whatever is said to it for a minute, the server answers as the specification says, and holds nothing back', async (t) => {
  t.timeout(170_000);
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
  t.log(`FUZZ_SEED=${seed}`);
  const lines: string[] = [];
  const result = await fuzz({
    seed,
    milliseconds: 60_000,
    clients: 8,
    say: (line) => lines.push(line),
  });
  t.log(lines.join('\n'));
  t.log(summary(result));
  t.deepEqual(result.failures, []);
  t.deepEqual(result.faults, []);
  t.true(result.cases > 500);
});
