import test from 'ava';
import {chart} from '../../bench/report/chart.ts';
import {markdown} from '../../bench/report/markdown.ts';
import {block} from '../../bench/report/terminal.ts';
import {type Results, resultsSchema} from '../../bench/results.ts';

const rate = (...rates: readonly number[]) => rates.map((value) => ({values: {rate: value}}));

const results: Results = resultsSchema.parse({
  startedAt: '2026-11-25T12:00:00.000Z',
  seconds: 600,
  quick: false,
  machine: {Processor: 'a <fast> one & another'},
  targets: [
    {name: 'holdfast', title: 'Holdfast', isNull: false},
    {name: 'docker-registry', title: 'docker-registry 2.8.2', isNull: false},
    {name: 'olareg', title: 'olareg', isNull: false},
    {name: 'absent', title: 'absent', isNull: false},
    {name: 'null', title: 'null server', isNull: true},
  ],
  measurements: [
    {
      id: 'push',
      group: 'Push <HTTP> & more',
      title: 'push',
      metrics: [{name: 'rate', unit: 'MiB/s', better: 'more', chart: true}],
      samples: {
        holdfast: rate(300, 200, 1000),
        'docker-registry': rate(100, 150, 90),
        null: rate(5000),
      },
      missing: {olareg: 'failed: it was tired'},
    },
    {
      id: 'start',
      group: 'Start',
      title: 'start',
      metrics: [{name: 'rate', unit: 'ms', better: 'less', chart: true}],
      samples: {
        holdfast: [{values: {rate: 400}, peakBytes: 3 * 2 ** 20, cpuSeconds: 0.5}],
        'docker-registry': [{values: {rate: 100}, peakBytes: 2 ** 20, cpuSeconds: 0}],
        olareg: rate(50),
      },
      missing: {},
    },
  ],
  limits: [{title: 'SHA-256', unit: 'MiB/s', median: 1670, least: 1600, most: 1700}],
});

test('the table tells medians, spreads, ratios to docker-registry, memory, and who is missing', (t) => {
  const [push, start] = results.measurements.map((measured) => block(measured, results.targets));

  t.is(
    push,
    [
      'push [push]',
      '                                   rate (MiB/s)',
      '  Holdfast               300 [200..1,000] x3.00',
      '  docker-registry 2.8.2         100 [90.0..150]',
      '  null server                       5,000 x50.0',
      '  olareg: failed: it was tired',
      '',
    ].join('\n'),
  );
  t.regex(start ?? '', /peak memory \(MiB\)/);
  t.regex(start ?? '', /Holdfast +400 x4\.00 +3\.00 x3\.00 +0\.500$/m);
});

test('a measurement may have a yardstick of its own', (t) => {
  const [push] = results.measurements;
  const text = push && block({...push, yardstick: 'holdfast'}, results.targets);

  t.regex(text ?? '', /^ *Holdfast +300 \[200\.\.1,000\]$/m);
  t.regex(text ?? '', /^ *docker-registry 2\.8\.2 +100 \[90\.0\.\.150\] x0\.333$/m);
});

test('RESULTS.md holds the machine, its limits, every figure and the picture', (t) => {
  const text = markdown(results, 'results.svg');

  t.regex(text, /on 2026-11-25, in 10 minutes/);
  t.regex(text, /!\[.*docker-registry 2\.8\.2\]\(results\.svg\)/);
  t.regex(text, /^\| SHA-256 \| 1,670 \(1,600 to 1,700\) MiB\/s \|$/m);
  t.regex(
    text,
    /^\| push \| rate, MiB\/s \| 300 \(200 to 1,000\) x3\.00 \| 100 .* \| - \| 5,000 x50\.0 \|$/m,
  );
  t.regex(text, /^- push: olareg is not there: failed: it was tired$/m);
  t.notRegex(text, /absent/);
  t.notRegex(text, /quick run/);
});

test('the picture is well-formed, safe to embed, and draws who is better to the right', (t) => {
  const svg = chart(results);

  assertWellFormed(svg);
  t.notRegex(svg, /<script|href|url\(|@import/);
  t.regex(svg, /prefers-color-scheme: dark/);
  t.regex(svg, /text-anchor="start">x3\.00, 300 MiB\/s</);
  t.regex(svg, /text-anchor="end">x0\.250, 400 ms</);
  t.regex(svg, /text-anchor="start">x2\.00, 50\.0 ms</);
  t.notRegex(svg, /null server|absent/);
});

test('the picture of results without docker-registry is well-formed, and shows no bars', (t) => {
  const svg = chart({...results, measurements: []});

  assertWellFormed(svg);
  t.notRegex(svg, /x3\.00/);
});

/** Every element that opens closes, in order, and no bare sign stands in the text. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replaceAll(
    /<(?<end>\/?)(?<name>[\w-]+)(?: [\w:-]+="[^"<&]*")*(?<alone>\/?)>/g,
    (...match) => {
      const {end, name, alone} = match.at(-1) as Record<string, string>;
      if (end === '/' && open.pop() !== name) throw new Error(`</${name ?? ''}> closes nothing`);
      if (end === '' && alone === '') open.push(name ?? '');
      return '';
    },
  );
  if (open.length > 0) throw new Error(`${open.join(', ')} stay open`);
  if (/<|&(?!amp;|lt;|gt;)/.test(rest)) throw new Error(`not well-formed: ${rest}`);
}
