/** A real Prometheus that asks a Holdfast that is used. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {hash} from 'bcryptjs';
import {basic, startWithAccounts} from '../support/accounts.ts';
import {config, imageOf, pushBlob, randomContent} from '../support/content.ts';
import {metrics, scrape} from '../support/metrics.ts';
import {
  asked,
  metricsIn,
  readAlerts,
  readDashboard,
  startPrometheus,
} from '../support/monitoring.ts';
import {until} from '../support/raw-request.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';

/** Panels of what does not happen here: faults, TLS, a comparison that has ended. */
const mayBeEmpty = [
  'Certificate ends in',
  'Answers that are faults',
  'Last comparison',
  'Since the last success',
];

testWith(
  ['prometheus'],
  'Prometheus gets the metrics, knows all that dashboard and alarms ask for, and raises none of a registry that is well',
  async (t) => {
    const htpasswd = join(await temporaryDirectory(t), 'htpasswd');
    await writeFile(htpasswd, `bert:${await hash('from the file', 4)}\n`);
    const holdfast = await startWithAccounts(t, {metrics, auth: {htpasswd}});
    await holdfast.person('anna');
    const anna = holdfast.as(basic('anna'));
    const use = async (): Promise<void> => {
      const layer = randomContent(10_000);
      for (const content of [config, layer]) await pushBlob(anna, 'anna/a', content);
      const image = imageOf([layer]);
      const manifest = '/v2/anna/a/manifests/v1';
      const put = anna.put(manifest).type(image.descriptor.mediaType);
      await put.send(image.bytes.toString()).expect(201);
      await anna.get('/auth/token').expect(200);
      await anna.get(manifest).expect(200);
      await anna.get(`/v2/anna/a/blobs/${layer.digest}`).expect(200);
      await anna.get('/v2/anna/a/manifests/none').expect(404);
    };
    await use();

    const {query, api} = await startPrometheus(t, new URL(holdfast.metricsUrl ?? '').host);
    const requests =
      'holdfast_content_operations_total{operation="push",kind="manifest",outcome="done"}';
    await until(async () => {
      await use();
      return (await query(`increase(${requests}[20s]) > 0`)).length > 0;
    });
    t.deepEqual(
      (await query('up{job="holdfast"}')).map(({value}) => value[1]),
      ['1'],
    );

    const present = await scrape(holdfast);
    const {panels} = await readDashboard();
    const alerts = await readAlerts();
    const exprs = [
      ...panels.flatMap(({targets = []}) => targets.map(({expr}) => asked(expr))),
      ...alerts.map(({expr}) => expr),
    ];
    for (const name of new Set(exprs.flatMap(metricsIn))) {
      t.true(present.includes(`# TYPE ${name} `), name);
    }
    for (const {title, targets = []} of panels) {
      for (const {expr} of targets) {
        const samples = await query(asked(expr));
        if (!mayBeEmpty.includes(title)) t.true(samples.length > 0, `${title}: ${expr}`);
      }
    }
    for (const {expr} of alerts) await t.notThrowsAsync(query(expr), expr);

    const {groups} = (await api('rules')) as {
      groups: {rules: {name: string; health: string; state: string}[]}[];
    };
    const rules = groups.flatMap((group) => group.rules);
    t.is(rules.length, alerts.length);
    t.deepEqual(
      rules.filter(({health}) => health !== 'ok'),
      [],
    );
    // The key was made just now.
    const raised = rules.filter(({state}) => state === 'firing').map(({name}) => name);
    t.deepEqual(raised, ['HoldfastTokenKeyIsNew']);

    await holdfast.stop();
    const pending = 'ALERTS{alertname="HoldfastDown",alertstate="pending"}';
    await until(async () => (await query(pending)).length > 0);
    t.is((await query('up{job="holdfast"}'))[0]?.value[1], '0');
  },
);
