import test from 'ava';
import {byLeader, Leadership} from '../../src/jobs/leadership.ts';
import {freshDatabase} from '../metadata/workbench.ts';

test('of several nodes one does the housekeeping, and another when it has ended', async (t) => {
  const db = await freshDatabase(t);
  const now = (): Date => new Date();
  const [first, second] = [new Leadership(db, now), new Leadership(db, now)];
  const done: string[] = [];
  const jobOf = (name: string, leadership: Leadership) =>
    byLeader(leadership, {
      task: 'upload-expiry',
      name: 'expiry',
      work: async () => {
        done.push(name);
        return Promise.resolve();
      },
    });
  const {signal} = new AbortController();
  const jobs = [jobOf('first', first), jobOf('second', second)];
  for (let round = 0; round < 3; round += 1) for (const job of jobs) await job.work(signal);
  t.deepEqual(done, ['first', 'first', 'first']);
  await first.close();
  await jobs[1]?.work(signal);
  t.is(done.at(-1), 'second');
  await second.close();
});

test('whoever is gone without a word is followed by another after 15 seconds', async (t) => {
  const db = await freshDatabase(t);
  let time = Date.now();
  const now = (): Date => new Date(time);
  const [first, second] = [new Leadership(db, now), new Leadership(db, now)];
  t.teardown(async () => Promise.all([first.close(), second.close()]));
  t.true(await first.isOurs());
  time += 14_000;
  t.false(await second.isOurs());
  time += 1000;
  t.true(await second.isOurs());
  t.false(await first.isOurs());
});
