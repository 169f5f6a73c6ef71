/** Half a minute of load; `npm run soak` is the same for as long as one likes. */
import test from 'ava';
import {soak} from './soak.ts';

test('under a mixed load no memory, descriptor or file accumulates, and every byte is right', async (t) => {
  t.timeout(170_000);
  const lines: string[] = [];
  const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 32);
  const {images, faults} = await soak({
    seed,
    milliseconds: 22_000,
    clients: 4,
    say: (line) => lines.push(line),
  });
  t.log(`SOAK_SEED=${seed}`, lines.slice(-3).join('\n'));
  t.deepEqual(faults, []);
  t.true(images > 10);
});
