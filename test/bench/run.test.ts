import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {resultsSchema} from '../../bench/results.ts';
import {startInProcess} from '../support/in-process.ts';
import {temporaryDirectory} from '../support/temporary-directory.ts';
import {testWith} from '../support/test-with.ts';
import {bench} from './bench.ts';

testWith(
  ['openssl', 'wrk'],
  'a quick run measures each registry, prints a table and leaves its samples in a file',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const json = join(directory, 'results.json');
    const running = await startInProcess(t, {log: {level: 'error'}});

    const {exitCode, stdout, stderr} = await bench(
      ...['--quick', '--rounds', '1', '--only', '^(manifest/get-tag/1|manifest/head-digest/64)$'],
      ...['--targets', 'holdfast,null', '--target', `running=${running.url}`],
      ...['--json', json, '--directory', directory],
    );

    t.is(exitCode, 0, stderr);
    t.regex(stdout, /GET of a manifest by tag, 1 connection/);
    t.regex(stdout, /^ *Holdfast [\d.]+ +[\d,.]+/m);
    const {measurements} = resultsSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    t.deepEqual(
      measurements.map(({id}) => id),
      ['manifest/get-tag/1', 'manifest/head-digest/64'],
    );
    for (const {samples, missing} of measurements) {
      t.deepEqual(missing, {});
      t.deepEqual(Object.keys(samples), ['holdfast', 'null', 'running']);
      for (const list of Object.values(samples)) {
        t.is(list.length, 1);
        t.true((list[0]?.values['rate'] ?? 0) > 0);
        t.true((list[0]?.peakBytes ?? 0) > 2 ** 20);
      }
    }
    t.deepEqual(await readdir(directory), ['results.json'], 'nothing else is left behind');
  },
);

testWith(
  ['openssl', 'wrk'],
  'with accounts a registry is asked with a token, and compared with itself without',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const json = join(directory, 'results.json');

    const {exitCode, stdout, stderr} = await bench(
      ...['--quick', '--only', '^(accounts/(manifest/get-tag|blob/head|token/.*)/1|blob/head/1)$'],
      ...['--targets', 'holdfast,holdfast-accounts,null', '--json', json, '--directory', directory],
    );

    t.is(exitCode, 0, stderr);
    t.regex(stdout, /^ *Holdfast [\d.]+ with accounts +[\d,.]+ x\d/m);
    const {measurements} = resultsSchema.parse(JSON.parse(await readFile(json, 'utf8')));
    t.deepEqual(
      measurements.map(({id, samples}) => [id, ...Object.keys(samples)]),
      [
        ['blob/head/1', 'holdfast', 'null'],
        ['accounts/manifest/get-tag/1', 'holdfast', 'holdfast-accounts'],
        ['accounts/blob/head/1', 'holdfast', 'holdfast-accounts'],
        ['accounts/token/certificate/1', 'holdfast-accounts'],
      ],
    );
    const [sample] = measurements.at(-1)?.samples['holdfast-accounts'] ?? [];
    t.true((sample?.values['for each second of a core'] ?? 0) > 0);
  },
);

testWith(
  ['openssl'],
  'what a registry gives is what was pushed, over TLS and in many layers',
  async (t) => {
    const directory = await temporaryDirectory(t);

    const {exitCode, stdout, stderr} = await bench(
      ...['--quick', '--only', '^(push/16|pull/50)x.*/https$', '--targets', 'holdfast'],
      ...['--directory', directory],
    );

    t.is(exitCode, 0, stderr);
    t.is(stdout.match(/^ *Holdfast /gm)?.length, 2);
  },
);

testWith(['openssl'], 'a registry that fails is told, and the run ends with 1', async (t) => {
  const directory = await temporaryDirectory(t);
  const readonly = await startInProcess(t, {maintenance: {readonly: true}});

  const {exitCode, stdout, stderr} = await bench(
    ...['--quick', '--only', 'blob/head/1$', '--targets', 'null'],
    ...['--target', `readonly=${readonly.url}`, '--directory', directory],
  );

  t.is(exitCode, 1);
  t.regex(stdout, /null server +[\d,]+/);
  t.regex(stderr, /blob\/head\/1: readonly failed: .* answered 405/);
});
