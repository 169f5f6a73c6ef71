/** What the metrics tell of the database, on each engine. */
import test from 'ava';
import {sql} from 'kysely';
import {Registry} from 'prom-client';
import {measureStatements} from '../../src/metadata/measure-statements.ts';
import {metadataFaults} from '../../src/metadata/metadata-error.ts';
import {createDatabaseMetrics} from '../../src/observability/database-metrics.ts';
import {onEachEngine} from '../contract/engines.ts';
import {open, person} from '../metadata/workbench.ts';
import {startInProcess} from '../support/in-process.ts';
import {metrics, valueOf} from '../support/metrics.ts';

onEachEngine(
  'statements are measured by what they are, and faults by their kind',
  async (t, engine) => {
    const registry = new Registry();
    const told = createDatabaseMetrics(registry, metadataFaults);
    const {db} = await open(t, {...(await engine.fresh(t)), observe: measureStatements(told)});
    const value = async (line: string): Promise<number> => {
      const found = (await registry.metrics()).split('\n').find((each) => each.startsWith(line));
      return Number(found?.slice(line.length));
    };
    const count = async (statement: string): Promise<number> =>
      value(`holdfast_database_statement_duration_seconds_count{statement="${statement}"} `);
    const errors = async (kind: string): Promise<number> =>
      value(`holdfast_database_errors_total{kind="${kind}"} `);

    const before = {select: await count('select'), commit: await count('commit')};
    await db.selectFrom('users').select('id').execute();
    t.is(await count('select'), before.select + 1);
    await db.transaction().execute(async (trx) => trx.selectFrom('users').select('id').execute());
    t.is(await count('commit'), before.commit + 1);

    t.is(await errors('constraint'), 0);
    await person(db, 'anna');
    const anna = await db.selectFrom('users').selectAll().executeTakeFirstOrThrow();
    await t.throwsAsync(db.insertInto('users').values(anna).execute(), {name: 'MetadataError'});
    t.is(await errors('constraint'), 1);

    t.is(await errors('query'), 0);
    await t.throwsAsync(sql`select nothing from nowhere`.execute(db), {name: 'MetadataError'});
    t.is(await errors('query'), 1);
    t.is(await errors('unavailable'), 0);
  },
);

test('the metrics of a server have the statements of its database', async (t) => {
  const holdfast = await startInProcess(t, {metrics});
  const line = 'holdfast_database_statement_duration_seconds_count{statement="select"}';
  t.true((await valueOf(holdfast, line)) > 0);
});
