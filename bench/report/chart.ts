/** The picture: for each measurement a bar for each registry, as good as the yardstick or better or worse. */
import type {Results} from '../results.ts';
import {number, rowsOf, targetsOf, yardstickOf} from './figures.ts';

type Bar = {readonly target: number; readonly goodness: number; readonly text: string};
type Entry = {readonly title: string; readonly bars: readonly Bar[]};

const width = 980;
/** Beside the bars: what is measured, then room for figures on either side. */
const [titles, figures] = [310, 130];
const [barHeight, gap, groupHeight, top] = [11, 9, 30, 74];
/** The first is Holdfast's. All of them can be told from white and from black. */
const colours = ['#2f7de1', '#d9822b', '#8a63d2', '#2a9d74', '#c2528b'];
const style = `
  text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #24292f; }
  .title { font-size: 15px; font-weight: 600; }
  .group { font-weight: 600; }
  .figure { font-size: 10px; }
  .back { fill: #ffffff; }
  .grid { stroke: #d0d7de; stroke-width: 1; }
  .one { stroke: #57606a; stroke-width: 1.5; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .back { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .one { stroke: #9198a1; }
  }`;

/** Draws what the measurements mark for it. Without a yardstick there is nothing to compare with. */
export function chart(results: Results): string {
  const all = targetsOf(results).filter(({isNull}) => !isNull);
  const yardstick = yardstickOf(all);
  const base = yardstick?.title ?? 'nothing';
  const targets = all.filter(({name}) => name !== yardstick?.name);
  const groups = Map.groupBy(results.measurements, ({group}) => group);
  const drawn = [...groups]
    .map(([group, list]) => ({group, entries: entriesOf(list, targets, yardstick?.name)}))
    .filter(({entries}) => entries.length > 0);
  const most = Math.max(
    2,
    ...drawn.flatMap(({entries}) =>
      entries.flatMap(({bars}) => bars.map(({goodness}) => Math.max(goodness, 1 / goodness))),
    ),
  );
  const x = scaleOf(most);
  let y = top;
  const parts: string[] = [];
  for (const {group, entries} of drawn) {
    parts.push(`<text class="group" x="16" y="${y + 18}">${escape(group)}</text>`);
    y += groupHeight;
    for (const {title, bars} of entries) {
      const middle = y + (bars.length * barHeight) / 2 + 4;
      parts.push(`<text x="${titles}" y="${middle}" text-anchor="end">${escape(title)}</text>`);
      for (const bar of bars) {
        parts.push(drawBar(bar, x, y));
        y += barHeight;
      }
      y += gap;
    }
  }
  const height = y + 14;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Registries compared with ${escape(base)}</title>
<style>${style}
</style>
<rect class="back" width="${width}" height="${height}"/>
<text class="title" x="16" y="26">How many times as good as ${escape(base)}: to the right is better</text>
${legend(targets)}
${grid(most, x, height)}
${parts.join('\n')}
</svg>
`;
}

function entriesOf(
  list: Results['measurements'],
  targets: Results['targets'],
  yardstick: string | undefined,
): readonly Entry[] {
  return list.flatMap((measured) =>
    rowsOf(measured, yardstick)
      .filter(({metric}) => metric.chart === true)
      .map(({metric, figures}) => ({
        title: measured.title,
        bars: targets.flatMap(({name}, target) => {
          const figure = figures.get(name);
          if (figure?.ratio === undefined || !(figure.ratio > 0)) return [];
          const goodness = metric.better === 'more' ? figure.ratio : 1 / figure.ratio;
          const text = `x${number(goodness)}, ${number(figure.median)} ${metric.unit}`;
          return [{target, goodness, text}];
        }),
      }))
      .filter(({bars}) => bars.length > 0),
  );
}

/** Logarithmic, with 1 at the same distance from half and from double. */
function scaleOf(most: number): (goodness: number) => number {
  const half = (width - titles - 2 * figures) / 2;
  const middle = titles + figures + half;
  return (goodness) => middle + (Math.log(goodness) / Math.log(most)) * half;
}

function drawBar({target, goodness, text}: Bar, x: (value: number) => number, y: number): string {
  const [from, to] = [Math.min(x(1), x(goodness)), Math.max(x(1), x(goodness))];
  const colour = colours[target % colours.length] ?? '#888888';
  const [labelX, anchor] = goodness >= 1 ? [to + 4, 'start'] : [from - 4, 'end'];
  return (
    `<rect x="${from.toFixed(1)}" y="${y}" width="${Math.max(1, to - from).toFixed(1)}" height="${barHeight - 2}" fill="${colour}"/>` +
    `<text class="figure" x="${labelX.toFixed(1)}" y="${y + barHeight - 3}" text-anchor="${anchor}">${escape(text)}</text>`
  );
}

function legend(targets: Results['targets']): string {
  let at = 16;
  return targets
    .map(({title}, index) => {
      const [x, colour] = [at, colours[index % colours.length] ?? '#888888'];
      at += 34 + title.length * 7;
      return `<rect x="${x}" y="40" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="50">${escape(title)}</text>`;
    })
    .join('');
}

function grid(most: number, x: (value: number) => number, height: number): string {
  const steps = [1, 2, 5, 10, 20, 50, 100, 1000].filter((step) => step <= most);
  return steps
    .flatMap((step) => (step === 1 ? [1] : [1 / step, step]))
    .map((value) => {
      const at = x(value).toFixed(1);
      const label = value >= 1 ? String(value) : `1/${Math.round(1 / value)}`;
      return (
        `<line class="${value === 1 ? 'one' : 'grid'}" x1="${at}" x2="${at}" y1="${top}" y2="${height - 12}"/>` +
        `<text class="figure" x="${at}" y="${top - 4}" text-anchor="middle">${label}</text>`
      );
    })
    .join('\n');
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
