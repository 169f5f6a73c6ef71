import test from 'ava';
import {openGenerations} from '../../src/auth/generations.ts';
import {until} from '../support/raw-request.ts';
import {freshFile, open} from '../metadata/workbench.ts';
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
