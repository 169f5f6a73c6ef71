/** RESULTS.md: every figure, with the machine that they come from. */
import type {Results} from '../results.ts';
import {number, type Row, rowsOf, targetsOf, yardstickOf} from './figures.ts';

const introduction = `
[README.md](README.md) says what each measurement does and how it is kept honest. A figure is the median of all
rounds, with the least and the most in brackets where they differ, and behind it how often as much as that of
the yardstick. The null server is no registry: it keeps nothing, and shows what the clients can do at most.
`;

export function markdown(results: Results, picture: string): string {
  const {machine, limits, startedAt, seconds, quick, measurements} = results;
  const targets = targetsOf(results);
  const base = yardstickOf(targets);
  const warning = quick
    ? '\n**From a quick run: small sizes, one round. Nothing to be relied on.**\n'
    : '';
  const groups = Map.groupBy(measurements, ({group}) => group);
  return [
    `# Results\n\nMade by \`npm run bench -- --write\` on ${startedAt.slice(0, 10)}, in ${Math.round(seconds / 60)} minutes.\n${warning}`,
    `![Each registry compared with ${base?.title ?? 'nothing'}](${picture})\n`,
    introduction.trimStart(),
    `## The machine\n\n${table([['', ''], ...Object.entries(machine)], 2)}`,
    ...(limits.length === 0
      ? []
      : [
          `## Its own limits\n\n${table(
            [
              ['', ''],
              ...limits.map(({title, unit, ...spread}) => [title, `${spreadText(spread)} ${unit}`]),
            ],
            1,
          )}`,
        ]),
    ...[...groups].map(([group, list]) => {
      const asked = targets.filter(({name}) =>
        list.some(({samples, missing}) => name in samples || name in missing),
      );
      const lines = list.flatMap((measured) =>
        rowsOf(measured, base?.name).map((row, index) => [
          index === 0 ? measured.title : '',
          `${row.metric.name}, ${row.metric.unit}`,
          ...asked.map(({name}) => cell(row, name)),
        ]),
      );
      const head = ['', '', ...asked.map(({title}) => title)];
      return `## ${group}\n\n${table([head, ...lines], 2)}${reasons(list, targets)}`;
    }),
  ].join('\n');
}

function cell({figures}: Row, name: string): string {
  const figure = figures.get(name);
  if (figure === undefined) return '-';
  const {ratio} = figure;
  const times = ratio === undefined ? '' : ` x${number(ratio)}`;
  return spreadText(figure) + times;
}

type Spread = {readonly median: number; readonly least: number; readonly most: number};

function spreadText({median, least, most}: Spread): string {
  return least === most
    ? number(median)
    : `${number(median)} (${number(least)} to ${number(most)})`;
}

function reasons(list: Results['measurements'], targets: Results['targets']): string {
  const lines = list.flatMap(({title, missing}) =>
    targets
      .filter(({name}) => name in missing)
      .map((target) => `- ${title}: ${target.title} is not there: ${missing[target.name] ?? ''}\n`),
  );
  return lines.length === 0 ? '' : `\n${lines.join('')}`;
}

/** Figures stand to the right, behind `words` columns of words. */
function table([head = [], ...lines]: readonly (readonly string[])[], words: number): string {
  const rule = head.map((_, column) => (column < words ? '---' : '---:'));
  return [head, rule, ...lines].map((line) => `| ${line.join(' | ')} |\n`).join('');
}
