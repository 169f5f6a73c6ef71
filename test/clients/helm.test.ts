import {mkdir, readFile} from 'node:fs/promises';
import type {ExecutionContext} from 'ava';
import {startHoldfast} from '../support/holdfast.ts';
import {testWith} from '../support/test-with.ts';
import {workbench, type Client, type Workbench} from '../support/workbench.ts';

testWith(['helm'], 'a chart that helm pushed is pulled byte by byte', async (t) => {
  const {bench, helm, charts, trust} = await setUp(t);
  const archive = await packageChart(helm, '1.2.3');

  await helm('push', archive, charts, ...trust);
  await mkdir(bench.path('pulled'));
  const to = ['--destination', bench.path('pulled')];
  await helm('pull', `${charts}/demo`, '--version', '1.2.3', ...to, ...trust);

  const pulled = await readFile(bench.path('pulled/demo-1.2.3.tgz'));
  t.true(pulled.equals(await readFile(bench.path(archive))));
});

testWith(['helm'], 'helm refuses a CA that it was not given', async (t) => {
  const {bench, helm, charts} = await setUp(t);
  const archive = await packageChart(helm, '1.2.3');

  await bench.refuses(helm('push', archive, charts), /x509: certificate signed by unknown/);
});

testWith(['helm'], 'helm finds the newest version that fits, from the list of tags', async (t) => {
  const {helm, charts, trust} = await setUp(t);
  for (const version of ['1.0.0', '1.4.0+build.7', '2.0.0']) {
    await helm('push', await packageChart(helm, version), charts, ...trust);
  }

  const shown = await helm('show', 'chart', `${charts}/demo`, '--version', '^1.0', ...trust);
  t.regex(shown, /^version: 1\.4\.0\+build\.7$/m);
  t.regex(
    await helm('template', 'demo', `${charts}/demo`, ...trust),
    /helm.sh\/chart: demo-2\.0\.0/,
  );
});

async function setUp(
  t: ExecutionContext,
): Promise<{bench: Workbench; helm: Client; charts: string; trust: string[]}> {
  const bench = await workbench(t);
  const registry = await startHoldfast(t);
  const helm = bench.client('helm');
  await helm('create', 'demo');
  return {
    bench,
    helm,
    charts: `oci://${registry.host}/charts`,
    trust: ['--ca-file', registry.caFile],
  };
}

/** Answers with the name of the archive. */
async function packageChart(helm: Client, version: string): Promise<string> {
  await helm('package', 'demo', '--version', version);
  return `demo-${version}.tgz`;
}
