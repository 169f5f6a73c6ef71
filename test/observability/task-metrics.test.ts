/** What the metrics tell of the housekeeping. */
import test from 'ava';
import {Registry} from 'prom-client';
import {Periodic} from '../../src/jobs/periodic.ts';
import {createLog} from '../../src/observability/log.ts';
import {createTaskMetrics} from '../../src/observability/task-metrics.ts';
import {startWithAccounts} from '../support/accounts.ts';
import {findValue, metrics, scrape} from '../support/metrics.ts';
import {until} from '../support/raw-request.ts';

const ignore = {write: (): void => undefined};
const log = createLog({level: 'error', format: 'json'}, {destination: ignore});

/** Repeats the work until the test ends; answers the lines of the metrics. */
function watched(work: (signal: AbortSignal) => Promise<void>) {
  const registry = new Registry();
  const record = createTaskMetrics(registry).follow('work');
  const periodic = new Periodic({name: 'work', interval: 5, firstAfter: 0, work, log, record});
  const value = async (line: string): Promise<number> => {
    const found = (await registry.metrics()).split('\n').find((each) => each.startsWith(line));
    return Number(found?.slice(line.length));
  };
  return {periodic, value};
}

const runs = (outcome: string): string =>
  `holdfast_task_runs_total{task="work",outcome="${outcome}"} `;
const success = 'holdfast_task_last_success_timestamp_seconds{task="work"} ';

test('work that fails is counted as failed, and has no success until it succeeds', async (t) => {
  let isBroken = true;
  const {periodic, value} = watched(async () => {
    if (isBroken) throw new Error('broken');
    return Promise.resolve();
  });
  t.teardown(async () => periodic.close());
  await until(async () => (await value(runs('failed'))) > 1);
  t.is(await value(success), 0);
  t.is(await value(runs('completed')), 0);
  t.is(await value('holdfast_task_pause_seconds{task="work"} '), 0.005);
  const mendedAt = Date.now() / 1000;
  isBroken = false;
  await until(async () => (await value(runs('completed'))) > 0);
  t.true((await value(success)) >= mendedAt);
});

test('work that the stop ends is neither', async (t) => {
  const begun = Promise.withResolvers<undefined>();
  const {periodic, value} = watched(async (signal) => {
    const ended = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => {
      ended.resolve(undefined);
    });
    begun.resolve(undefined);
    await ended.promise;
  });
  await begun.promise;
  await periodic.close();
  t.is(await value(runs('completed')), 0);
  t.is(await value(runs('failed')), 0);
});

test('each task of a server is followed from the start', async (t) => {
  const holdfast = await startWithAccounts(t, {metrics});
  const text = await scrape(holdfast);
  const tasks = [...text.matchAll(/^holdfast_task_pause_seconds\{task="(\S+)"\}/gm)];
  t.deepEqual(tasks.map(([, task = '']) => task).sort(), [
    'access-expiry',
    'activity-sealing',
    'departures',
    'event-expiry',
    'index-comparison',
    'unfinished-changes',
    'upload-expiry',
  ]);
  const line = 'holdfast_task_runs_total{task="unfinished-changes",outcome="completed"}';
  await until(async () => ((await findValue(holdfast, line)) ?? 0) > 0);
  t.true(((await findValue(holdfast, line)) ?? 0) > 0);
});
