/** The table as it is printed, a block for each measurement. */
import type {Measured, Results} from '../results.ts';
import {number, type Row, rowsOf, yardstickOf} from './figures.ts';

/** Medians, least and most in brackets, and how often as much as the yardstick. */
export function block(measured: Measured, targets: Results['targets']): string {
  const rows = rowsOf(measured, yardstickOf(targets)?.name);
  const present = targets.filter(({name}) => name in measured.samples);
  const head = ['', ...rows.map(({metric}) => `${metric.name} (${metric.unit})`)];
  const lines = present.map(({name, title}) => [title, ...rows.map((row) => cell(row, name))]);
  const reasons = targets
    .filter(({name}) => name in measured.missing)
    .map(({name, title}) => `  ${title}: ${measured.missing[name] ?? ''}\n`);
  return `${measured.title} [${measured.id}]\n${align([head, ...lines])}${reasons.join('')}`;
}

function cell({figures}: Row, name: string): string {
  const figure = figures.get(name);
  if (figure === undefined) return '-';
  const {median, least, most, ratio} = figure;
  const spread = least === most ? '' : ` [${number(least)}..${number(most)}]`;
  return `${number(median)}${spread}${ratio === undefined ? '' : ` x${number(ratio)}`}`;
}

function align(table: readonly (readonly string[])[]): string {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((line) => line[column]?.length ?? 0)),
  );
  return table
    .map((line) => {
      const cells = line.map((text, column) =>
        column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0),
      );
      return `  ${cells.join('  ')}\n`;
    })
    .join('');
}
