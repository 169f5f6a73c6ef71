/** The table of metrics, and the alarms on the page of the realm, are about metrics that there are; deploy/monitoring has tests of its own. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {startWithAccounts} from '../support/accounts.ts';
import {run} from '../support/command.ts';
import {metrics, scrape} from '../support/metrics.ts';
import {blockWith, readPage} from '../support/page.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

const page = await readPage('observing.md');
const rules = blockWith(await readPage('realm-for-distribution.md'), 'yaml', 'alert:');
const namesIn = (text: string): readonly string[] => [
  ...new Set(text.match(/\bholdfast_[a-z_]+/g) ?? []),
];
const day = 86_400;

test('docs/observing.md names all metrics of Holdfast, and the alarms of the realm no others', async (t) => {
  const text = await scrape(await startWithAccounts(t, {metrics}));
  const present = [...text.matchAll(/^# TYPE (holdfast_\w+) /gm)].map(([, name = '']) => name);
  t.deepEqual([...namesIn(page)].sort(), [...present].sort());
  for (const name of namesIn(rules)) t.true(present.includes(name), name);
});

interface Case {
  readonly alert: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly fires: boolean;
}

/** Time begins at 0 there, with a value each minute. */
const cases: readonly Case[] = [
  ...[
    {at: '9m', fires: false},
    {at: '11m', fires: true},
  ].map((when) => ({
    alert: 'HoldfastTokenCertificateEnds',
    series: {holdfast_token_certificate_expiry_timestamp_seconds: `${14 * day + 600}x20`},
    ...when,
  })),
  {
    alert: 'HoldfastTokenKeyIsNew',
    series: {holdfast_token_key_since_timestamp_seconds: '60x200'},
    at: '30m',
    fires: true,
  },
  {
    alert: 'HoldfastTokenKeyIsNew',
    series: {holdfast_token_key_since_timestamp_seconds: '60x200'},
    at: '2h',
    fires: false,
  },
  {alert: 'HoldfastRealmIsAway', series: {}, at: '4m', fires: false},
  {alert: 'HoldfastRealmIsAway', series: {}, at: '6m', fires: true},
  {
    alert: 'HoldfastRealmIsAway',
    series: {holdfast_token_certificate_expiry_timestamp_seconds: '99999999x10'},
    at: '6m',
    fires: false,
  },
];

testWith(
  ['promtool'],
  'the alarms of docs/realm-for-distribution.md fire when they should, and not before',
  async (t) => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'rules.yaml'), rules);
    const files = ['rules.yaml'];
    await run('promtool', ['check', 'rules', ...files], {cwd: directory});
    const alerts = rules.matchAll(/alert: (\w+)/g);
    const sorted = (words: Iterable<string>): readonly string[] => [...new Set(words)].sort();
    const expected = sorted([...alerts].map(([, name = '']) => name));
    t.deepEqual(sorted(cases.map(({alert}) => alert)), expected);

    // What labels a firing alarm has is no matter here: ALERTS counts them.
    const tests = cases.map(({alert, series, at, fires}) => ({
      interval: '1m',
      name: `${alert} at ${at}`,
      input_series: Object.entries(series).map(([name, values]) => ({series: name, values})),
      promql_expr_test: [
        {
          expr: `count(ALERTS{alertname="${alert}", alertstate="firing"}) > bool 0 or vector(0)`,
          eval_time: at,
          exp_samples: [{labels: '{}', value: fires ? 1 : 0}],
        },
      ],
    }));
    const file = {rule_files: files, evaluation_interval: '1m', tests};
    await writeFile(join(directory, 'tests.yaml'), JSON.stringify(file));
    await t.notThrowsAsync(run('promtool', ['test', 'rules', 'tests.yaml'], {cwd: directory}));
  },
);
