/** The alarms, the configuration of Prometheus and the dashboard in deploy/monitoring. */
import {access} from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import {run} from '../support/command.ts';
import {
  type Panel,
  monitoring,
  readAlerts,
  readDashboard,
  readTestedAlerts,
} from '../support/monitoring.ts';
import {testWith} from '../support/test-with.ts';

testWith(
  ['promtool'],
  'promtool finds nothing to say against the rules and the configuration',
  async (t) => {
    for (const words of [
      ['check', 'rules', '--lint=all', '--lint-fatal', 'alerts.yaml'],
      ['check', 'config', '--lint=all', '--lint-fatal', 'prometheus.yaml'],
    ]) {
      await t.notThrowsAsync(run('promtool', words, {cwd: monitoring}));
    }
  },
);

testWith(['promtool'], 'the alarms fire when they should, and not before', async (t) => {
  const words = ['test', 'rules', 'alerts.test.yaml'];
  await t.notThrowsAsync(run('promtool', words, {cwd: monitoring, timeout: 120_000}));
});

test('each alarm has a test in which it fires, and says how bad it is, what happened and where to read on', async (t) => {
  const alerts = await readAlerts();
  const tested = await readTestedAlerts();
  t.deepEqual([...tested].sort(), alerts.map(({alert}) => alert).sort());
  for (const {alert, labels, annotations} of alerts) {
    t.true(['critical', 'warning', 'info'].includes(labels['severity'] ?? ''), alert);
    t.truthy(annotations['summary'], alert);
    const description = annotations['description'] ?? '';
    const pages = description.match(/docs\/[\w-]+\.md/g) ?? [];
    t.true(pages.length > 0, alert);
    const root = path.join(monitoring, '../..');
    for (const page of pages) await t.notThrowsAsync(access(path.join(root, page)), alert);
  }
});

test('the dashboard asks the data source that is chosen, and no panel covers another', async (t) => {
  const {uid, panels, templating} = await readDashboard();
  t.is(uid, 'holdfast');
  t.deepEqual(
    templating.list.map(({name, type}) => `${name} ${type}`),
    ['datasource datasource', 'job query', 'instance query'],
  );
  t.is(new Set(panels.map(({id}) => id)).size, panels.length);
  const text = JSON.stringify(panels);
  const sources = text.match(/"datasource":\{.*?"\}/g) ?? [];
  t.deepEqual([...new Set(sources)], ['"datasource":{"type":"prometheus","uid":"${datasource}"}']);
  for (const [index, one] of panels.entries()) {
    for (const other of panels.slice(index + 1)) {
      t.false(overlap(one, other), `${one.title} and ${other.title}`);
    }
  }
});

const overlap = ({gridPos: one}: Panel, {gridPos: other}: Panel): boolean =>
  one.x < other.x + other.w &&
  other.x < one.x + one.w &&
  one.y < other.y + other.h &&
  other.y < one.y + one.h;
