/** What an import has done, as people read it. */
import type {PortusReport} from '../auth/administration/portus.ts';
import {table} from './output.ts';

/** Of each finding. */
const mostNames = 20;

export function importReport({from, isDry, tallies, findings}: PortusReport): string {
  const heading = isDry
    ? `what an import of ${from} would do; nothing was changed`
    : `${from} was taken over`;
  const counts = table(
    ['WHAT', isDry ? 'TO BE TAKEN' : 'TAKEN', 'HERE ALREADY', 'LEFT OUT'],
    tallies.map(({what, taken, before, left}) => [
      what,
      String(taken),
      String(before),
      String(left),
    ]),
  );
  return [heading, counts, ...findings.map(paragraph)].join('\n\n');
}

function paragraph({sentence, count, names}: PortusReport['findings'][number]): string {
  const shown = names.slice(0, mostNames);
  const rest = count - shown.length;
  const more = shown.length > 0 && rest > 0 ? [`  and ${rest} more (--json has them)`] : [];
  return [`${count} ${sentence}`, ...shown.map((name) => `  ${name}`), ...more].join('\n');
}
