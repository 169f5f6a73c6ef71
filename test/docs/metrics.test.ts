/** The table of metrics on the pages, and their alarms, are about metrics that there are. */
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
const rules = blockWith(page, 'yaml', 'alert:');
const realmRules = blockWith(await readPage('realm-for-distribution.md'), 'yaml', 'alert:');
const namesIn = (text: string): readonly string[] => [
  ...new Set(text.match(/\bholdfast_[a-z_]+/g) ?? []),
];
const day = 86_400;

test('docs/observing.md names all metrics of Holdfast, and the alarms no others', async (t) => {
  const text = await scrape(await startWithAccounts(t, {metrics}));
  const present = [...text.matchAll(/^# TYPE (holdfast_\w+) /gm)].map(([, name = '']) => name);
  t.deepEqual([...namesIn(page)].sort(), [...present].sort());
  t.true(namesIn(rules).length > 5);
  for (const name of namesIn(realmRules)) t.true(present.includes(name), name);
});

interface Case {
  readonly alert: string;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
  readonly fires: boolean;
}

/** Time begins at 0 there, with a value each minute. */
const cases: readonly Case[] = [
  ...['HoldfastCertificateEnds', 'HoldfastTokenCertificateEnds'].flatMap((alert) => {
    const name = alert.includes('Token') ? 'holdfast_token_certificate' : 'holdfast_certificate';
    const series = {[`${name}_expiry_timestamp_seconds`]: `${14 * day + 600}x20`};
    return [
      {alert, series, at: '9m', fires: false},
      {alert, series, at: '11m', fires: true},
    ];
  }),
  {
    alert: 'HoldfastCertificateEnds',
    series: {holdfast_certificate_expiry_timestamp_seconds: '0x20'},
    at: '11m',
    fires: false,
  },
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
  {
    alert: 'HoldfastStorageFails',
    series: {'holdfast_storage_errors_total{kind="full"}': '0x5 1x20'},
    at: '8m',
    fires: true,
  },
  {
    alert: 'HoldfastStorageFails',
    series: {'holdfast_storage_errors_total{kind="full"}': '0x20'},
    at: '8m',
    fires: false,
  },
  {
    alert: 'HoldfastStorageFills',
    series: {holdfast_storage_available_bytes: '50x9', holdfast_storage_size_bytes: '100x9'},
    at: '5m',
    fires: false,
  },
  {
    alert: 'HoldfastStorageFills',
    series: {holdfast_storage_available_bytes: '9x9', holdfast_storage_size_bytes: '100x9'},
    at: '5m',
    fires: true,
  },
  {
    alert: 'HoldfastIndexBehind',
    series: {holdfast_index_open_changes: '200x20'},
    at: '11m',
    fires: true,
  },
  {
    alert: 'HoldfastIndexBehind',
    series: {holdfast_index_open_changes: '200x5 3 200x20'},
    at: '11m',
    fires: false,
  },
  {
    alert: 'HoldfastAccountsSilent',
    series: {holdfast_accounts_age_seconds: '0.2x5 60x5'},
    at: '4m',
    fires: false,
  },
  {
    alert: 'HoldfastAccountsSilent',
    series: {holdfast_accounts_age_seconds: '0.2x5 60x5'},
    at: '8m',
    fires: true,
  },
  {
    alert: 'HoldfastLoginsUnavailable',
    series: {
      'holdfast_logins_total{outcome="unavailable"}': '0x5 1x20',
      'holdfast_logins_total{outcome="accepted"}': '0+9x25',
    },
    at: '8m',
    fires: true,
  },
  {
    alert: 'HoldfastLoginsUnavailable',
    series: {'holdfast_logins_total{outcome="accepted"}': '0+9x25'},
    at: '8m',
    fires: false,
  },
  {
    alert: 'HoldfastLoginProviderAway',
    series: {'holdfast_login_provider_up{provider="ldap"}': '1x5 0x20'},
    at: '9m',
    fires: false,
  },
  {
    alert: 'HoldfastLoginProviderAway',
    series: {'holdfast_login_provider_up{provider="ldap"}': '1x5 0x20'},
    at: '12m',
    fires: true,
  },
  {
    alert: 'HoldfastPasswordsGuessed',
    series: {holdfast_login_locks_total: '0+1x20'},
    at: '16m',
    fires: true,
  },
  {
    alert: 'HoldfastPasswordsGuessed',
    series: {holdfast_login_locks_total: '0x5 1x20'},
    at: '16m',
    fires: false,
  },
];

testWith(
  ['promtool'],
  'the alarms of the pages fire when they should, and not before',
  async (t) => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'rules.yaml'), rules);
    await writeFile(join(directory, 'realm-rules.yaml'), realmRules);
    const files = ['rules.yaml', 'realm-rules.yaml'];
    await run('promtool', ['check', 'rules', ...files], {cwd: directory});
    const alerts = `${rules}${realmRules}`.matchAll(/alert: (\w+)/g);
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
