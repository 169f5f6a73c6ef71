/** What Prometheus' own checker says about the metrics. */
import {startWithAccounts} from '../support/accounts.ts';
import {run} from '../support/command.ts';
import {config, pushBlob} from '../support/content.ts';
import {metrics, scrape} from '../support/metrics.ts';
import {startInProcess} from '../support/in-process.ts';
import {testWith} from '../support/test-with.ts';

testWith(['promtool'], 'promtool finds nothing to say against the metrics', async (t) => {
  const withAccounts = await startWithAccounts(t, {metrics});
  const without = await startInProcess(t, {metrics});
  await pushBlob(without.api, 'a', config);
  await without.api.get(`/v2/a/blobs/${config.digest}`);
  for (const holdfast of [withAccounts, without]) {
    const input = await scrape(holdfast);
    const {exitCode, stdout, stderr} = await run('promtool', ['check', 'metrics'], {
      input,
      allowFailure: true,
    });
    t.is(`${stdout}${stderr}`, '');
    t.is(exitCode, 0);
  }
});

testWith(['promtool'], 'promtool does look: a counter with a wrong name is found', async (t) => {
  const input = '# HELP a A.\n# TYPE a counter\na 1\n';
  const {stderr} = await run('promtool', ['check', 'metrics'], {input, allowFailure: true});
  t.regex(stderr, /_total/);
});
