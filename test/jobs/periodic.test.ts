/** The rhythm in which work is repeated. */
import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {Periodic} from '../../src/jobs/periodic.ts';
import {createLog} from '../../src/observability/log.ts';

const log = createLog({level: 'error', format: 'json'}, {destination: process.stderr});

test('work that takes long is repeated after a multiple of its time, and begins when it is told', async (t) => {
  const begins: number[] = [];
  const ends: number[] = [];
  const twice = Promise.withResolvers<undefined>();
  const begin = performance.now();
  const periodic = new Periodic({
    name: 'long work',
    interval: 1,
    firstAfter: 0,
    restFactor: 10,
    log,
    work: async () => {
      begins.push(performance.now());
      await setTimeout(30);
      ends.push(performance.now());
      if (ends.length === 2) twice.resolve(undefined);
    },
  });
  // Housekeeping alone keeps no process alive.
  const alive = setInterval(() => undefined, 1000);
  t.teardown(async () => {
    clearInterval(alive);
    await periodic.close();
  });
  await twice.promise;
  t.true((begins[0] ?? Infinity) - begin < 10_000);
  t.true((begins[1] ?? 0) - (ends[0] ?? 0) >= 10 * ((ends[0] ?? 0) - (begins[0] ?? 0)) - 5);
});
