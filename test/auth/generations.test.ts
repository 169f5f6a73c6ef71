/** What a process knows of accounts, and how soon it knows of a change. */
import test from 'ava';
import {openGenerations} from '../../src/auth/generations.ts';
import {raiseGeneration} from '../../src/metadata/users.ts';
import {until} from '../support/raw-request.ts';
import {freshFile, now, open, person} from '../metadata/workbench.ts';
import {keptLog} from './workbench.ts';

test('what is known of accounts stays young while the database answers, and grows old when it does not', async (t) => {
  const file = await freshFile(t);
  const database = await open(t, {file});
  const {log, lines} = keptLog();
  const onChange = (): void => undefined;
  const generations = await openGenerations({db: database.db, log, onChange, pollInterval: 10});
  t.teardown(async () => generations.close());
  await until(() => generations.age() < 100);

  await database.close();
  await until(() => generations.age() > 500);
  t.is(lines.filter(({level}) => level === 'error').length, 1);
});

test('what another process changes is noticed within a second, with nothing set', async (t) => {
  const file = await freshFile(t);
  const elsewhere = await open(t, {file});
  const {id} = await person(elsewhere.db, 'anna');
  let changes = 0;
  const generations = await openGenerations({
    db: (await open(t, {file})).db,
    log: keptLog().log,
    onChange: () => {
      changes += 1;
    },
  });
  t.teardown(async () => generations.close());
  const delays: number[] = [];
  // Each right after a look, so that it waits for a whole interval; the best of three, as the machine may be busy.
  for (let round = 0; round < 3; round += 1) {
    const startedAt = performance.now();
    await raiseGeneration(elsewhere.db, {id, now});
    await until(() => changes > round);
    delays.push(performance.now() - startedAt);
  }
  t.true(Math.min(...delays) < 1000, `noticed after ${delays.join(', ')} ms`);
});

test('a token of a realm whose clock is ahead is none from after a change', async (t) => {
  const at = Date.now();
  const {db} = await open(t, {file: await freshFile(t)});
  const generations = await openGenerations({
    db,
    log: keptLog().log,
    onChange: () => undefined,
    now: () => new Date(at),
  });
  t.teardown(async () => generations.close());
  // A token counts from clocks that are up to a minute ahead, and may have been judged on what was known 5 seconds before.
  t.true(generations.hasChangedSince(new Date(at + 65_000)));
  t.false(generations.hasChangedSince(new Date(at + 65_001)));
});
