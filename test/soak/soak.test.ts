/** Some seconds of load; `npm run soak` is the same for as long as one likes. */
import test from 'ava';
import {secret} from '../support/secrets.ts';
import {soak} from './soak.ts';

for (const [what, adminPassword] of [
  ['without accounts', undefined],
  ['with accounts', secret('password of the soaked admin')],
] as const) {
  test.serial(
    `under a mixed load no memory, descriptor or file accumulates ${what}, and every byte is right`,
    async (t) => {
      t.timeout(170_000);
      const lines: string[] = [];
      const seed = Number(process.env['SOAK_SEED'] ?? Date.now() % 2 ** 32);
      const {images, faults} = await soak({
        seed,
        milliseconds: 9_000,
        clients: 4,
        adminPassword,
        say: (line) => lines.push(line),
      });
      t.log(`SOAK_SEED=${seed}`, lines.slice(-3).join('\n'));
      t.deepEqual(faults, []);
      t.true(images > 10);
    },
  );
}
